"""The learning rate as it was logged: whether, and since when, it hardly moved the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from audit.logs.log import Run

ANNEALED = 0.01
"""A learning rate below this share of what it was hardly moves the network any more."""

USUAL = 0.9
"""What it was: this quantile, since a warm-up may begin far above it."""

WASTED = 0.25
"""A rate collapsed if this share of the training, or more, went on at such a rate: a schedule that
ends at nothing takes less."""


def idle(run: Run) -> float | None:
    """Return the epoch or step from which on a run's rate stayed at almost nothing.

    None where it never did, or was not logged.
    """
    if run.rate is None:
        return None
    at, values = np.asarray(run.rate.at, float), np.asarray(run.rate.values, float)
    at, values = at[np.isfinite(values)], values[np.isfinite(values)]
    # Some trainers begin with a rate for biases alone that is a hundred times the later one.
    if len(values) < 2 or values[-1] > ANNEALED * np.quantile(values, USUAL):  # noqa: PLR2004
        return None
    moved = np.flatnonzero(values > ANNEALED * np.quantile(values, USUAL))
    return float(at[moved[-1] + 1]) if len(moved) else float(at[0])


def collapsed(run: Run) -> float | None:
    """Return the epoch or step at which a run's rate collapsed long before the end; else None."""
    since = idle(run)
    if since is None or run.rate is None:
        return None
    first, last = run.rate.at[0], run.rate.at[-1]
    return since if last - since >= WASTED * (last - first) else None
