"""Laws of the learning rate: since when it hardly moved the network."""

from __future__ import annotations

import numpy as np
import pytest

from suites.training.rate import WASTED, collapsed, idle
from tests.suites.training.shapes import run_of


def rated(rate):
    """Return a run of a falling loss with a learning rate."""
    return run_of(np.linspace(1, 0, len(rate)), None, rate=rate)


@pytest.mark.parametrize("rate", [[1e-3] * 40, list(np.linspace(1e-3, 1e-4, 40)), [np.nan] * 40])
def test_a_rate_that_stays_is_never_idle(rate):
    """Neither a constant rate nor one that falls to a tenth, nor one that is unknown."""
    assert idle(rated(rate)) is None


def test_a_rate_that_recovers_is_not_idle():
    """Restarts bring a rate to nothing again and again; only the last time counts."""
    cycle = np.linspace(1e-3, 0, 10)
    assert idle(rated([*cycle, *cycle, 1e-3, 1e-3])) is None


@pytest.mark.parametrize("share", [0.1, 0.24, 0.26, 0.8])
def test_a_collapse_is_long_before_the_end(share):
    """A quarter of the training or more at almost no rate is one, the end of a schedule is not."""
    since = round(1000 * (1 - share))
    run = rated(np.where(np.arange(1001) < since, 1e-2, 1e-6))
    assert idle(run) == since
    assert collapsed(run) == (since if share > WASTED else None)


def test_a_warm_up_from_a_higher_rate_is_no_collapse():
    """A first rate for biases alone, a hundred times the later one, is not what was usual."""
    assert idle(rated([0.1, *[1e-3] * 30])) is None
