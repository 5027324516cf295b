"""Controls of pipeline.tiles: a halo as wide as the model sees makes tiles the whole."""

from __future__ import annotations

import pytest

from audit.errors import UsageError
from suites.pipeline.tiles import Tiles
from tests.suites.pipeline.verdict import verdicts
from tests.toys import Contrast, Does, mean_of, raw_threshold, rows_of, scenes, segmenter, tiny

CUT = Tiles(tile_px=(32,), halo_px=(0, 6), reach_px=7)


def box(halo: int = 0):
    """Return a model that sees 6 px far, and declares a halo."""
    return segmenter(Contrast(13, 8.0), output="sigmoid-logits", digest=f"box {halo}", halo=halo)


def test_a_halo_as_wide_as_the_reach_leaves_no_seam():
    """Negative control: with 6 px shown around each tile, tiles are the whole, to the pixel."""
    rows = rows_of(CUT, box(halo=6), scenes(2, size=96))
    for at in ({"halo_px": 6}, {"declared": True}, {"phase_fraction": 0.5}):
        assert mean_of(rows, "agreement", tile_px=32, **at) == 1
        assert mean_of(rows, "changed_at_seams", tile_px=32, **at) == 0


def test_without_a_halo_there_are_seams_and_only_seams():
    """Positive control: what sees 6 px far changes within 6 px of a seam, and nowhere else."""
    rows = rows_of(CUT, box(), scenes(2, size=96))
    for at in ({"halo_px": 0}, {"declared": True}, {"phase_fraction": 0.5}):
        assert mean_of(rows, "agreement", tile_px=32, **at) < 1
        assert mean_of(rows, "changed_at_seams", tile_px=32, **at) > 0.005
        assert mean_of(rows, "changed_elsewhere", tile_px=32, **at) == 0


def test_normalisation_by_the_tile_changes_all_of_it():
    """A model that stretches each tile by itself changes as much away from seams."""
    rows = rows_of(CUT, tiny(), scenes(2, size=96))
    at = {"tile_px": 32, "halo_px": 6}
    assert mean_of(rows, "changed_elsewhere", **at) > 0


def test_an_image_that_fits_into_a_tile_is_not_asked():
    """Every condition is told, undefined with the reason, where there is nothing to cut."""
    rows = rows_of(Tiles(tile_px=(64,)), raw_threshold())
    assert len(rows) == 3 * 4 * 3
    assert {row.undefined for row in rows} == {"the image fits into one tile"}


def test_the_default_policy_warns_of_seams():
    """Tiles that come out otherwise are worth a warning, never more."""
    far = Does(lambda images: images - images.roll(150, -1) - 40.0)
    model = segmenter(far, output="sigmoid-logits", digest="far")
    samples = scenes(8, size=288, radius=30.0)
    assert verdicts(Tiles(halo_px=()), model, "tiles", samples=samples) == {"tiles": "WARN"}
    assert verdicts(Tiles(), raw_threshold(), "tiles", samples=samples) == {"tiles": "PASS"}


def test_settings_that_mean_nothing_are_refused():
    """Halos below 0 and phases beyond a tile are wrong calls."""
    for wrong in ({"halo_px": (-1,)}, {"phase_fraction": (1.0,)}, {"tile_px": (0,)}):
        with pytest.raises(UsageError, match=r"pipeline\.tiles"):
            Tiles(**wrong)
