"""Laws of layouts: names of folders say what they hold, and what says nothing is not read whole."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile
from PIL import Image
from scipy.ndimage import gaussian_filter

from audit.datasets.open import open_dataset
from audit.errors import DataError

LABELS = np.kron(np.arange(1, 9).reshape(2, 4), np.pad(np.ones((6, 4)), 1)).astype(np.uint8)
LABELS = np.pad(LABELS, ((2, 2), (3, 3)))
NOISE = np.random.default_rng(0).integers(0, 9, LABELS.shape)
IMAGE = (LABELS * 20 + NOISE).astype(np.uint8)


def write(path, array):
    """Write an image, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, array)


def fill(root, image, mask, names=("a", "b", "c")):
    """Write images and masks under two patterns of names."""
    for name in names:
        write(root / image.format(name), IMAGE)
        write(root / mask.format(name), LABELS)


def truths(dataset):
    """Return the number of samples whose truth is what was drawn."""
    drawn = (sample.mask for sample in dataset.samples if sample.mask)
    return sum(np.array_equal(mask() > 0, LABELS > 0) for mask in drawn)


@pytest.mark.parametrize(
    ("image", "mask"),
    [
        ("img/{}.tif", "mask/{}.tif"),
        ("imgs/{}.tif", "masks/{}_mask.tif"),
        ("raw/{}.tif", "annotations/{}.tif"),
        ("raw_images/{}.tif", "raw_annotations/{}.tif"),
        ("rawimages/{}.tif", "groundtruth/{}.tif"),
        ("tissue images/{}.tif", "label masks/{}.tif"),
        ("JPEGImages/{}.tif", "SegmentationClass/{}.tif"),
        ("img_dir/{}.tif", "ann_dir/{}.tif"),
        ("inputs/img_{}.tif", "ground_truth/gt_{}.tif"),
        ("phase contrast/{}.tif", "manual/{}_manual1.tif"),
        ("{}.tif", "masks/{}.tif"),
        ("whatever/{}.tif", "masks/{}.tif"),
        ("images/frame_000{}.tif", "masks/frame_000{}_mask.tif"),
        ("frame_000{}.tif", "frame_000{}_masks.tif"),
        ("images/w1/d2/{}.tif", "masks/w1/d2/{}.tif"),
        ("test_images/{}.tif", "test_masks/{}.tif"),
        ("test/patches/brightfield/{}.tif", "test/patches/masks/{}.tif"),
        ("movieA/images/{}.tif", "movieA/masks/{}.tif"),
    ],
)
def test_folders_are_known_by_their_names(tmp_path, image, mask):
    """However images and masks are called, each image has its own mask, and no mask is an image."""
    fill(tmp_path, image, mask, names=("0", "1", "2"))
    found = open_dataset(tmp_path)
    assert (len(found.samples), truths(found), found.refused) == (3, 3, ())


@pytest.mark.parametrize("pattern", ["{part}/{kind}", "{kind}/{part}", "{part}_{kind}"])
def test_a_part_is_read_or_missed(tmp_path, pattern):
    """The part asked for is read alone, and no other takes its place in silence."""
    for part in ("train", "valid"):
        where = {kind: pattern.format(part=part, kind=kind) for kind in ("images", "masks")}
        fill(tmp_path, where["images"] + f"/{part}{{}}.tif", where["masks"] + f"/{part}{{}}.tif")
    for part, name in (("train", "train"), ("other", "valid")):
        found = open_dataset(tmp_path, part=part)
        assert truths(found) == 3
        assert all(sample.id.rpartition("/")[2].startswith(name) for sample in found.samples)
    with pytest.raises(DataError, match=r"no test part here, only .*train.*valid"):
        open_dataset(tmp_path)


