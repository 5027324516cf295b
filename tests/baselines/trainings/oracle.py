"""The oracle: what was in effect in a training, by experiments that its log knows nothing of.

All losses here are in units of chance: the loss of who knows the classes' shares alone. The end of
a training is the median of the last fifth of its sights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from tests.baselines.trainings.scenes import hidden, images
from tests.baselines.trainings.watch import watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from baselines.loop import Epoch
    from baselines.recipe import Recipe
    from tests.baselines.trainings.plan import Plan
    from tests.baselines.trainings.watch import Sight, Watched

SIGHTS = 12
LONGER = 3
"""A training is finished when this many times its epochs would not gain much."""

CALMER = 0.1
"""A rate is too high when this share of it would do much better."""

RISEN, SWINGING, LEARNT, WIDE = 0.10, 0.03, 0.25, 0.2
"""What makes a further experiment needless or needed, in units of chance."""

SETTLED = ("overfitting", "diverged", "high_rate")
"""Plants of which hardly any would gain by going on: that they would is tried afterwards."""

UNFINISHED = 0.10
"""A training that would gain this share further is not asked whether it underfits."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the oracle measured; losses in units of chance, None where nothing was to be measured.

    `rise` is that of the hidden loss from its lowest, at a share `lowest_at` of the training, to
    the end, and `training_rise` what the training loss did meanwhile. `gap` is the hidden less the
    training loss at the end, `gap_growth` its growth over the second half. `bias` is the median
    over the second half of the validation less the hidden loss, `ease` of the training less the
    validation loss, `scatter` how much the bias jumps from sight to sight; `swing` and
    `hidden_swing` how much the training and the hidden loss jump. `gain` is what three times the
    epochs take off the hidden loss, as a share of what the training took off; `capable` is the end
    of the training loss of a larger network that learns longer, `calm` what a tenth of the rate
    takes off the mean training loss of the second half.
    """

    finite: bool
    epochs: int
    hidden_start: float | None
    hidden_end: float | None
    training_end: float | None
    rise: float | None
    lowest_at: float | None
    training_rise: float | None
    gap: float | None
    gap_growth: float | None
    bias: float | None
    ease: float | None
    scatter: float | None
    swing: float | None
    hidden_swing: float | None
    gain: float | None = None
    capable: float | None = None
    calm: float | None = None


@dataclass(frozen=True)
class Case:
    """A training: its log, and what the oracle found."""

    log: tuple[Epoch, ...]
    findings: Findings


def examine(plan: Plan) -> Case:
    """Return the log of a planned training, and the findings of the oracle."""
    ran = first_run(plan)
    first = seen(ran)
    log = ran.log
    if first.hidden_end is None or first.training_end is None or first.rise is None:
        return Case(log, first)
    extra = dict[str, float | None]()
    swings = (first.swing or 0) >= SWINGING
    wide = (first.gap or 0) >= WIDE and plan.plant in SETTLED
    if swings:
        extra["calm"] = calm(plan, ran)
    if first.rise < RISEN and not swings and not wide:
        extra["gain"] = gain(plan, ran, first)
    if first.training_end > LEARNT and (extra.get("gain") or 0) < UNFINISHED:
        extra["capable"] = capable(plan)
    return Case(log, Findings(**(vars(first) | extra)))


def first_run(plan: Plan) -> Watched:
    """Return the training of a plan; beyond its log where it would go on just so and may gain."""
    recipe, places = plan.recipe, spread(plan.stop)
    goes_on = recipe.schedule == "constant" or plan.stop < recipe.epochs
    if not goes_on or recipe.patience or plan.plant in SETTLED:
        return perform(plan, recipe, plan.stop, places, logged=plan.stop)
    longer = LONGER * plan.stop
    return perform(plan, recipe, longer, places | late(plan.stop), logged=plan.stop)


def late(epochs: int) -> frozenset[int]:
    """Return the epochs at the end of a training three times as long."""
    return frozenset(round(at) for at in np.linspace(2.6 * epochs, LONGER * epochs - 1, 4))


def perform(
    plan: Plan, recipe: Recipe, epochs: int, places: frozenset[int], *, logged: int = 0
) -> Watched:
    """Train on a plan's images by a recipe for so many epochs, the first of them logged."""
    whose = plan.part, plan.population
    checked = images(*whose, plan.validation_kind, POOL_END + plan.first, plan.validation)
    return watched(
        images(*whose, plan.training_kind, plan.first, plan.training),
        checked,
        hidden(*whose),
        recipe,
        seed=plan.seed,
        epochs=epochs,
        places=places,
        logged=logged,
    )


POOL_END = 1000
"""Validation images are taken from here on: no training image is among them."""


