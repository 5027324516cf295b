"""Controls of imbalance.prevalence: a prediction that is habit, and one that is not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.policy.verdict import Verdict
from audit.role import Role
from baselines.naive.team import naive_models
from suites.imbalance.prevalence import Prevalence, cut, explained, grid
from tests.toys import (
    Does,
    audit_of,
    held,
    judged_of,
    mean_of,
    raw_threshold,
    rows_of,
    scenes,
    segmenter,
)

SAMPLES = scenes(10)
FAST = Prevalence(tile_px=16, tiles=3)


def off_centre(number: int):
    """Return a scene whose four objects stand in one half of the field."""
    sample = SAMPLES[number]
    image, mask = sample.image(), sample.mask()
    image[..., 32:], mask[..., 32:] = 100.0, 0
    return held(f"half/{number}", image, mask)


def test_a_mean_mask_is_habit():
    """Positive control: a mean mask predicts the same wherever the objects are."""
    halves = tuple(off_centre(number) for number in range(10))
    mean_mask = naive_models(halves, halves, 2)[Role("naive", "mean-mask")]
    outcome = judged_of(audit_of(mean_mask, halves), [FAST])["constant prior"]
    assert outcome.verdict is Verdict.FAIL
    assert outcome.estimate == pytest.approx(1.0)


def test_a_threshold_has_no_habit():
    """Negative control: what looks at the image moves with it, and loses nothing in lone tiles."""
    halves = tuple(off_centre(number) for number in range(10))
    found = judged_of(audit_of(raw_threshold(), halves), [FAST])
    assert found["constant prior"].verdict is Verdict.PASS
    assert found["constant prior"].estimate < 0.1
    rows = rows_of(FAST, raw_threshold(), halves)
    assert abs(mean_of(rows, "recall_lost", multiple=1.0)) < 0.01


def test_a_share_of_habit_is_that_share():
    """A sum of the image's answer and a fixed map is explained as their variances say."""
    stream = torch.Generator().manual_seed(0)
    shown, habit = torch.rand(64, 64, generator=stream), torch.rand(64, 64, generator=stream)
    expected = float(np.corrcoef((shown + habit).reshape(-1), habit.reshape(-1))[0, 1] ** 2)
    assert explained(shown + habit, habit) == pytest.approx(expected, abs=1e-9)
    assert explained(-habit, habit) == 0
    assert explained(torch.ones(4, 4), habit[:4, :4]) is None


def test_a_rank_based_model_loses_dense_tiles():
    """Positive control: a model that always marks a tenth of what it sees misses crowded tiles."""

    def tenth(images):
        level = images.flatten(1).quantile(0.9, dim=1)[:, None, None, None]
        return (images - level) * 10

    ranked = segmenter(Does(tenth), output="sigmoid-logits", digest="ranked")
    rows = rows_of(Prevalence(tile_px=16, multiple=(1.0, 3.0)), ranked, SAMPLES[:4])
    threshold = rows_of(Prevalence(tile_px=16, multiple=(1.0, 3.0)), raw_threshold(), SAMPLES[:4])
    assert mean_of(rows, "recall", multiple=1.0) < 0.8
    assert mean_of(threshold, "recall", multiple=1.0) > 0.99


def test_the_prevalence_shown_is_the_one_asked_for():
    """Tiles hold the factor times the image's share of foreground, or there are none."""
    rows = rows_of(FAST, raw_threshold(), SAMPLES[:3])
    whole = np.mean([sample.mask().mean() for sample in SAMPLES[:3]])
    for factor in (0.3, 1.0):
        assert mean_of(rows, "prevalence_fraction", multiple=factor) == pytest.approx(
            factor * whole, rel=0.5
        )
    absent = [row for row in rows if row.at.get("multiple") == 10.0]
    assert len(absent) == 12
    assert all(row.undefined.startswith("no tile") for row in absent)


def test_tiles_are_cut_where_they_are_said_to_be():
    """A tile holds the pixels of its place, in planes of any number of dimensions."""
    images = torch.arange(2 * 3 * 8 * 8.0).reshape(2, 3, 8, 8)
    places = grid(images, 4)
    tiles = cut(images[1], places).movedim(0, 1)
    assert tiles.shape == (9, 3, 4, 4)
    rows, columns = places[4]
    assert torch.equal(tiles[4], images[1, :, rows, columns])
