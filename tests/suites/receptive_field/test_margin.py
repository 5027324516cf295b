"""Controls of receptive_field.margin: tiles that show all that the model sees are the whole."""

from __future__ import annotations

import pytest

from suites.pipeline.tiles import Tiles
from suites.receptive_field.margin import FITS, WHOLE, WIDE, Margin
from tests.suites.receptive_field.chain import after_reach
from tests.toys import Contrast, mean_of, rows_of, scenes, segmenter, tiny

AT = {"tile_px": 32, "declared": False}


def box(halo: int = 0):
    """Return a model that sees 6 px far, and declares a halo."""
    return segmenter(Contrast(13, 8.0), output="sigmoid-logits", digest=f"box {halo}", halo=halo)


def test_the_reach_as_halo_makes_tiles_the_whole():
    """Positive control: what a halo of 0 px loses at seams comes back, to the pixel."""
    samples = scenes(2, size=96)
    bare = rows_of(Tiles(tile_px=(32,)), box(), samples)
    assert mean_of(bare, "agreement", tile_px=32, declared=True) < 1
    assert mean_of(after_reach(Margin(tile_px=(32,)), box(), samples), "agreement", **AT) == 1


def test_a_halo_does_not_cure_normalisation_by_the_tile():
    """Negative control: a model that normalises each tile for itself gains no whole by a margin."""
    rows = after_reach(Margin(tile_px=(32,)), tiny(), scenes(2, size=96))
    assert mean_of(rows, "agreement", **AT) < 1


@pytest.mark.parametrize(("halo", "size", "why"), [(6, 96, WIDE), (0, 64, FITS), (0, 68, WHOLE)])
def test_where_there_is_nothing_to_try_the_reason_is_told(halo, size, why):
    """A halo that is declared as wide already, or an image of one tile, is undefined."""
    tile = 32 if size == 96 else 64
    rows = after_reach(Margin(tile_px=(tile,)), box(halo), scenes(2, size=size))
    assert {row.undefined for row in rows} == {why}
