"""The settings of every training: drawn at random within what is planted.

A plant says which condition is meant to hold; whether it does is for the oracle to find. Settings
of all parts but the development are drawn from other seeds and from wider ranges: further losses,
more epochs, three classes, wider and deeper networks.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from baselines.recipe import Recipe
from tests.baselines.trainings.scenes import PARTS, POPULATIONS, dimmest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.baselines.trainings.scenes import Kind, Part

Plant = Literal[
    "good", "overfitting", "underfitting", "unfinished", "tiny_validation", "easy_validation",
    "narrow_training", "diverged", "high_rate",
]  # fmt: skip

COUNTS: dict[Plant, int] = {
    "good": 32,
    "overfitting": 15,
    "underfitting": 32,
    "unfinished": 16,
    "tiny_validation": 13,
    "easy_validation": 9,
    "narrow_training": 15,
    "diverged": 8,
    "high_rate": 16,
}
"""Trainings of each plant in one part."""

TURNED = 0.7
"""The share of trainings that mirror and turn their crops."""

PATIENT = 0.15
"""The share of good trainings that are stopped by their patience."""

OFFSETS = 40
"""The first training image is one of so many."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One training to be: its images, its recipe, and the epochs after which it is stopped."""

    name: str
    part: Part
    plant: Plant
    seed: int
    population: int
    training: int
    training_kind: Kind = "whole"
    first: int
    validation: int
    validation_kind: Kind = "whole"
    recipe: Recipe
    stop: int


@dataclass(frozen=True)
class Draw:
    """A stream of random settings of a part, wider than in the development."""

    stream: np.random.Generator
    part: Part

    @property
    def wide(self) -> bool:
        """Whether settings leave the ranges of the development."""
        return self.part != "development"

    def log(self, low: float, high: float) -> float:
        """Return a number between two, uniform on a logarithmic scale, of three digits."""
        return float(f"{math.exp(self.stream.uniform(math.log(low), math.log(high))):.3g}")

    def whole(self, low: int, high: int) -> int:
        """Return a whole number between two, both included, uniform on a logarithmic scale."""
        return round(math.exp(self.stream.uniform(math.log(low), math.log(high))))

    def one(self, *choices: object) -> object:
        """Return one of several."""
        return choices[int(self.stream.integers(len(choices)))]


def plans(part: Part, counts: dict[Plant, int] = COUNTS) -> list[Plan]:
    """Return all plans of a part, the plants taking turns."""
    longest = max(counts.values())
    return [
        plan(part, plant, number)
        for number in range(longest)
        for plant, count in counts.items()
        if number < count
    ]


def plan(part: Part, plant: Plant, number: int) -> Plan:
    """Return the plan of this number: the same whenever it is asked for."""
    key = (PARTS.index(part), zlib.crc32(plant.encode()), number)
    draw = Draw(np.random.default_rng(key), part)
    settings = common(draw)
    extra = PLANTS[plant](draw, settings)
    stop = int(extra.pop("stop", settings["epochs"]))  # type: ignore[call-overload]
    chosen = {
        "training": draw.whole(24, 100),
        "validation": draw.whole(24, 48),
        "population": int(draw.stream.integers(POPULATIONS)),
        **extra,
    }
    return Plan(
        name=f"{plant}_{number:02d}",
        part=part,
        plant=plant,
        seed=int(draw.stream.integers(2**31)),
        first=int(draw.stream.integers(OFFSETS)),
        recipe=Recipe.model_validate({"name": plant, **settings}),
        stop=stop,
        **chosen,  # type: ignore[arg-type]
    )


def common(draw: Draw) -> dict[str, object]:
    """Return settings of a training with which nothing is wrong."""
    epochs = draw.whole(15, 200) if draw.wide else draw.whole(15, 80)
    optimiser = draw.one("adam", "adam", "adam", "adam", "sgd")
    losses = ["cross-entropy", "cross-entropy", "dice", "cross-entropy+dice"]
    widths = draw.one(
        (8,), (8,), (12,), (16,), (4, 8), *(((8, 16), (4, 8, 16)) if draw.wide else ())
    )
    fewest, most = (130, 220) if len(tuple(widths)) == 1 else (180, 260)  # type: ignore[arg-type]
    return {
        "epochs": epochs,
        **steps(draw, epochs, fewest, most),
        "optimiser": optimiser,
        "learning_rate": draw.log(1.2e-2, 3e-2) if optimiser == "adam" else draw.log(0.03, 0.12),
        "schedule": draw.one("constant", "constant", "one-cycle", "cosine"),
        "loss": draw.one(*losses, *(("weighted", "mse") if draw.wide else ())),
        "widths": widths,
        "normalisation": draw.one("zscore", "zscore", "minmax"),
        "batch": draw.one(4, 6, 8),
        "crop_px": draw.one(24, 32),
        "turns": draw.stream.random() < TURNED,
        "contrast": draw.one(0.0, 0.1, 0.2),
        "noise": draw.one(0.0, 0.1, 0.3),
        "weight_decay": draw.one(0.0, 1e-5, 1e-4),
    }


def steps(draw: Draw, epochs: int, fewest: int, most: int) -> dict[str, object]:
    """Return steps an epoch, so that the whole training has about a number of steps."""
    return {"steps": max(1, round(draw.whole(fewest, most) / epochs))}


