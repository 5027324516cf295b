"""Whether a model knows every class of the truth that it is to be held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.errors import DataError
from audit.meaning import IGNORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.datasets.sample import Sample

MOST_NAMED = 3
"""Masks and classes that are named where more are strange."""


def check_known(samples: Sequence[Sample], classes: int) -> None:
    """Raise DataError where a mask holds a class that a model of so many classes lacks.

    Reads every mask once, one at a time; one that cannot be read is told when its turn comes.
    """
    found = {one.id: strange for one in samples if (strange := strangers(one, classes))}
    if not found:
        return
    masks = sum(one.mask is not None for one in samples)
    numbers = sorted({number for strange in found.values() for number in strange})
    raise DataError(
        f"{len(found)} of {masks} masks ({first(sorted(found))}) hold class {first(numbers)}, but "
        f"the model has {classes} classes, 0 to {classes - 1}; say --classes where it has more, "
        "--labels instances where the numbers are objects, --labels binary where all are "
        "foreground, or what each is by --map-labels NUMBER=CLASS"
    )


def strangers(sample: Sample, classes: int) -> list[int]:
    """Return the numbers in a mask that are no class of the model."""
    try:
        mask = sample.mask() if sample.mask else None
    except DataError:
        return []
    if mask is None or (mask.min() >= IGNORE and mask.max() < classes):
        return []
    return [int(number) for number in np.unique(mask) if not IGNORE <= number < classes]


def first(those: Sequence[object]) -> str:
    """Return the first of many things, and how many more there are."""
    more = len(those) - MOST_NAMED
    named = ", ".join(str(one) for one in those[:MOST_NAMED])
    return f"{named} and {more} more" if more > 0 else named
