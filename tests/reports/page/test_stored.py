"""Laws of a page with stored networks: it says what kind of comparison it makes."""

from __future__ import annotations

from audit.measurement import Measurement
from reports.page.stored import beside
from tests.toys import written

ROWS = [Measurement("iou", 0.8, f"{n}") for n in range(12)]
KNOWN = {"name": "set", "networks": 3, "images": 7, "comparison": "paired", "values": []}
VALUES = [{"quantity": "iou", "value": 0.9, "interval": [0.88, 0.92], "elsewhere": None}]


def test_a_paired_comparison_says_on_how_many_images(tmp_path):
    """The images that both saw are counted, and the others said to be left out."""
    with written(tmp_path / "r.sqlite", ROWS) as record:
        found = beside(record, {"stored_reference": KNOWN})
        assert beside(record, {}) is None
    assert "3 stored networks (set) on 7 images" in found.says
    assert not found.rows


def test_an_unpaired_one_is_called_so_and_shows_both_values(tmp_path):
    """No pair is claimed; the model's own value stands beside the stored one."""
    unpaired = KNOWN | {"comparison": "unpaired", "values": VALUES}
    with written(tmp_path / "r.sqlite", ROWS) as record:
        found = beside(record, {"stored_reference": unpaired})
    assert "no paired comparison" in found.says
    assert found.rows == (("IoU", "0.80 [0.80, 0.80]", "0.90 [0.88, 0.92]"),)