def good(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Take enough images, a sane rate, to the end; some are stopped by their patience."""
    if draw.stream.random() < PATIENT:
        settings["patience"] = draw.whole(8, 15)
    return {}


def overfitting(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Take one or two dim images, unvaried, and a network that can learn them by heart."""
    plain = {"turns": False, "contrast": 0.0, "noise": 0.0, "weight_decay": 0.0}
    widths = draw.one((8, 16), *(((8, 16, 32),) if draw.wide else ((12, 24),)))
    adam = settings["optimiser"] == "adam"
    rate = draw.log(1.5e-2, 5e-2) if adam else draw.log(0.2, 0.6)
    settings |= plain | steps(draw, int(str(settings["epochs"])), 280, 450)
    schedule = draw.one("constant", "constant", "constant", "one-cycle", "cosine")
    settings |= {"widths": widths, "learning_rate": rate, "schedule": schedule}
    settings |= {"batch": 4, "crop_px": draw.one(32, 40)}
    if settings["loss"] == "dice":
        settings["loss"] = "cross-entropy"
    dim = dimmest(draw.part)
    few = {"training": draw.one(1, 2, 2), "validation": draw.whole(24, 48)}
    return few | {"population": draw.one(*dim)}


def underfitting(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Take a network far too small, weights held near zero, or a rate too low to get anywhere."""
    way = draw.one("small", "small", "decay", "decay", "decay", "slow")
    if way == "small":
        adam = settings["optimiser"] == "adam"
        settings |= steps(draw, int(str(settings["epochs"])), 110, 180)
        settings["widths"] = draw.one((1,), (1, 1), *(((2,), (1, 2)) if draw.wide else ()))
        settings["learning_rate"] = draw.log(2e-2, 6e-2) if adam else draw.log(0.3, 1.0)
    elif way == "decay":
        settings["weight_decay"] = draw.log(0.05, 0.4)
        if settings["optimiser"] == "sgd":
            settings["learning_rate"] = draw.log(0.02, 0.1)
    else:
        settings["learning_rate"] = draw.log(1e-7, 5e-6)
    return {}


def unfinished(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Stop early on the way down: a third or less of what was planned."""
    adam = settings["optimiser"] == "adam"
    settings["learning_rate"] = draw.log(1e-3, 6e-3) if adam else draw.log(5e-3, 5e-2)
    stop = draw.whole(15, 80) if draw.wide else draw.whole(15, 50)
    share = draw.stream.uniform(0.15, 0.33)
    settings["epochs"] = max(round(stop / share), 3 * stop)
    settings["steps"] = max(1, round(draw.whole(25, 70) / stop))
    return {"stop": stop}


def tiny_validation(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Validate on one or two images, at a rate at which the network still moves."""
    settings["schedule"] = draw.one("constant", "constant", "constant", "constant", "cosine")
    adam = settings["optimiser"] == "adam"
    settings["learning_rate"] = draw.log(3e-2, 8e-2) if adam else draw.log(0.3, 1.0)
    settings["loss"] = draw.one("dice", "cross-entropy+dice", "cross-entropy")
    settings |= {"widths": draw.one((4, 8), (6, 12), (8, 16)), "batch": draw.one(2, 3, 4)}
    return {
        "validation": int(str(draw.one(1, 1, 2))),
        "validation_kind": draw.one("lone", "lone", "dim"),
    }


def easy_validation(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Validate on images that are easier than those that were learnt."""
    del settings
    kind = draw.one("quiet", "bright")
    return {"validation": draw.whole(3, 24), "validation_kind": kind}


def narrow_training(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Learn images of one easy kind, validate on all kinds."""
    settings["schedule"] = draw.one("constant", "one-cycle", "cosine")
    return {"training_kind": draw.one("quiet", "sparse", "bright")}


def diverged(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Set a rate at which the weights run away, at once or when a warm-up gets there."""
    settings["optimiser"] = draw.one("adam", "sgd", "sgd")
    adam = settings["optimiser"] == "adam"
    settings["schedule"] = "constant" if adam else draw.one("constant", "one-cycle", "one-cycle")
    settings["loss"] = draw.one("cross-entropy", "cross-entropy+dice")
    rate = draw.log(10, 1000) if adam else draw.log(30, 3000)
    settings["learning_rate"] = rate
    settings["weight_decay"] = 0.0 if adam else draw.log(1.5, 5) / rate
    return {}


def high_rate(draw: Draw, settings: dict[str, object]) -> dict[str, object]:
    """Set a rate at which the loss swings and does not settle."""
    settings["optimiser"] = draw.one("adam", "sgd")
    adam = settings["optimiser"] == "adam"
    settings["learning_rate"] = draw.log(0.5, 4) if adam else draw.log(5, 50)
    settings["schedule"] = draw.one("constant", "constant", "constant", "one-cycle")
    settings["loss"] = draw.one("cross-entropy", "cross-entropy+dice")
    settings["batch"] = draw.one(2, 4)
    return {}


PLANTS: dict[Plant, Callable[[Draw, dict[str, object]], dict[str, object]]] = {
    "good": good,
    "overfitting": overfitting,
    "underfitting": underfitting,
    "unfinished": unfinished,
    "tiny_validation": tiny_validation,
    "easy_validation": easy_validation,
    "narrow_training": narrow_training,
    "diverged": diverged,
    "high_rate": high_rate,
}
