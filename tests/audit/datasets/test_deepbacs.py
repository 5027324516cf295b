"""Laws of DeepBacs sets: the archives' own folders give parts, truth and pixel size."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from audit.datasets.deepbacs import is_deepbacs, read_deepbacs
from audit.datasets.folder import FolderReading
from audit.errors import DataError

LABELS = np.zeros((20, 30), np.uint8)
for number, (top, left) in enumerate(((2, 2), (2, 11), (2, 20), (12, 2), (12, 11), (12, 20)), 1):
    LABELS[top : top + 6, left : left + 6] = number


def write(path, array=LABELS):
    """Write an image, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, array)


def test_e_coli_takes_the_object_masks(tmp_path):
    """Of two truths of the same fields the one with objects is read, at 79 nm a pixel."""
    root = tmp_path / "DeepBacs_Data_Segmentation_E.coli_Brightfield_dataset"
    for part in ("train", "test"):
        write(root / part / "brightfield" / f"{part}1.tif")
        write(root / part / "masks_RoiMap" / f"{part}1.tif")
        write(root / part / "masks_binary" / f"{part}1.tif", (LABELS > 0).astype(np.uint8))
    assert is_deepbacs(root)
    (sample,) = read_deepbacs(root).samples
    assert np.array_equal(sample.instances(), LABELS)
    assert (sample.pixel_um, sample.part, sample.complete) == (0.079, "test", True)
    (other,) = read_deepbacs(root, FolderReading(part="train")).samples
    assert other.id.endswith("train/train1")


def test_s_aureus_patches_are_sparse(tmp_path):
    """The patches of S. aureus leave cells out: their truth counts as sparse, at 80 nm a pixel."""
    root = tmp_path / "DeepBacs_Data_Segmentation_Staph_Aureus_dataset" / "brightfield_dataset"
    write(root / "train" / "patches" / "brightfield" / "a.tif")
    write(root / "train" / "patches" / "masks" / "a.tif")
    (sample,) = read_deepbacs(root, FolderReading(part="train")).samples
    assert (sample.pixel_um, sample.complete) == (0.08, False)


def test_the_mixed_set_knows_its_species_by_prefix(tmp_path):
    """In the mixed set the start of the name gives the pixel size; a given size wins."""
    root = tmp_path / "StarDist_MIXED_dataset"
    for name in ("JE2_1", "pos1", "train_1"):
        write(root / "test" / "source" / f"{name}.tif")
        write(root / "test" / "target" / f"{name}.tif")
    assert [s.pixel_um for s in read_deepbacs(root).samples] == [0.08, 0.079, 0.065]
    given = read_deepbacs(root, FolderReading(pixel_um=0.1)).samples
    assert {sample.pixel_um for sample in given} == {0.1}


def test_a_binary_truth_has_no_objects(tmp_path):
    """Where only binary masks are kept, the objects stay unknown."""
    write(tmp_path / "test" / "fluorescence" / "a.tif")
    write(tmp_path / "test" / "masks_binary" / "a.tif", ((LABELS > 0) * 255).astype(np.uint8))
    (sample,) = read_deepbacs(tmp_path).samples
    assert sample.instances is None
    assert sample.mask().max() == 1


def test_a_missing_part_says_what_was_looked_for(tmp_path):
    """A folder without the part names the folders that were looked for."""
    with pytest.raises(DataError, match="brightfield, fluorescence, source"):
        read_deepbacs(tmp_path)


def test_a_word_in_a_path_tells_nothing(tmp_path):
    """A set of somebody's own that is named after a species has no pixel size and is complete."""
    for name in ("Staphylococcus_60x", "Staph_lab/my_e.coli_phase", "mixed_b.subtilis"):
        root = tmp_path / name
        write(root / "test" / "source" / "train_1.tif")
        write(root / "test" / "target" / "train_1.tif")
        (sample,) = read_deepbacs(root).samples
        assert (sample.pixel_um, sample.complete) == (None, True)


def test_a_folder_of_targets_does_not_say_that_they_are_objects(tmp_path):
    """Binary targets are one foreground without objects, never one object of all cells."""
    write(tmp_path / "test" / "source" / "a.tif")
    write(tmp_path / "test" / "target" / "a.tif", ((LABELS > 0) * 255).astype(np.uint8))
    read = read_deepbacs(tmp_path)
    assert read.samples[0].instances is None
    assert read.origin["masks"]["kind"] == "binary"
