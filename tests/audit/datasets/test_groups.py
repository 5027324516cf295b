"""Laws of groups: what the user says comes first, then subfolders, then numbered frames."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from audit.datasets.folder import FolderReading, read_folder
from audit.datasets.groups import told_apart
from audit.datasets.open import describe, open_dataset
from audit.errors import DataError, UsageError

DRIFT = np.random.default_rng(5).normal(size=(64, 200)).cumsum(axis=1).astype(np.float32)


def film(folder, names, *, step=2, shape=(64, 64)):
    """Write images of a field that moves on by a few pixels from each name to the next."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, name in enumerate(names):
        view = DRIFT[: shape[0], place * step : place * step + shape[1]]
        tifffile.imwrite(folder / f"{name}.tif", view)
    return folder


def fields(folder, names):
    """Write images that have nothing in common but the light that falls on them."""
    folder.mkdir(parents=True, exist_ok=True)
    light = np.add.outer(np.hanning(64), np.hanning(64)) * 3
    for seed, name in enumerate(names):
        image = np.random.default_rng(seed).normal(size=(8, 8)).repeat(8, 0).repeat(8, 1)
        tifffile.imwrite(folder / f"{name}.tif", (image + light).astype(np.float32))
    return folder


def groups(dataset):
    """Return the groups of a dataset's samples."""
    return [sample.group for sample in dataset.samples]


def said(dataset):
    """Return what is said of a dataset's groups."""
    return dataset.origin.get("groups", "")


@pytest.mark.parametrize(
    "name", ["cell_t{:03d}", "t{:03d}", "frame-{}", "xy01t{:04d}_c1", "a time {:02d}", "T={}"]
)
def test_frames_with_a_word_of_time_are_one_movie(tmp_path, name):
    """A word of time is enough, whatever the pixels: one group, the number the frame, and said."""
    numbers = [7, 8, 9, 10, 12]
    found = read_folder(fields(tmp_path, [name.format(number) for number in numbers]))
    assert len(set(groups(found))) == 1
    assert [sample.frame for sample in found.samples] == numbers
    assert "5 images are numbered like frames of one movie" in said(found)
    assert "--group each" in said(found)


@pytest.mark.parametrize("name", ["img_{}", "{:04d}", "cell {:02d} dapi"])
def test_a_number_alone_is_a_movie_where_neighbours_look_alike(tmp_path, name):
    """Numbered images of one moving field are one movie; of unlike fields each stands alone."""
    names = [name.format(number) for number in range(1, 13)]
    movie = read_folder(film(tmp_path / "movie", names))
    alone = read_folder(fields(tmp_path / "alone", names))
    assert len(set(groups(movie))) == 1
    assert "neighbours look alike" in said(movie)
    assert [sample.frame for sample in movie.samples] == list(range(1, 13))
    assert len(set(groups(alone))) == 12
    assert "each is taken as independent" in said(alone)


def test_in_doubt_numbered_images_are_a_movie(tmp_path):
    """Of four images the pixels cannot tell: they are one movie, and the remedy is said."""
    folder = fields(tmp_path, [f"img_{number}" for number in range(4)])
    found = read_folder(folder)
    assert len(set(groups(found))) == 1
    assert "too few to tell" in said(found)
    assert len(set(groups(read_folder(folder, FolderReading(group="each"))))) == 4


def test_images_of_several_sizes_are_no_movie(tmp_path):
    """Frames of a movie have one size."""
    for size in (48, 64):
        film(tmp_path, [f"img_{size + place}" for place in range(5)], shape=(size, size))
    assert "differ in size" in said(read_folder(tmp_path))


@pytest.mark.parametrize("names", [("a", "b", "c"), ("a1", "b2", "c3"), ("x17", "x204", "x3811")])
def test_names_that_do_not_count_are_left_alone(tmp_path, names):
    """Without numbers, with other names or with three ids, nothing is recognised or said."""
    found = read_folder(film(tmp_path, names))
    assert len(set(groups(found))) == 3
    assert "groups" not in found.origin


def test_several_stems_are_several_movies(tmp_path):
    """Each stem is a movie of its own; an image beside them stands alone."""
    names = [f"{stem}_t{number}" for stem in "ab" for number in range(9, 12)]
    found = read_folder(film(tmp_path, [*names, "overview"]))
    assert groups(found) == ["a"] * 3 + ["b"] * 3 + [f"{tmp_path.name}/overview"]
    assert [sample.frame for sample in found.samples[:6]] == [9, 10, 11] * 2
    assert "2 movies (a_t9 … a_t11; b_t9 … b_t11)" in said(found)


