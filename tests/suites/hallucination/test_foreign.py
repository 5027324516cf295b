"""Controls of hallucination.foreign: only the further datasets are looked at."""

from __future__ import annotations

from dataclasses import replace

from suites.hallucination.foreign import Foreign
from tests.toys import Threshold, raw_threshold, rows_of, scene, scenes, segmenter


def strangers():
    """Return two images of bright stripes that are no cells."""
    return tuple(replace(scene(n, radius=0.0), id=f"other/{n}", part="other") for n in (7, 8))


def test_a_model_that_draws_into_anything_is_seen():
    """Positive control: a level below the background fills foreign images, row by row."""
    model = segmenter(Threshold(80.0, 1.0), output="sigmoid-logits", digest="low")
    rows = rows_of(Foreign(), model, scenes(2) + strangers())
    assert {row.sample for row in rows} == {"other/7", "other/8"}
    assert all(row.value == 1 for row in rows if row.metric == "foreground_fraction")


def test_a_model_that_keeps_to_cells_draws_nothing():
    """Negative control: without a bright disc there is no foreground."""
    rows = rows_of(Foreign(), raw_threshold(), scenes(2) + strangers())
    assert all(row.value == 0 for row in rows if row.metric == "foreground_fraction")
    assert {row.value for row in rows if row.metric == "objects_per_mpx"} == {None}
