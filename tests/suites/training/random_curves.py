"""Runs of all kinds at random: shapes with noise, walks, jumps, gaps, few values, wild scales."""

from __future__ import annotations

import numpy as np

from tests.suites.training.shapes import SHAPES, run_of

LOST = (np.nan, np.inf, -np.inf)


def random_run(seed):
    """Return a run that depends on its seed alone."""
    stream = np.random.default_rng((7, seed))
    points = int(stream.choice([1, 2, 3, 5, 7, 8, 12, 19, 20, 40, 100, 400, 1500]))
    training, validation = (harmed(stream, one) for one in courses(stream, points))
    absent = stream.random()
    return run_of(
        None if absent < 0.05 else training,
        None if 0.05 <= absent < 0.15 else validation,
        at=times(stream, points),
        rate=rates(stream, points) if stream.random() < 0.4 else None,
        counts="epoch" if stream.random() < 0.7 else "step",
    )


def courses(stream, points):
    """Return two courses: a known shape, walks, a constant, stairs, or noise."""
    time = np.linspace(0, 1, points)
    kind = stream.choice(["shape", "shape", "shape", "walk", "constant", "stairs", "noise"])
    if kind == "shape":
        pair = SHAPES[str(stream.choice(sorted(SHAPES)))](time)
    elif kind == "walk":
        pair = np.abs(1 + np.cumsum(stream.standard_normal((2, points)), axis=1) / 10)
    elif kind == "constant":
        pair = np.full((2, points), stream.choice([0.0, 1.0, -3.0]))
    elif kind == "stairs":
        drops = 0.3 ** np.floor(time * int(stream.integers(2, 6)))
        pair = drops, drops + stream.choice([0.0, 0.2])
    else:
        pair = 1 + 0.3 * stream.standard_normal((2, points))
    noise = stream.choice([0.0, 0.003, 0.03, 0.2]) * stream.standard_normal((2, points))
    scale, offset = 10.0 ** stream.integers(-6, 7), stream.choice([0.0, 0.0, 0.0, -2.0, 50.0])
    return (np.asarray(pair, float) + noise) * scale + offset


def harmed(stream, values):
    """Return a course with what real logs have: leaps, huge first values, values that are lost."""
    values = np.array(values, float)
    harm = stream.random()
    place = int(stream.integers(len(values)))
    if harm < 0.1:
        values[place] += 10 * np.ptp(values) + 1
    elif harm < 0.2:
        values[0] = 100 * abs(values[0]) + 1
    elif harm < 0.27:
        values[place] = stream.choice(LOST)
    elif harm < 0.32:
        values[place:] = stream.choice(LOST)
    elif harm < 0.35:
        values[stream.random(len(values)) < 0.6] = np.nan
    return values


def times(stream, points):
    """Return when values were logged: evenly from 0 or 1 or later on, or at odd times."""
    first, step = int(stream.choice([0, 1, 1, 50])), int(stream.choice([1, 1, 1, 100]))
    if stream.random() < 0.15:
        return first + np.cumsum(stream.integers(1, 9, points))
    return first + step * np.arange(points)


def rates(stream, points):
    """Return a learning rate: constant, annealed to nothing, in steps, or lost at once."""
    time = np.linspace(0, 1, points)
    kinds = (np.ones(points), 1 - time, 0.1 ** np.floor(3 * time), np.where(time < 0.4, 1, 1e-9))
    return 10.0 ** stream.integers(-5, 0) * kinds[int(stream.integers(len(kinds)))]
