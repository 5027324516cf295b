"""Laws of DeepBacs sets: folders are read, and records hold for fetched archives alone."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from audit.datasets.fetch import REGISTRY
from audit.datasets.open import open_dataset

LABELS = np.zeros((20, 30), np.uint8)
for number, (top, left) in enumerate(((2, 2), (2, 11), (2, 20), (12, 2), (12, 11), (12, 20)), 1):
    LABELS[top : top + 6, left : left + 6] = number


def write(path, array=LABELS):
    """Write an image, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, array)


def fetched(cache, name):
    """Return where an archive of the registry lies unpacked, as if it had been fetched."""
    kept = cache / "archives" / REGISTRY[name].file
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"pinned")
    return cache / "unpacked" / name


def test_e_coli_takes_the_object_masks(tmp_path):
    """Of two truths of the same fields the one with objects is read, at 79 nm a pixel."""
    root = fetched(tmp_path, "deepbacs-e-coli")
    for part in ("train", "test"):
        write(root / part / "brightfield" / f"{part}1.tif")
        write(root / part / "masks_RoiMap" / f"{part}1.tif")
        write(root / part / "masks_binary" / f"{part}1.tif", (LABELS > 0).astype(np.uint8))
    (sample,) = open_dataset(root).samples
    assert np.array_equal(sample.instances(), LABELS)
    assert (sample.pixel_um, sample.part, sample.complete) == (0.079, "test", True)
    (other,) = open_dataset(root, part="train").samples
    assert other.id.endswith("train/train1")


def test_s_aureus_patches_are_sparse(tmp_path):
    """The patches of S. aureus leave cells out: their truth counts as sparse, at 80 nm a pixel."""
    root = fetched(tmp_path, "deepbacs-s-aureus") / "brightfield_dataset"
    write(root / "train" / "patches" / "brightfield" / "a.tif")
    write(root / "train" / "patches" / "masks" / "a.tif")
    (sample,) = open_dataset(root, part="train").samples
    assert (sample.pixel_um, sample.complete) == (0.08, False)


def test_the_mixed_set_knows_its_species_by_prefix(tmp_path):
    """In the mixed set the start of the name gives the pixel size; a given size wins."""
    root = fetched(tmp_path, "deepbacs-mixed")
    for name in ("JE2_1", "pos1", "train_1"):
        write(root / "test" / "source" / f"{name}.tif")
        write(root / "test" / "target" / f"{name}.tif")
    assert [s.pixel_um for s in open_dataset(root).samples] == [0.08, 0.079, 0.065]
    given = open_dataset(root, pixel_um=0.1).samples
    assert {sample.pixel_um for sample in given} == {0.1}


@pytest.mark.parametrize(
    "name", ["Staphylococcus_60x", "staph/ecoli", "DeepBacs_Data_Segmentation_Staph_Aureus_dataset"]
)
def test_a_name_alone_states_nothing(tmp_path, name):
    """A folder named for a bacterium or an archive is anybody's: size unknown, truth complete."""
    write(tmp_path / name / "test" / "source" / "a.tif")
    write(tmp_path / name / "test" / "target" / "a.tif")
    (sample,) = open_dataset(tmp_path / name).samples
    assert (sample.pixel_um, sample.complete) == (None, True)
    assert sample.mask is not None


def test_a_folder_of_targets_does_not_say_that_they_are_objects(tmp_path):
    """Binary targets are one foreground without objects, never one object of all cells."""
    write(tmp_path / "test" / "source" / "a.tif")
    write(tmp_path / "test" / "target" / "a.tif", ((LABELS > 0) * 255).astype(np.uint8))
    read = open_dataset(tmp_path)
    assert read.samples[0].instances is None
    assert read.origin["masks"]["kind"] == "binary"