def test_a_limit_is_spread_over_movies_and_over_each(tmp_path):
    """Two movies of unlike length give equal shares, each evenly over its length."""
    names = [f"a_t{number:03d}" for number in range(20)] + [f"b_t{number}" for number in range(4)]
    found = read_folder(film(tmp_path, names), FolderReading(limit=6))
    assert groups(found) == ["a"] * 3 + ["b"] * 3
    assert [sample.frame for sample in found.samples] == [0, 6, 13, 0, 1, 2]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"donor\d", {"donor1", "donor2"}),
        (r"(donor\d)_(\d)", {"donor1", "donor2"}),
        (r"donor(\d)_(?P<group>\d)", {"1", "2"}),
        (r"plate(\d)/", {"7"}),
    ],
)
def test_an_expression_finds_the_group_in_the_path(tmp_path, expression, expected):
    """The bracket named group, else the first, else the whole match, subfolders included."""
    names = [f"donor{donor}_{number}" for donor in (1, 2) for number in (1, 2)]
    film(tmp_path / "plate7", names)
    assert set(groups(read_folder(tmp_path, FolderReading(group=expression)))) == expected


def test_an_expression_that_misses_images_is_one_error(tmp_path):
    """The message counts them, names three, and says what to do."""
    film(tmp_path, ["donor1", "a", "b", "c", "d"])
    with pytest.raises(DataError, match=r"4 of 5 images \(a\.tif, b\.tif, c\.tif, …\); widen"):
        read_folder(tmp_path, FolderReading(group=r"donor(\d)"))
    with pytest.raises(DataError, match="5 of 5 images"):
        read_folder(tmp_path, FolderReading(group=r"(donor9)?"))


def test_an_expression_that_does_not_compile_is_a_wrong_call():
    """Even where no file would be asked."""
    with pytest.raises(UsageError, match=r"--group '\(': .*; mend the expression"):
        open_dataset("simulated:2k-10", group="(")


def test_sets_with_groups_of_their_own_keep_them(tmp_path):
    """A challenge sequence stays one movie, a simulated image independent; that is said."""
    film(tmp_path / "DIC" / "01", ["t000", "t001", "t002"])
    movie = open_dataset(tmp_path / "DIC" / "01", group="each")
    cells = open_dataset("simulated:2k-10", group=r"\d")
    assert (len(set(groups(movie))), len(set(groups(cells)))) == (1, 10)
    assert "a challenge sequence is one movie" in said(movie)
    assert "simulated images are independent" in said(cells)
    assert "groups" not in open_dataset(tmp_path / "DIC" / "01").origin


def test_a_table_says_the_group_or_its_paths_do(tmp_path):
    """A column of groups is taken as it is; without it frames are recognised; --group is above."""
    film(tmp_path / "in", [f"c_t{number}" for number in range(3)])
    table = tmp_path / "t.csv"
    table.write_text("path,group\n" + "".join(f"in/c_t{n}.tif,d{n % 2}\n" for n in range(3)))
    assert groups(open_dataset(table)) == ["d0", "d0", "d1"]
    assert groups(open_dataset(table, group="in")) == ["in"] * 3
    table.write_text("path\n" + "".join(f"in/c_t{n}.tif\n" for n in range(3)))
    found = open_dataset(table)
    assert groups(found) == ["c"] * 3
    assert describe(found).grouping == said(found) != ""


def test_movies_of_one_name_are_two_where_their_numbers_meet(tmp_path):
    """A movie split in time is one in both parts; two that begin at 0 are told apart."""
    first = open_dataset(film(tmp_path / "a", [f"c_t{n}" for n in range(4)]))
    later = film(tmp_path / "b", [f"c_t{n}" for n in range(4, 8)])
    again = film(tmp_path / "d", [f"c_t{n}" for n in range(4)])
    split = told_apart([first, open_dataset(later, part="train")])
    twins = told_apart([first, open_dataset(again, part="train")])
    assert [set(groups(one)) for one in split] == [{"c"}, {"c"}]
    assert [set(groups(one)) for one in twins] == [{"c"}, {"train:d/c"}]


@pytest.mark.parametrize("step", [1, 4])
@pytest.mark.parametrize("name", ["PhC-C2DH-U373/02", "DIC-C2DH-HeLa/01"])
def test_real_movies_are_recognised_under_names_of_no_time(real_data, tmp_path, name, step):
    """Frames of a real movie that are numbered from 0 are one movie, every fourth as well."""
    frames = sorted((real_data / "ctc" / name).glob("*.tif"))[::step]
    for number, frame in enumerate(frames):
        (tmp_path / f"img_{number}.tif").symlink_to(frame)
    found = read_folder(tmp_path)
    assert set(groups(found)) == {"img"}
    assert [sample.frame for sample in found.samples] == list(range(len(frames)))


def test_real_fields_stay_independent_under_numbers(real_data, tmp_path):
    """Nuclei of one size from many laboratories, numbered, are not a movie."""
    found = open_dataset(real_data / "nuclei" / "dsb2018_subset").samples
    chosen = [sample for sample in found if sample.shape == (3, 256, 256)]
    for number, sample in enumerate(chosen):
        tifffile.imwrite(tmp_path / f"img_{number}.tif", sample.image()[0])
    assert len(set(groups(read_folder(tmp_path)))) == len(chosen) > 10
