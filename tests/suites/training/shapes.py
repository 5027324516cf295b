"""Learning curves made by hand, one for each shape that the field teaches, at any scale."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from audit.logs.log import Curve, Log, Run


def settles(time, speed=0.12):
    """Return a course that falls from 1 to 0."""
    return np.exp(-time / speed)


def turns(time, low=0.35):
    """Return a course that falls until a time and rises after it."""
    return 0.25 + 0.75 * settles(time, low / 4) + 0.5 * np.clip(time - low, 0, None) / (1 - low)


def swinging(time):
    """Return a course that jumps up and down and falls hardly at all, the same at any sampling."""
    return 0.8 - 0.1 * time + 0.35 * np.sin(40 * time) * np.cos(17 * time)


SHAPES = {
    "good fit": lambda t: (0.05 + settles(t), 0.08 + settles(t, 0.13)),
    "overfitting": lambda t: (0.02 + settles(t, 0.25), turns(t)),
    "overfitting by a gap": lambda t: (0.02 + settles(t, 0.4), 0.55 + 0.45 * settles(t, 0.05)),
    "underfitting": lambda t: (0.75 + 0.25 * settles(t, 0.06), 0.77 + 0.25 * settles(t, 0.06)),
    "not finished": lambda t: (1.1 - 0.6 * t, 1.13 - 0.6 * t),
    "unrepresentative training": lambda t: (
        0.05 + 0.95 * settles(t, 0.1),
        0.5 + 0.55 * settles(t, 0.1),
    ),
    "unrepresentative validation": lambda t: (0.3 + 0.7 * settles(t), 0.05 + 0.6 * settles(t)),
    "diverged": lambda t: (1 + 9 * t**3 - 0.8 * t, 1.1 + 9 * t**3 - 0.8 * t),
    "learning rate too high": lambda t: (swinging(t), 0.1 + swinging(t + 0.01)),
}
"""Losses of training and validation along a time of 0 to 1, without noise, from about 1 down."""


def run_of(training, validation, *, at=None, rate=None, counts="epoch") -> Run:
    """Return a run of two sequences; None for one that was not logged."""
    at = np.arange(len(training if training is not None else validation)) if at is None else at
    times = tuple(float(one) for one in at)

    def curve(values):
        made = tuple(float(one) for one in values)
        return Curve(source="made", at=times, values=made)

    curves = {"training": training, "validation": validation, "rate": rate}
    given = {name: curve(values) for name, values in curves.items() if values is not None}
    return Run(name="made", counts=counts, **given)


def shaped(name, *, points=100, noise=0.01, seed=0, scale=1.0, offset=0.0, step=1.0) -> Run:
    """Return a run of a shape: its losses with noise, times a scale, and an offset added."""
    stream = np.random.default_rng(seed)
    time = np.linspace(0, 1, points)
    losses = [
        (one + noise * stream.standard_normal(points)) * scale + offset
        for one in SHAPES[name](time)
    ]
    return run_of(*losses, at=np.arange(points) * step, counts="epoch" if step == 1 else "step")


def logged(*runs) -> Log:
    """Return a log of runs, each under a name of its own."""
    named = tuple(replace(run, name=f"run {number}") for number, run in enumerate(runs))
    return Log(path=Path("made.csv"), digest="made", format="table", runs=named)


def named(shape: str) -> str:
    """Return the condition that a shape shows."""
    return shape.removesuffix(" by a gap")


def shown(shape: str) -> tuple[str, ...]:
    """Return all conditions that a shape shows: an explosion that stays finite takes long steps."""
    return ("diverged", "learning rate too high") if shape == "diverged" else (named(shape),)
