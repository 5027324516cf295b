"""Laws of users' folders: images and masks pair by name, and doubt is an error."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from PIL import Image

from audit.datasets import files
from audit.datasets.folder import FolderReading, read_folder
from audit.datasets.table import read_table
from audit.errors import DataError, UsageError
from audit.images.reading import read_labels
from audit.meaning import IGNORE, sentence

LABELS = np.zeros((20, 30), np.uint8)
for number, (top, left) in enumerate(((2, 2), (2, 11), (2, 20), (12, 2), (12, 11), (12, 20)), 1):
    LABELS[top : top + 6, left : left + 6] = number


def write(path, array=LABELS):
    """Write an image, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".png":
        Image.fromarray(array).save(path)
    else:
        tifffile.imwrite(path, array)


def paired(dataset):
    """Return which samples have truth, by the last part of their id."""
    return {s.id.rpartition("/")[2]: s.mask is not None for s in dataset.samples}


@pytest.mark.parametrize(
    ("image", "mask", "part"),
    [
        ("images/{}.tif", "masks/{}.png", "test"),
        ("images/{}.tif", "labels/{}_mask.tif", "test"),
        ("source/{}.tif", "target/{}.tif", "test"),
        ("Training - Images/{}.tif", "Training - Masks/{}.tif", "train"),
        ("Test - Images/{}.tif", "Test - Masks/{}.tif", "test"),
        ("imagesTr/{}_0000.tif", "labelsTr/{}.tif", "train"),
        ("{}.tif", "{}_masks.tif", "test"),
        ("{}_img.tif", "{}_masks.tif", "test"),
        ("{}.ome.tif", "{}_cp_masks.png", "test"),
        ("test/images/{}.tif", "test/masks/{}.tif", "test"),
        ("train/images/{}.tif", "train/masks/{}.tif", "train"),
    ],
)
def test_every_layout_pairs_by_name(tmp_path, image, mask, part):
    """Each known layout gives the same two pairs, whatever its names say."""
    for name in ("b", "a"):
        write(tmp_path / image.format(name), LABELS * 9)
        write(tmp_path / mask.format(name))
    read = read_folder(tmp_path, FolderReading(part=part))
    assert paired(read) == {"a": True, "b": True}
    assert np.array_equal(read.samples[0].instances(), LABELS)
    assert read.samples[0].image().max() == 54
    assert {sample.part for sample in read.samples} == {part}


def test_the_part_chooses_the_folder(tmp_path):
    """Train and test folders side by side give other samples with other ids."""
    for part, name in (("Training", "a"), ("Test", "a")):
        write(tmp_path / f"{part} - Images" / f"{name}.tif")
        write(tmp_path / f"{part} - Masks" / f"{name}.tif")
    train = read_folder(tmp_path, FolderReading(part="train")).samples
    test = read_folder(tmp_path, FolderReading(part="test")).samples
    assert len(train) == len(test) == 1
    assert train[0].id != test[0].id


def test_a_file_an_object_merges_into_one_truth(tmp_path):
    """Many mask files of one image become one image of object numbers."""
    for number in range(1, 7):
        one = ((number == LABELS) * 255).astype(np.uint8)
        write(tmp_path / "stage1_train" / "x" / "masks" / f"m{number}.png", one)
    write(tmp_path / "stage1_train" / "x" / "images" / "x.png")
    (sample,) = read_folder(tmp_path).samples
    assert np.array_equal(sample.instances(), LABELS)


def test_files_without_partner_are_an_error_that_names_them(tmp_path):
    """Nineteen images and eighteen masks are not paired by order: five names and both counts."""
    for number in range(7):
        write(tmp_path / "images" / f"a{number}.tif")
        write(tmp_path / "masks" / f"a{number + 6}.tif")
    with pytest.raises(
        DataError, match=r"6 images without mask \(a0, a1, a2, a3, a4\) and 6 masks"
    ):
        read_folder(tmp_path)
    read = read_folder(tmp_path, FolderReading(allow_unpaired=True))
    assert sum(paired(read).values()) == 1
    assert len(read.samples) == 7
    assert len(read.refused) == 6


def test_images_alone_are_a_dataset_without_truth(tmp_path):
    """A folder of images has no truth, and each image is its own group."""
    write(tmp_path / "a.tif")
    write(tmp_path / "b.PNG".lower())
    read = read_folder(tmp_path)
    assert paired(read) == {"a": False, "b": False}
    assert len({sample.group for sample in read.samples}) == 2


