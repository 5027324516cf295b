"""Laws of opening: one text, one dataset; its facts without surprises."""

from __future__ import annotations

import numpy as np
import pytest
import tifffile

from audit.datasets.open import describe, open_dataset
from audit.datasets.sample import Dataset
from audit.errors import DataError, UsageError


def write(path, array):
    """Write an image, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, array)


def test_a_simulated_set_follows_the_part_unless_named():
    """The role chooses the images; a part in the text chooses them whatever the role."""
    train = open_dataset("simulated:2k-10", part="train").samples
    test = open_dataset("simulated:2k-10").samples
    other = open_dataset("simulated:2k-10:train", part="other", every=2, limit=3).samples
    assert not {sample.id for sample in train} & {sample.id for sample in test}
    assert [sample.id for sample in other] == [train[number].id for number in (0, 2, 6)]
    assert {sample.part for sample in other} == {"other"}


def test_layouts_are_recognised(tmp_path):
    """A sequence, two folders and a plain folder are told apart by what they hold."""
    pixels = np.arange(600, dtype=np.uint16).reshape(20, 30)
    write(tmp_path / "DIC-C2DH-HeLa" / "01" / "t000.tif", pixels)
    write(tmp_path / "bacs" / "test" / "source" / "a.tif", pixels)
    write(tmp_path / "bacs" / "test" / "target" / "a.tif", pixels // 50)
    write(tmp_path / "mine" / "a.tif", pixels)
    layouts = {
        name: open_dataset(tmp_path / name).origin["layout"]
        for name in ("DIC-C2DH-HeLa/01", "bacs", "mine")
    }
    assert layouts == {"DIC-C2DH-HeLa/01": "ctc", "bacs": "source + target", "mine": "one folder"}
    with pytest.raises(DataError, match=r"choose a sequence: .*/01"):
        open_dataset(tmp_path / "DIC-C2DH-HeLa")


@pytest.mark.parametrize(
    ("spec", "options", "error"),
    [
        ("nowhere", {}, DataError),
        ("simulated:3k", {}, UsageError),
        ("simulated:2k-10", {"every": 0}, UsageError),
        ("simulated:2k-10", {"limit": 0}, UsageError),
        ("simulated:2k-10", {"pixel_um": float("nan")}, UsageError),
    ],
)
def test_what_cannot_be_opened_is_an_error(spec, options, error):
    """A missing folder, an unknown set and impossible options are refused."""
    with pytest.raises(error):
        open_dataset(spec, **options)


def test_a_description_states_the_facts():
    """Counts, shapes, classes, pixel size and groups are those of the samples."""
    found = describe(open_dataset("simulated:3k-100", limit=4), look_at=2)
    assert (found.samples, found.with_truth, found.sparse, found.groups) == (4, 4, 0, 4)
    assert found.shapes == {"1 x 256 x 256": 4}
    assert (found.pixel_um, found.classes, found.looked_at) == ((0.65,), (0, 1, 2), 2)
    assert found.objects > 10
    assert found.intensity[0] < found.intensity[1]


def test_a_description_survives_bad_pixels_and_nothing_at_all(tmp_path):
    """A sample that cannot be decoded is counted as refused; an empty dataset has no facts."""
    write(tmp_path / "a.tif", np.full((4, 4), np.nan, np.float32))
    found = describe(open_dataset(tmp_path))
    assert (found.samples, found.looked_at, found.intensity, found.objects) == (1, 0, None, None)
    assert "NaN" in found.refused[0]
    assert describe(Dataset(samples=())).samples == 0


def test_ids_are_unique():
    """Two samples of one id cannot stand in one dataset."""
    (sample,) = open_dataset("simulated:2k-10", limit=1).samples
    with pytest.raises(DataError, match="share this id"):
        Dataset(samples=(sample, sample))


def test_real_sequences_are_described(real_data):
    """A real sequence is one group with its known pixel size and complete silver truth."""
    found = describe(open_dataset(real_data / "ctc" / "PhC-C2DH-U373" / "02", every=10))
    assert (found.samples, found.with_truth, found.sparse, found.groups) == (12, 12, 0, 1)
    assert found.pixel_um == (0.65,)
    assert found.objects > 20