def seen(ran: Watched) -> Findings:
    """Return what the sights of one training tell; little where it stopped being finite."""
    finite = all(epoch.finite for epoch in ran.log)
    sights = ran.on_log
    outside, inside = (series(sights, ran.chance, which) for which in ("hidden", "training"))
    if not finite or len(sights) < 5 or not np.isfinite([*outside, *inside]).all():
        blank = dict.fromkeys([name for name in NUMBERS if name not in ("gain", "capable", "calm")])
        return Findings(finite=finite, epochs=len(ran.log), **blank)
    smooth = middle_of_three(outside)
    lowest = int(np.argmin(smooth))
    half = len(outside) // 2
    checked = np.array([ran.log[one.epoch].val_loss for one in sights]) / ran.chance
    return Findings(
        finite=finite,
        epochs=len(ran.log),
        hidden_start=float(outside[0]),
        hidden_end=end(outside),
        training_end=end(inside),
        rise=end(outside) - float(smooth[lowest]),
        lowest_at=sights[lowest].epoch / max(1, len(ran.log) - 1),
        training_rise=end(inside) - float(middle_of_three(inside)[lowest]),
        gap=end(outside - inside),
        gap_growth=end(outside - inside)
        - float(np.median((outside - inside)[half - 2 : half + 2])),
        bias=float(np.median((checked - outside)[half:])),
        ease=float(np.median((inside - checked)[half:])),
        scatter=jumps((checked - outside)[half - 2 :]),
        swing=jumps(inside[half - 2 :]),
        hidden_swing=jumps(outside[half - 2 :]),
    )


def gain(plan: Plan, ran: Watched, first: Findings) -> float | None:
    """Return the share of what was gained that a training three times as long gains further.

    A schedule that came to its end is stretched; one that was cut short goes on.
    """
    if not ran.beyond:
        epochs = len(ran.log)
        planned = plan.recipe.epochs if plan.stop < plan.recipe.epochs else LONGER * epochs
        recipe = plan.recipe.model_copy(update={"epochs": planned, "patience": None})
        ran = perform(plan, recipe, LONGER * epochs, late(epochs))
    assert first.hidden_end is not None
    reached = float(np.median(series(ran.beyond, ran.chance, "hidden")))
    taken = max(1.0, first.hidden_start or 0.0) - first.hidden_end
    if not math.isfinite(reached):
        return 0.0
    return (first.hidden_end - reached) / max(taken, 0.1)


def capable(plan: Plan) -> float:
    """Return the end of the training loss of a network that has the means to learn the images."""
    able = plan.recipe.model_copy(
        update={
            "widths": (8, 16), "optimiser": "adam", "learning_rate": 1e-2,
            "schedule": "one-cycle", "epochs": 10, "steps": 14, "batch": 6, "crop_px": 32,
            "contrast": 0.0, "noise": 0.0, "weight_decay": 0.0, "patience": None,
            "normalisation": "zscore",
        }
    )  # fmt: skip
    ran = perform(plan, able, 10, frozenset((7, 8, 9)))
    return float(np.median(series(ran.sights, ran.chance, "training")))


def calm(plan: Plan, ran: Watched) -> float:
    """Return what a tenth of the rate takes off the mean training loss of the second half."""
    second_half = ran.on_log[len(ran.on_log) // 2 :]
    places = frozenset(one.epoch for one in second_half)
    rate = plan.recipe.learning_rate * CALMER
    recipe = plan.recipe.model_copy(update={"learning_rate": rate, "patience": None})
    calmer = perform(plan, recipe, len(ran.log), places)
    before, after = (
        np.mean(series(sights, ran.chance, "training")) for sights in (second_half, calmer.sights)
    )
    return float(before - after)


def series(
    sights: Sequence[Sight], chance: float, which: Literal["hidden", "training"]
) -> NDArray[np.float64]:
    """Return the losses of sights on hidden or training images, in units of chance."""
    return np.array([getattr(one, which) for one in sights]) / chance


def spread(epochs: int) -> frozenset[int]:
    """Return the epochs after which the network is looked at, the last among them."""
    return frozenset(round(at) for at in np.linspace(0, epochs - 1, min(epochs, SIGHTS)))


def end(values: NDArray[np.float64]) -> float:
    """Return the median of the last fifth, of three values at least."""
    return float(np.median(values[-max(3, len(values) // 5) :]))


def middle_of_three(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the running median of three; the ends stay.

    >>> middle_of_three([3.0, 9.0, 4.0, 5.0]).tolist()
    [3.0, 4.0, 5.0, 5.0]
    """
    kept = np.array(values, float)
    kept[1:-1] = np.median([kept[:-2], kept[1:-1], kept[2:]], axis=0)
    return kept


def jumps(values: NDArray[np.float64]) -> float:
    """Return how much values jump beside their trend: half the median size of second differences.

    >>> jumps(np.array([1.0, 2.0, 3.0, 4.0])), jumps(np.array([0.0, 1.0, 0.0, 1.0]))
    (0.0, 1.0)
    """
    return float(np.median(np.abs(np.diff(values, 2)))) / 2


NUMBERS = tuple(name for name in Findings.__dataclass_fields__ if name not in ("finite", "epochs"))
