"""The score without leaked images, and the interval of the difference."""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean, stdev

import numpy as np
import pytest

from suites.leakage import Exact, Inflation, Near, Neighbours, Split
from suites.leakage.inflation import contributions
from suites.pipeline.score import Score
from tests.suites.leakage.material import outcomes
from tests.toys import raw_threshold, rows_of, scenes

SEARCHES = [Exact(), Near(), Neighbours(), Split(), Score(), Inflation()]


def test_the_mean_is_the_difference():
    """All less those that did not leak; nothing where none did, unknown where all did."""
    scores = dict(zip("abcdef", [0.5, 0.6, 0.4, 0.9, 0.8, 1.0], strict=True))
    added = contributions(scores, {"d", "e", "f"})
    assert fmean(added.values()) == pytest.approx(0.7 - 0.5)
    assert list(contributions(scores, set()).values()) == pytest.approx([0.0] * 6)
    assert contributions(scores, set(scores)) == {}


def test_the_scatter_is_that_of_the_difference():
    """The standard error agrees with the scatter of the difference in drawn samples."""
    stream = np.random.default_rng(0)
    found, errors = [], []
    for _ in range(400):
        values = dict(enumerate(np.r_[stream.normal(0.9, 0.1, 20), stream.normal(0.6, 0.1, 60)]))
        scores = {str(name): float(value) for name, value in values.items()}
        added = contributions(scores, {str(name) for name in range(20)})
        found.append(fmean(added.values()))
        # The share of leaked images is given here, so only the scatter of their scores counts.
        errors.append(stdev(added.values()) / 80**0.5)
    assert fmean(found) == pytest.approx(0.3 * 20 / 80, abs=0.003)
    assert stdev(found) < fmean(errors) < 2.5 * stdev(found)


def test_the_difference_reaches_the_record(tmp_path):
    """The rule is told the mean score of all images less that of those that did not leak."""
    tests = scenes(4, noise=45.0)
    train = replace(tests[0], id="train/0", part="train", group="t")
    model = raw_threshold()
    found = outcomes(SEARCHES, [train, *tests], tmp_path, models={"audited": model})["inflation"]
    scores = [row.value for row in rows_of(Score(), model, tests) if row.metric == "iou"]
    assert found.estimate == pytest.approx(fmean(scores) - fmean(scores[1:]))
    assert abs(found.estimate) > 1e-4
    assert found.n == 4
