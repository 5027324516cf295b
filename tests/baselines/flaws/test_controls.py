"""The audit of the audit: every flaw that shares its training is caught, and its twin is not."""

from __future__ import annotations

from functools import cache

import pytest

from audit.datasets.open import open_dataset
from audit.policy.reading import load_policy
from baselines.flaws.images import FlawImages
from baselines.flaws.plant import find
from baselines.recipe import Recipe
from baselines.scorecard import Scorecard
from baselines.selftest import Selftest
from baselines.trial import Trial

QUICK = (
    "half-resolution",
    "batch-statistics",
    "overconfident",
    "threshold",
    "mean-mask",
    "neighbours",
)
"""Flaws of the use of one trained network, one that takes a second training, and one of movies."""


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """Return a function that gives the lines of a flaw, on simulated cells."""
    folder = tmp_path_factory.mktemp("selftest")
    train, test = (
        open_dataset(f"simulated:2k-10:{part}", part=part).samples for part in ("train", "test")
    )
    selftest = Selftest(
        material=FlawImages(train=train, test=test),
        recipe=Recipe(epochs=12),
        policy=load_policy(),
        out=folder / "out",
        cache=folder / "cache",
        references=0,
    )
    return cache(lambda name: selftest.lines(find(name)))


@pytest.mark.timeout(900)  # two trainings, on a machine that may be shared
@pytest.mark.parametrize("name", QUICK)
def test_a_planted_flaw_is_caught_and_its_twin_is_not(lines, name):
    """Every rule named for the flaw fails the flawed network, and none fails the healthy twin."""
    trial = Trial(flaw=find(name), seed=0, lines=tuple(lines(name)))
    card = Scorecard((trial,))
    assert card.lines
    assert card.clean, card.markdown()


def test_a_free_gain_is_measured(lines):
    """Half the resolution: the lower bound of the gain is above 0.02, at a factor below 1."""
    (line,) = lines("half-resolution")
    assert line.flawed.interval[0] > 0.02
    assert 0.4 <= line.flawed.choice <= 0.8
