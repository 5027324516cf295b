"""Laws of the pixel size: the files' own is used and said, a declared one wins, doubt is said."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from audit.datasets.open import open_dataset

PIXELS = np.random.default_rng(0).integers(0, 99, (20, 30)).astype(np.uint8)


@pytest.fixture
def folder(tmp_path):
    """Return a folder of images of 0.325 micrometres a pixel."""
    for name in "ab":
        options = {"resolution": (1 / 0.325, 1 / 0.325), "metadata": {"unit": "um"}}
        tifffile.imwrite(tmp_path / f"{name}.tif", PIXELS, imagej=True, **options)
    return tmp_path


def test_what_files_state_is_used_and_said(folder):
    """The size in the files is that of the samples, and the origin says so."""
    found = open_dataset(folder)
    assert {sample.pixel_um for sample in found.samples} == {0.325}
    assert found.origin["pixel_um"] == "as the files state: 0.325 um in 2 of 2 files"


def test_a_declared_size_wins_and_a_disagreement_is_said(folder):
    """What the user says holds, and that the files say otherwise is told."""
    found = open_dataset(folder, pixel_um=0.65)
    assert {sample.pixel_um for sample in found.samples} == {0.65}
    assert "0.65 um as declared, but the files state 0.325 um" in found.origin["pixel_um"]
    agreed = open_dataset(folder, pixel_um=0.325).origin["pixel_um"]
    assert agreed == "0.325 um as declared, and as the files state"


def test_files_that_state_nothing_are_silent(tmp_path):
    """Without a size in any file nothing is used and nothing said."""
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, resolution=(72, 72), resolutionunit="INCH")
    found = open_dataset(tmp_path)
    assert found.samples[0].pixel_um is None
    assert "pixel_um" not in found.origin


def test_a_mask_that_is_not_turned_like_its_image_is_told_so(tmp_path):
    """Where an image is turned by its tag and the mask was drawn without it, the tag is named."""
    for kind, tags in (("images", [(274, 3, 1, 6, True)]), ("masks", [])):
        (tmp_path / kind).mkdir()
        tifffile.imwrite(tmp_path / kind / "a.tif", PIXELS // 60, extratags=tags)
    (refused,) = open_dataset(tmp_path, labels="classes").refused
    assert "turned by its tag (orientation 6)" in refused.reason


def test_images_that_are_turned_are_told(tmp_path):
    """An orientation tag is followed, and that is said."""
    tifffile.imwrite(tmp_path / "a.tif", PIXELS, extratags=[(274, 3, 1, 6, True)])
    found = open_dataset(tmp_path)
    assert found.samples[0].shape == (1, 30, 20)
    assert found.origin["turned"] == "1 of 1 images, as their tag says (EXIF orientation 6)"