@pytest.mark.parametrize("pattern", ["test/{}", "test_{}"])
def test_what_lies_beside_a_test_part_is_for_training(tmp_path, pattern):
    """Where one part is named, the images beside it are not that part."""
    where = {kind: pattern.format(kind) for kind in ("images", "masks")}
    fill(tmp_path, "images/{}.tif", "masks/{}.tif")
    fill(tmp_path, where["images"] + "/test{}.tif", where["masks"] + "/test{}.tif")
    test = open_dataset(tmp_path)
    train = open_dataset(tmp_path, part="train")
    assert (truths(test), truths(train)) == (3, 3)
    assert all("/test" in sample.id for sample in test.samples)
    assert not any("/test" in sample.id for sample in train.samples)


def test_what_is_in_no_part_is_in_no_part(tmp_path):
    """Folders beside those of parts, such as the unlabelled, are not read with a part."""
    for part in ("train", "test", "unlabelled"):
        fill(tmp_path, f"images/{part}/{part}{{}}.tif", f"masks/{part}/{part}{{}}.tif")
    found = open_dataset(tmp_path)
    assert (len(found.samples), truths(found)) == (3, 3)


def test_parts_are_found_below_other_folders(tmp_path):
    """Datasets with parts of their own in folders of any name give that part of each."""
    for name in ("a", "b"):
        for part in ("train", "test"):
            where = f"{name}/{part}/{part}{{}}"
            fill(tmp_path, where + ".tif", where + "_masks.tif")
    found = open_dataset(tmp_path)
    assert (len(found.samples), truths(found)) == (6, 6)
    assert not any("train" in sample.id for sample in found.samples)


def test_a_group_is_no_part_for_a_word_in_its_name(tmp_path):
    """Folders of conditions are groups, though one of them speaks of a test."""
    for condition in ("control", "drug_test"):
        fill(tmp_path, condition + "/{}.tif", condition + "/{}_masks.tif")
    found = open_dataset(tmp_path)
    assert truths(found) == 6
    assert len({sample.group for sample in found.samples}) == 2


@pytest.mark.parametrize(
    ("image", "mask"),
    [
        ("imagesTr/{}_0000.tif", "labelsTr/{}.tif"),
        ("Training - Images/{}.tif", "Training - Masks/{}.tif"),
    ],
)
def test_a_training_part_is_no_test_part(tmp_path, image, mask):
    """A dataset that can only be trained on is refused as a test, and read as training."""
    fill(tmp_path, image, mask)
    with pytest.raises(DataError, match="no test part"):
        open_dataset(tmp_path)
    assert truths(open_dataset(tmp_path, part="train")) == 3
    assert truths(open_dataset(tmp_path / image.partition("/")[0])) == 3


def test_a_folder_of_images_finds_the_masks_beside_it(tmp_path):
    """Where the folder of images alone is named, its truth is that of the folder beside it."""
    fill(tmp_path, "images/val/{}.tif", "masks/val/{}.tif")
    assert truths(open_dataset(tmp_path / "images" / "val")) == 3


@pytest.mark.parametrize(
    ("image", "mask", "reason"),
    [
        ("foo/{}.tif", "bar/{}.tif", "look like masks"),
        ("{}.tif", "{}_cells.tif", "look like masks"),
        ("images/{}.tif", "cells/{}.tif", "whose name says nothing"),
        ("{}.tif", "previews/{}.tif", "same names here and below"),
        ("images/{}.tif", "raw/{}.tif", "several folders of images"),
    ],
)
def test_what_is_not_recognised_is_refused_with_what_was_seen(tmp_path, image, mask, reason):
    """Masks under a name that says nothing are not audited as images: the folders are named."""
    fill(tmp_path, image, mask)
    if "several" in reason:
        write(tmp_path / "masks" / "a.tif", LABELS)
    with pytest.raises(DataError, match=reason) as caught:
        open_dataset(tmp_path)
    assert "seen: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_two_folders_of_masks_are_not_chosen_between(tmp_path):
    """Of two truths neither is taken, unless one is named for its objects."""
    fill(tmp_path, "images/{}.tif", "masks/{}.tif")
    fill(tmp_path, "images/{}.tif", "annotations/{}.tif")
    with pytest.raises(DataError, match="several folders of masks"):
        open_dataset(tmp_path)
    other = tmp_path / "other"
    fill(other, "images/{}.tif", "masks_binary/{}.tif")
    fill(other, "images/{}.tif", "masks_instances/{}.tif")
    assert open_dataset(other).origin["layout"] == "images + masks_instances"


