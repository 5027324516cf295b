"""Laws of movies in one file: an item a frame, joined with its own mask."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from audit.datasets.open import open_dataset
from audit.errors import DataError, UsageError

FRAMES = 4
CELLS = np.kron(np.arange(1, 9).reshape(2, 4), np.pad(np.ones((6, 4)), 1)).astype(np.uint8)
MASKS = np.stack([np.pad(CELLS, ((2, 2), (n, 6 - n))) for n in range(FRAMES)])
MOVIE = MASKS * 20 + np.random.default_rng(0).integers(0, 9, MASKS.shape).astype(np.uint8)


def write(path, array, **options):
    """Write a stack, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, array, **options)


def named(axes):
    """Return the options of a stack whose axes ImageJ names."""
    return {"imagej": True, "metadata": {"axes": axes}}


def check(dataset, image=MOVIE):
    """Assert that every frame is joined with its own mask, the frames of a file one movie."""
    assert [sample.frame for sample in dataset.samples] == [*range(FRAMES)]
    assert len({sample.group for sample in dataset.samples}) == 1
    for sample in dataset.samples:
        assert np.array_equal(sample.image()[0], image[sample.frame])
        assert np.array_equal(sample.instances(), MASKS[sample.frame])


def test_a_named_stack_is_a_movie(tmp_path):
    """A stack whose time axis is named gives its frames, each with its mask."""
    write(tmp_path / "images" / "a.tif", MOVIE, **named("TYX"))
    write(tmp_path / "masks" / "a.tif", MASKS, **named("TYX"))
    check(open_dataset(tmp_path))


@pytest.mark.parametrize("options", [{"photometric": "minisblack"}, named("ZYX")])
def test_a_stack_is_a_movie_where_the_user_says_so(tmp_path, options):
    """Planes without a name, or wrongly named, are asked for and then read as they are said."""
    write(tmp_path / "images" / "a.tif", MOVIE, **options)
    assert "--axes" in open_dataset(tmp_path).refused[0].reason
    write(tmp_path / "masks" / "a.tif", MASKS, photometric="minisblack", compression="zlib")
    check(open_dataset(tmp_path, axes="TYX"))


def test_a_channel_of_a_movie_is_chosen(tmp_path):
    """Of frames of two channels the second is read where it is asked for."""
    both = np.stack([MOVIE, 255 - MOVIE], 1)
    write(tmp_path / "images" / "a.tif", both, **named("TCYX"))
    write(tmp_path / "masks" / "a.tif", MASKS, **named("TYX"))
    assert open_dataset(tmp_path).samples[0].shape == (2, 20, 30)
    check(open_dataset(tmp_path, channel=(1,)), 255 - MOVIE)
    refused = open_dataset(tmp_path, channel=(2,)).refused
    assert "--channel 2" in refused[0].reason


def test_frames_without_masks_of_their_own_are_refused(tmp_path):
    """A stack of masks of another length is no truth of the movie."""
    write(tmp_path / "images" / "a.tif", MOVIE, **named("TYX"))
    write(tmp_path / "masks" / "a.tif", MASKS[1:], **named("TYX"))
    with pytest.raises(DataError, match=r"4 frames but .* has 3"):
        open_dataset(tmp_path)


def test_two_movies_are_two_groups_and_digests_differ(tmp_path):
    """Each file is a movie of its own; each frame is told from the others by its digest."""
    for name in "ab":
        write(tmp_path / "images" / f"{name}.tif", MOVIE, **named("TYX"))
        write(tmp_path / "masks" / f"{name}.tif", MASKS, **named("TYX"))
    samples = open_dataset(tmp_path).samples
    assert len({sample.group for sample in samples}) == 2
    assert len({sample.digest for sample in samples}) == FRAMES
    assert len({sample.id for sample in samples}) == 2 * FRAMES


def test_a_folder_a_movie_is_a_group(tmp_path):
    """Folders of images and masks in folders of movies: the folder is the group."""
    for movie in ("control", "drug"):
        for frame in range(FRAMES):
            write(tmp_path / movie / "images" / f"{frame}.tif", MOVIE[frame])
            write(tmp_path / movie / "masks" / f"{frame}.tif", MASKS[frame])
    samples = open_dataset(tmp_path).samples
    assert len(samples) == 2 * FRAMES
    assert {sample.group.rpartition("/")[2] for sample in samples} == {"control", "drug"}
    for sample in samples:
        assert np.array_equal(sample.instances(), MASKS[int(sample.id[-1])])


def test_simulated_images_have_their_own_axes():
    """What is not asked of a dataset is refused, not passed over."""
    with pytest.raises(UsageError, match="--axes and --channel"):
        open_dataset("simulated:2k-10", axes="TYX")
