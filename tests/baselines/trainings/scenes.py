"""What the trainings see: populations of simulated cells, and parts of them that stand for less.

Images are small and coarse (40 px of about 1.6 um), and so dim that no network can
learn them to the full: a training takes seconds, and comes to its end.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from audit.datasets.cells import Simulation
from audit.datasets.simulated import simulate

if TYPE_CHECKING:
    from audit.datasets.sample import Sample

Part = Literal["development", "second", "third", "fourth", "held_out"]
"""Trainings to make rules with, a second and a third lot of other kinds, each held out from the
rules before it and then joined to the development, and those that are held out from all rules."""

Kind = Literal["whole", "quiet", "sparse", "bright", "dim", "lone"]
"""The whole population, or a part: no noise, few, bright, or dim cells, one cell alone."""

PARTS: tuple[Part, ...] = ("development", "second", "third", "fourth", "held_out")
POPULATIONS = 6
SIZE_PX = 40
HIDDEN, FIRST_HIDDEN = 64, 10_000


def population(part: Part, number: int) -> Simulation:
    """Return a population; but for the first ones they range further, some with two species."""
    stream = np.random.default_rng((PARTS.index(part), 71, number))
    wide = part != "development"
    low, high = (0.05, 0.35) if wide else (0.07, 0.2)
    light = math.exp(stream.uniform(math.log(low), math.log(high)))
    fewest = int(stream.integers(2, 6 if wide else 5))
    return Simulation(
        seed=int(stream.integers(2**31)),
        size_px=SIZE_PX,
        pixel_um=float(stream.uniform(1.3, 2.0) if wide else stream.uniform(1.45, 1.8)),
        species=2 if wide and number % 3 == 0 else 1,
        cells=(fewest, fewest + int(stream.integers(2, 5))),
        photons=(45.0 * light, 170.0 * light),
        background_photons=(20.0 * light, 45.0 * light),
        haze_photons=(10.0 * light, 35.0 * light),
        haze_count=int(stream.integers(0, 3)),
        debris=(0, int(stream.integers(0, 3))),
        read_noise=float(stream.uniform(2.0, 3.5)),
        irregularity=float(stream.uniform(0.03, 0.1)),
    )


def dimmest(part: Part) -> list[int]:
    """Return the half of the populations of which an image shows least."""
    ranked = sorted(range(POPULATIONS), key=lambda number: population(part, number).photons)
    return ranked[: POPULATIONS // 2]


def narrowed(whole: Simulation, kind: Kind) -> Simulation:
    """Return the part of a population that a narrow choice of images would hold."""
    low, high = whole.photons
    dark = whole.background_photons[0] * 0.5
    easy = {"background_photons": (dark, dark), "haze_count": 0, "debris": (0, 0)}
    changed: dict[Kind, dict[str, object]] = {
        "whole": {},
        "quiet": {"photons": (6 * high, 8 * high), "read_noise": 1.0, **easy},
        "sparse": {"cells": (1, 2), "photons": (2 * high, 2.4 * high), **easy},
        "bright": {"photons": (3 * high, 5 * high), **easy},
        "dim": {"photons": (0.4 * low, 0.7 * low)},
        "lone": {"cells": (1, 1), "photons": (low, 2 * low)},
    }
    return replace(whole, **changed[kind])  # type: ignore[arg-type]


def images(part: Part, number: int, kind: Kind, first: int, count: int) -> tuple[Sample, ...]:
    """Return so many images of a population's part, from an index on."""
    return tuple(image(part, number, kind, index) for index in range(first, first + count))


@cache
def image(part: Part, number: int, kind: Kind, index: int) -> Sample:
    """Return one image, rendered and kept: every training of a population asks for the same."""
    simulation = narrowed(population(part, number), kind)
    drawn = simulate(simulation, [index], name=f"{part}-{number}-{kind}").samples[0]
    assert drawn.mask is not None
    assert drawn.instances is not None
    return replace(
        drawn,
        image=partial(np.copy, drawn.image()),
        mask=partial(np.copy, drawn.mask()),
        instances=partial(np.copy, drawn.instances()),
    )


def hidden(part: Part, number: int) -> tuple[Sample, ...]:
    """Return the images that tell the truth about a training on this population."""
    return images(part, number, "whole", FIRST_HIDDEN, HIDDEN)
