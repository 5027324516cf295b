"""Laws of tiling: cores cover the field once, windows are alike and hold their halo."""

from __future__ import annotations

import pytest

from audit.imaging.tile import near_seams, spans


@pytest.mark.parametrize("size", [10, 64, 100])
@pytest.mark.parametrize(
    ("tile", "halo", "phase"), [(16, 0, 0), (16, 5, 0), (16, 5, 7), (200, 3, 0)]
)
def test_cores_cover_the_axis_once(size, tile, halo, phase):
    """Every pixel is decided by one tile, which sees it with its halo, or to the field's end."""
    found = spans(size, tile, halo, phase)
    decided = [place for span in found for place in range(span.core.start, span.core.stop)]
    assert decided == list(range(size))
    assert len({span.window.stop - span.window.start for span in found}) == 1
    for span in found:
        assert span.window.start <= max(0, span.core.start - halo)
        assert span.window.stop >= min(size, span.core.stop + halo)
        assert 0 <= span.window.start < span.window.stop <= size


def test_seams_are_where_cores_meet():
    """Of two by two tiles, a cross is near a seam; of one tile, nothing."""
    near = near_seams(spans(20, 10, 3), spans(30, 15, 3), 2)
    assert near.shape == (20, 30)
    assert near[8:12].all()
    assert near[:, 13:17].all()
    assert int(near.sum()) == 4 * 30 + 4 * 20 - 16
    assert not near_seams(spans(20, 20, 0), spans(30, 40, 0), 2).any()
