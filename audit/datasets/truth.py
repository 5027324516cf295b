"""Whether a model knows every class of the truth that it is to be held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.errors import DataError
from audit.meaning import IGNORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.datasets.sample import Dataset, Sample

MOST_NAMED = 3
"""Masks and classes that are named where more are strange."""


def check_known(dataset: Dataset, classes: int) -> None:
    """Raise DataError where a mask holds a class that a model of so many classes lacks.

    Masks that were counted as the images were opened are read again only to name those that are
    strange, one at a time; one that cannot be read is told when its turn comes.
    """
    if are_known(dataset.origin.get("masks"), classes):
        return
    samples = dataset.samples
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


def are_known(decided: object, classes: int) -> bool:
    """Say whether all that masks were counted to hold are classes of the model.

    `decided` is what an origin keeps of them; where it does not list every number, they may not be.
    """
    if not isinstance(decided, dict):
        return False
    if decided["kind"] != "classes":
        return classes > 1
    held = [decided["mapping"].get(str(number), number) for number in decided["numbers"]]
    whole = 0 < len(held) == decided["distinct"]
    return whole and all(IGNORE <= number < classes for number in held)


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