def test_groups_are_subfolders_or_named_by_an_expression(tmp_path):
    """A subfolder is a group; without one, the expression's bracket is."""
    for plate in ("p1", "p2"):
        write(tmp_path / "images" / plate / "a.tif")
        write(tmp_path / "images" / plate / "b.tif")
    assert len({sample.group for sample in read_folder(tmp_path).samples}) == 2
    flat = tmp_path / "flat"
    for name in ("d1_1", "d1_2", "d2_1"):
        write(flat / f"{name}.tif")
    read = read_folder(flat, FolderReading(group=r"^(d\d)_"))
    assert [sample.group for sample in read.samples] == ["d1", "d1", "d2"]
    with pytest.raises(UsageError, match="--group"):
        read_folder(flat, FolderReading(group="("))


def test_two_values_are_classes_whose_objects_are_unknown(tmp_path):
    """A mask of {0, 255} gives class 1 and no object numbers, for touching cells would merge."""
    write(tmp_path / "images" / "a.tif")
    write(tmp_path / "masks" / "a.png", ((LABELS > 0) * 255).astype(np.uint8))
    (sample,) = read_folder(tmp_path).samples
    assert sample.instances is None
    assert set(np.unique(sample.mask())) == {0, 1}


def test_numbers_of_many_pieces_are_classes_and_doubt_is_an_error(tmp_path):
    """Numbers with many pieces each are classes; two pieces could be either, so it is asked."""
    many = np.kron(np.arange(24).reshape(4, 6) % 3, np.pad(np.ones((4, 4)), 1)).astype(np.uint8)
    write(tmp_path / "images" / "a.tif", many)
    write(tmp_path / "masks" / "a.tif", many)
    (sample,) = read_folder(tmp_path).samples
    assert sample.instances is None
    assert set(np.unique(sample.mask())) == {0, 1, 2}
    few = np.where(LABELS > 3, 2, np.minimum(LABELS, 1)) * (LABELS < 6)
    few = (few * (LABELS != 3)).astype(np.uint8)
    write(tmp_path / "masks" / "a.tif", few)
    write(tmp_path / "images" / "a.tif", few)
    with pytest.raises(DataError, match="--labels instances where each is an object, or --labels"):
        read_folder(tmp_path)
    (sample,) = read_folder(tmp_path, FolderReading(labels="classes")).samples
    assert sample.mask().max() == 2
    (sample,) = read_folder(tmp_path, FolderReading(labels="instances")).samples
    assert sample.mask().max() == 1


def test_one_bad_image_is_refused_and_the_rest_stands(tmp_path):
    """An image that cannot be read, or whose mask has another size, ends nothing."""
    for name in "abc":
        write(tmp_path / "images" / f"{name}.tif")
        write(tmp_path / "masks" / f"{name}.tif")
    (tmp_path / "images" / "a.tif").write_bytes(b"<html>")
    write(tmp_path / "masks" / "b.tif", LABELS.T.copy())
    read = read_folder(tmp_path)
    assert paired(read) == {"c": True}
    assert "HTML" in read.refused[0].reason
    assert "transposed" in read.refused[1].reason


def test_two_files_of_one_item_are_an_error(tmp_path):
    """Two images with one bare name cannot be told apart, so neither is guessed."""
    write(tmp_path / "images" / "a.tif")
    write(tmp_path / "images" / "a.png")
    write(tmp_path / "masks" / "a.tif")
    with pytest.raises(DataError, match="the same item"):
        read_folder(tmp_path)


def test_an_empty_folder_says_what_was_looked_for(tmp_path):
    """No image at all is an error that lists the layouts."""
    with pytest.raises(DataError, match="looked for"):
        read_folder(tmp_path)


def test_real_folders_are_read(real_data):
    """Real nuclei and bacteria pair completely and are told to be instances."""
    nuclei = read_folder(real_data / "nuclei" / "dsb2018_subset")
    assert (len(nuclei.samples), nuclei.refused) == (26, ())
    assert all(sample.instances for sample in nuclei.samples)
    (bacteria,) = read_folder(real_data / "bacteria" / "ecoli_dapi").samples
    assert np.unique(bacteria.instances()).size == 937


