"""Controls of hallucination.border: false objects are counted where they lie."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from audit.errors import UsageError
from suites.hallucination.border import NO_BAND, Border, distance_to_border
from tests.toys import BRIGHT, DARK, Does, raw_threshold, rows_of, scenes, segmenter

BANDS = Border(distance_px=(0, 12, 40))


def framing():
    """Return a model that also draws two objects at the left border and one in the middle."""

    def draw(images):
        out = images - (DARK + BRIGHT) / 2
        out[..., 0:10, 28:38] = 1
        out[..., 54:64, 28:38] = 1
        out[..., 28:38, 28:38] = 1
        return out

    return segmenter(Does(draw), output="sigmoid-logits", digest="frames")


def counts(rows):
    """Return the number of false objects by band."""
    return {
        row.at["distance_px"]: round(row.value * row.weight, 6)
        for row in rows
        if row.metric == "false_objects_per_mpx" and row.value is not None
    }


def test_false_objects_are_counted_in_their_band():
    """Positive control: two at the border, one further in, and what lies on cells is none."""
    rows = rows_of(BANDS, framing(), scenes(1))
    assert counts(rows) == {0: 2, 12: 1}
    (overall,) = [row for row in rows if row.metric == "false_per_true"]
    assert (overall.value, overall.weight) == (0.75, 4)
    assert {row.undefined for row in rows if row.at == {"distance_px": 40}} == {NO_BAND}


def test_a_good_model_has_none():
    """Negative control: a threshold invents nothing anywhere."""
    assert set(counts(rows_of(BANDS, raw_threshold(), scenes(3))).values()) == {0}


def test_bands_are_areas():
    """Their weights are the megapixels of each band, and add up to the image."""
    rows = rows_of(Border(distance_px=(0, 12)), raw_threshold(), scenes(1))
    weights = [row.weight for row in rows if row.metric == "false_objects_per_mpx"]
    assert weights == pytest.approx([(64**2 - 40**2) / 1e6, 40**2 / 1e6])


def test_the_distance_is_scipys():
    """Pixels from the border: scipy's chessboard distance inside a frame, less one."""
    plane = np.pad(np.ones((11, 16)), 1)
    expected = ndimage.distance_transform_cdt(plane, "chessboard")[1:-1, 1:-1] - 1
    assert np.array_equal(distance_to_border(torch.zeros(11, 16)).numpy(), expected)


@pytest.mark.parametrize("bands", [(), (8, 32), (0, 32, 16), (0, 0)])
def test_bands_begin_at_the_border_and_rise(bands):
    """Any other list of distances is a mistake of the caller."""
    with pytest.raises(UsageError, match="rising"):
        Border(distance_px=bands)
