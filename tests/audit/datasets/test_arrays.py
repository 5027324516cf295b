"""Arrays as samples: shapes, meanings and groups as of files, and mistakes by name."""

from __future__ import annotations

import numpy as np
import pytest

from audit.datasets.arrays import Arrays, read_arrays
from audit.datasets.folder import FolderReading
from audit.errors import DataError

STREAM = np.random.default_rng(0)
IMAGES = [STREAM.random((20, 16)) for _ in range(9)]
MASKS = [image > 0.5 for image in IMAGES]


def read(how=None, **given):
    """Return the dataset of arrays."""
    return read_arrays(
        Arrays(**{"images": IMAGES, "masks": MASKS} | given), "test", how or FolderReading()
    )


def test_samples_are_what_was_given():
    """Images are float32 (C, Y, X), masks classes; names, groups and pixel size are kept."""
    names, groups = [f"a{n}" for n in range(9)], [f"plate {n // 3}" for n in range(9)]
    found = read(names=names, groups=groups, pixel_um=0.5).samples

    assert [one.id for one in found] == [f"test/{name}" for name in names]
    assert [one.group for one in found] == groups
    assert found[0].shape == found[0].image().shape == (1, 20, 16)
    assert np.array_equal(found[0].image()[0], IMAGES[0].astype(np.float32))
    assert np.array_equal(found[0].mask(), MASKS[0])
    assert {one.pixel_um for one in found} == {0.5}


def test_a_stack_and_channels_are_images_too():
    """A stack (N, Y, X) is N images; channels stand last and come first."""
    assert len(read(images=np.stack(IMAGES)).samples) == 9
    coloured = [np.stack([image] * 3, -1) for image in IMAGES]
    assert read(images=coloured).samples[0].shape == (3, 20, 16)


def test_a_digest_is_of_the_pixels():
    """The same pixels have one digest; another pixel, mask or meaning has another."""
    first = read().samples[0].digest
    spoilt = [image.copy() for image in IMAGES]
    spoilt[0][0, 0] += 1

    assert read().samples[0].digest == first
    assert read(images=spoilt).samples[0].digest != first
    assert read(masks=[~mask for mask in MASKS]).samples[0].digest != first
    assert read(FolderReading(labels="classes")).samples[0].digest != first


def test_what_a_later_hand_writes_changes_nothing():
    """What a reader of an image, or the caller afterwards, does to it is not seen by the next."""
    images = [image.copy() for image in IMAGES]
    sample = read(images=images).samples[0]
    before = sample.image().copy()
    sample.image()[:] = 0
    images[0][:] = 0

    assert np.array_equal(sample.image(), before)


def test_images_that_look_like_their_neighbours_are_one_movie():
    """As for numbered files: frames that drift are one movie, fields are not, and it is said."""
    walk = np.cumsum([STREAM.normal(size=(32, 32)) for _ in range(12)], axis=0)
    fields = STREAM.normal(size=(12, 32, 32))
    for images, groups, said in ((walk, 1, "taken as one movie"), (fields, 12, "independent")):
        found = read(images=images, masks=None)
        assert len({one.group for one in found.samples}) == groups
        assert said in found.origin["groups"]
    apart = read(FolderReading(group="each"), images=walk, masks=None)
    assert len({one.group for one in apart.samples}) == 12


def test_a_group_is_found_in_names():
    """An expression is searched in the names, as in the paths of files."""
    names = [f"plate{n % 2}_{n}" for n in range(9)]

    found = read(FolderReading(group=r"plate\d"), names=names).samples
    assert {one.group for one in found} == {"plate0", "plate1"}
    with pytest.raises(DataError, match="not found in plate0_0"):
        read(FolderReading(group="well"), names=names)


def test_numbers_mean_what_they_mean_in_files():
    """Many numbers are objects, each a cell; `labels` says otherwise."""
    numbered = [np.arange(20 * 16).reshape(20, 16) // 8 for _ in IMAGES]

    sample = read(masks=numbered).samples[0]
    assert sample.instances is not None
    assert set(np.unique(sample.mask())) == {0, 1}
    assert read(FolderReading(labels="classes"), masks=numbered).samples[0].mask().max() == 39


def test_every_and_limit_thin_them():
    """Images are thinned as those of a folder are."""
    assert len(read(FolderReading(every=2)).samples) == 5
    assert len(read(FolderReading(limit=3)).samples) == 3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"images": []}, "images: expected at least one array"),
        ({"masks": MASKS[:2]}, "masks: 2 for 9 images"),
        ({"names": ["a"] * 9}, "two samples share this id"),
        ({"masks": [mask.T for mask in MASKS]}, r"masks\[0\] is \(16, 20\) pixels"),
        ({"images": [image[None] for image in IMAGES]}, r"looks like \(C, Y, X\)"),
        (
            {"images": [np.full_like(image, np.nan) for image in IMAGES]},
            r"images\[0\]: holds NaN or infinite",
        ),
        ({"images": [list("ab")] * 9}, r"images\[0\]: expected numbers"),
        ({"masks": [image * 3 for image in IMAGES]}, r"masks\[0\]: holds fractions"),
    ],
)
def test_mistakes_are_named(given, says):
    """A wrong array is named by its place, with the remedy."""
    with pytest.raises(DataError, match=says):
        read(**given)