def test_what_nobody_judged_is_ignored_and_the_rest_is_as_before(tmp_path):
    """A declared 255 is no class, no object and no foreground; the digest knows of it."""
    band = np.where(np.arange(30)[None] < 4, 255, LABELS).astype(np.uint8)
    write(tmp_path / "images" / "a.tif")
    write(tmp_path / "masks" / "a.tif", band)
    with pytest.raises(DataError, match="--map-labels 255=ignore"):
        read_folder(tmp_path)
    (sample,) = read_folder(tmp_path, FolderReading(map_labels=((255, "ignore"),))).samples
    mask = sample.mask()
    assert (mask[:, :4] == IGNORE).all()
    assert np.array_equal(mask[:, 4:], LABELS[:, 4:] > 0)
    assert np.array_equal(sample.instances(), np.where(band == 255, 0, band))
    (other,) = read_folder(tmp_path, FolderReading(map_labels=((255, "background"),))).samples
    assert other.digest != sample.digest


def test_where_no_truth_is_judged_a_doubt_leaves_the_masks_out(tmp_path):
    """A search for leaks needs no mask: a set whose masks are in doubt is read without them."""
    write(tmp_path / "images" / "a.tif")
    write(tmp_path / "masks" / "a.tif", np.where(LABELS > 2, 0, LABELS).astype(np.uint8))
    with pytest.raises(DataError, match="--labels"):
        read_folder(tmp_path)
    read = read_folder(tmp_path, FolderReading(judged=False))
    assert read.samples[0].mask is None
    assert read.origin["masks"]["kind"] == "unknown"


def test_a_file_an_object_holds_one_object(tmp_path):
    """A file that stands for one object, and holds several numbers, is refused when it is read."""
    place = tmp_path / "stage1_train" / "x"
    write(place / "masks" / "m1.png", LABELS)
    write(place / "masks" / "m2.png", ((LABELS == 2) * 255).astype(np.uint8))
    write(place / "images" / "x.png")
    (sample,) = read_folder(tmp_path).samples
    with pytest.raises(DataError, match="several numbers"):
        sample.mask()


@pytest.fixture
def read(monkeypatch):
    """Return the names of the masks that were read so far."""
    names = []

    def noted(path, **how):
        names.append(path.name)
        return read_labels(path, **how)

    monkeypatch.setattr(files, "read_labels", noted)
    return names


def a_set(folder, count):
    """Write images with masks, whose names are no frames of a movie."""
    for number in range(count):
        write(folder / "images" / f"{chr(97 + number)}.tif", LABELS + np.uint8(number))
        write(folder / "masks" / f"{chr(97 + number)}.tif")
    return folder


@pytest.mark.parametrize("thin", [{"limit": 2}, {"every": 4}])
def test_only_masks_that_are_used_are_read_and_that_is_said(tmp_path, read, thin):
    """Where images are left out, their masks decide nothing: none is read, and a line says so."""
    found = read_folder(a_set(tmp_path, 8), FolderReading(**thin))
    assert sorted(read) == [f"{sample.id[-1]}.tif" for sample in found.samples]
    assert "told from the 2 of 8 masks that are used" in sentence(found.origin["masks"])


def test_every_mask_is_read_once_to_decide_and_nothing_is_said(tmp_path, read):
    """Where all are used, each is read once, and no mask is told to be left out."""
    found = read_folder(a_set(tmp_path, 4))
    assert sorted(read) == ["a.tif", "b.tif", "c.tif", "d.tif"]
    assert "told from" not in sentence(found.origin["masks"])


def test_a_limit_does_not_hide_that_masks_are_a_file_an_object(tmp_path):
    """How files lie is told from all of them, though the one that is used has a single object."""
    for name, objects in (("a", 1), ("b", 3)):
        write(tmp_path / name / "images" / f"{name}.png")
        for number in range(1, objects + 1):
            one = ((number == LABELS) * 255).astype(np.uint8)
            write(tmp_path / name / "masks" / f"m{number}.png", one)
    (sample,) = read_folder(tmp_path, FolderReading(limit=1)).samples
    assert sample.id.endswith("a")
    assert sample.instances is not None


def test_a_table_reads_only_masks_that_are_used(tmp_path, read):
    """So does a table of images."""
    a_set(tmp_path, 4)
    lines = [f"images/{name}.tif,masks/{name}.tif" for name in "abcd"]
    (tmp_path / "t.csv").write_text("\n".join(["path,mask", *lines]))
    found = read_table(tmp_path / "t.csv", FolderReading(limit=1))
    assert read == ["a.tif"]
    assert "1 of 4 masks" in sentence(found.origin["masks"])