def test_masks_alone_are_no_images(tmp_path):
    """A folder of masks that is given for the images is refused."""
    fill(tmp_path, "photos/{}.tif", "annotations/{}.tif")
    with pytest.raises(DataError, match="these look like masks"):
        open_dataset(tmp_path / "annotations")


@pytest.mark.parametrize("held", [None, "a.xml"])
def test_a_folder_of_masks_without_masks_is_refused(tmp_path, held):
    """An empty folder of masks, or one of files that are not read, is not images alone."""
    write(tmp_path / "images" / "a.tif", IMAGE)
    (tmp_path / "masks").mkdir()
    if held:
        (tmp_path / "masks" / held).write_text("<a/>")
    with pytest.raises(DataError, match="no mask that is read"):
        open_dataset(tmp_path)


def test_channels_in_files_of_their_own_are_refused(tmp_path):
    """Two channels of an item are no two items."""
    for channel in range(2):
        fill(tmp_path, f"imagesTs/{{}}_{channel:04d}.tif", "labelsTs/{}.tif")
    with pytest.raises(DataError, match="a further channel of an item"):
        open_dataset(tmp_path)


def test_what_programs_draw_of_images_is_passed_over_and_told(tmp_path):
    """Flows, outlines and outputs of Cellpose beside its masks are neither images nor masks."""
    fill(tmp_path, "{}.tif", "{}_cp_masks.tif")
    for end in ("flows", "cp_output", "outlines"):
        write(tmp_path / f"a_{end}.tif", IMAGE)
    np.save(tmp_path / "a_seg.npy", {"masks": LABELS}, allow_pickle=True)
    found = open_dataset(tmp_path)
    assert (len(found.samples), truths(found)) == (3, 3)
    assert found.origin["passed_over"].startswith("4 files are what programs made of others")


def test_masks_of_cellpose_alone_are_the_truth(tmp_path):
    """Where the masks lie in `_seg.npy` alone, they are read."""
    write(tmp_path / "a.tif", IMAGE)
    np.save(tmp_path / "a_seg.npy", {"masks": LABELS}, allow_pickle=True)
    assert truths(open_dataset(tmp_path)) == 1


def test_images_of_other_kinds_are_told(tmp_path):
    """Files of microscopes are not read, and neither alone nor among others passed in silence."""
    (tmp_path / "a.nd2").write_bytes(b"nd2")
    with pytest.raises(DataError, match=r"it holds \.nd2: export"):
        open_dataset(tmp_path)
    write(tmp_path / "b.tif", IMAGE)
    assert open_dataset(tmp_path).origin["not_read"].startswith("a.nd2")


def test_folders_that_lead_in_circles_end(tmp_path):
    """A link that leads back up is not followed: each image is read once."""
    write(tmp_path / "images" / "a.tif", IMAGE)
    (tmp_path / "images" / "again").symlink_to(tmp_path / "images")
    assert len(open_dataset(tmp_path).samples) == 1


def test_a_picture_in_jpeg_is_no_mask(tmp_path):
    """JPEG leaves most neighbours of a smooth picture equal, which is how masks are known."""
    rng = np.random.default_rng(0)
    grain = gaussian_filter(rng.normal(size=(192, 192)), 24)
    picture = 128 + 40 * grain / abs(grain).max() + rng.normal(size=grain.shape)
    for name in ("a.tif", "b.tif"):
        tifffile.imwrite(tmp_path / name, picture.astype(np.uint8))
    Image.fromarray(picture.astype(np.uint8)).save(tmp_path / "c.jpg", quality=45)

    assert len(open_dataset(tmp_path).samples) == 3
