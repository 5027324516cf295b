"""Simulated movies: cells that drift and turn a little from frame to frame, and new noise in each.

For flaws that concern neighbouring frames, which single images cannot show.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from audit.datasets.cells import GENERATOR, Cell, DrawnField, Rendered, Simulation, draw, expose
from audit.datasets.sample import Sample
from baselines.flaws.images import FlawImages

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIMULATION = Simulation(seed=77)
TRAIN_MOVIES, TEST_MOVIES, FRAMES = 3, 3, 8

DRIFT_PX = 1.0
"""The standard deviation of a cell's steps from frame to frame, along either axis."""

TURN = 0.02
"""The standard deviation of its rotation from frame to frame, in radians."""


def movies() -> FlawImages:
    """Return movies to learn from, and others to be tested on."""
    parts = {"train": range(TRAIN_MOVIES), "test": range(TRAIN_MOVIES, TRAIN_MOVIES + TEST_MOVIES)}
    samples = {
        part: tuple(still(movie, frame, part) for movie in numbers for frame in range(FRAMES))
        for part, numbers in parts.items()
    }
    return FlawImages(train=samples["train"], test=samples["test"])


def still(movie: int, frame: int, part: str) -> Sample:
    """Return one frame of one movie, not yet rendered."""
    depends = [GENERATOR, asdict(SIMULATION), DRIFT_PX, TURN, movie, frame]
    return Sample(
        id=f"movie-{movie}/{frame:03d}",
        image=lambda: shot(movie, frame).image[None],
        shape=(1, SIMULATION.size_px, SIMULATION.size_px),
        digest=hashlib.sha256(json.dumps(depends).encode()).hexdigest()[:16],
        part=part,
        dataset="simulated-movies",
        group=f"movie-{movie}",
        frame=frame,
        mask=lambda: (shot(movie, frame).instances > 0).astype(np.int64),
        instances=partial(numbered, movie, frame),
        pixel_um=SIMULATION.pixel_um,
    )


def numbered(movie: int, frame: int) -> NDArray[np.int32]:
    """Return the object numbers (Y, X): a cell keeps its own through the movie."""
    return shot(movie, frame).instances


def shot(movie: int, frame: int) -> Rendered:
    """Return a frame as the camera takes it: the same background, cells moved on, new noise."""
    stream = np.random.default_rng((SIMULATION.seed, movie, 1))
    noise = np.random.default_rng((SIMULATION.seed, movie, 2, frame))
    return expose(SIMULATION, later(draw(SIMULATION, movie), movie, frame), stream, noise)


def later(field: DrawnField, movie: int, frame: int) -> DrawnField:
    """Return a field some frames later: each cell has wandered at random."""
    stream = np.random.default_rng((SIMULATION.seed, movie, 3))
    steps = stream.standard_normal((frame, len(field.cells), 3)).sum(0)
    moved = [wandered(cell, *step) for cell, step in zip(field.cells, steps.tolist(), strict=True)]
    return replace(field, cells=tuple(moved))


def wandered(cell: Cell, y: float, x: float, turn: float) -> Cell:
    """Return a cell moved and turned, in units of DRIFT_PX and TURN."""
    return replace(
        cell, y=cell.y + DRIFT_PX * y, x=cell.x + DRIFT_PX * x, angle=cell.angle + TURN * turn
    )
