"""What is odd about the curves of a training, as notices."""

from __future__ import annotations

from itertools import pairwise
from math import isfinite
from statistics import median
from typing import TYPE_CHECKING, Literal

from audit.logs.log import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audit.logs.attempt import Series
    from audit.logs.log import Curve

LISTED = 5
FEW = 3
APART = 0.5
"""Curves whose ends differ by more than this share may count different things."""


def oddities(
    training: Curve | None, validation: Curve | None, counts: Literal["epoch", "step"]
) -> Iterator[Notice]:
    """Yield what is missing from the losses or not finite in them."""
    if training is None:
        yield Notice("no training", "no loss of the training was logged")
    if validation is None:
        yield Notice("no validation", "no loss of the validation was logged")
    for part, curve in (("training", training), ("validation", validation)):
        if curve is not None:
            yield from not_finite(part, curve, counts)
            yield from gaps(part, curve, counts)
    if training and validation:
        yield from unlike(training, validation, counts)


def not_finite(part: str, curve: Curve, counts: str) -> Iterator[Notice]:
    """Yield where a loss is NaN or infinite."""
    at = [at for at, value in zip(curve.at, curve.values, strict=True) if not isfinite(value)]
    if at:
        yield Notice(
            "not finite",
            f"the {part} loss is not finite at {len(at)} of {len(curve.at)} {counts}s: {some(at)}",
        )


def gaps(part: str, curve: Curve, counts: str) -> Iterator[Notice]:
    """Yield where places are missing: a stride twice the usual that narrows again.

    A log that grows coarser as the training goes on, as Cellpose's, has no gap.
    """
    strides = [later - one for one, later in pairwise(curve.at)]
    if len(strides) < FEW:
        return
    usual, narrowest, wide = median(strides), strides[-1], []
    for place in reversed(range(len(strides))):
        if strides[place] >= 2 * usual and strides[place] > narrowest:
            wide.append((curve.at[place], curve.at[place + 1]))
        narrowest = min(narrowest, strides[place])
    if wide:
        pairs = [f"{one:g} to {later:g}" for one, later in reversed(wide)]
        more = ", ..." if len(pairs) > LISTED else ""
        text = f"the {part} loss skips {counts}s: {', '.join(pairs[:LISTED])}{more}"
        yield Notice("gap", text)


def unlike(training: Curve, validation: Curve, counts: str) -> Iterator[Notice]:
    """Yield where one loss was logged more rarely than the other, or along something else."""
    few, many = sorted((len(training.at), len(validation.at)))
    ends = sorted((training.at[-1], validation.at[-1]))
    if few > 1 and ends[0] < APART * ends[1] and counts == "step":
        text = f"training ends at {training.at[-1]:g}, validation at {validation.at[-1]:g}"
        yield Notice("gap", f"{text}: they may count different things")
    elif few < many and counts == "epoch":
        part = "validation" if len(validation.at) == few else "training"
        yield Notice("blank", f"the {part} loss stands at {few} epochs, the other at {many}")


def repetitions(
    columns: Sequence[str], series: Mapping[str, Series], counts: str
) -> Iterator[Notice]:
    """Yield where the training was resumed, and how many places were logged again."""
    found = [series[column] for column in columns if column in series]
    resumed = dict.fromkeys(pair for one in found for pair in one.resumed)
    if resumed:
        pairs = ", ".join(f"from {one:g} back to {to:g}" for one, to in list(resumed)[:LISTED])
        text = f"resumed: the {counts} goes {pairs}; the last value of each is kept"
        yield Notice("resumed", text)
    repeated = max((one.repeated for one in found), default=0)
    if repeated:
        text = f"{repeated} values repeat the {counts} of another; the last of each is kept"
        yield Notice("repeated", text)


def some(places: Iterable[float]) -> str:
    """Return the first of some places for one line of text."""
    found = [f"{at:g}" for at in places]
    return ", ".join(found[:LISTED]) + (", ..." if len(found) > LISTED else "")
