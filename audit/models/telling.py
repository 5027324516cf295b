"""What a model's answers are where nobody said it, told by the numbers of a few of them.

    True and False, 0 and 1, 0 and 255     labels: one class beside the background
    whole numbers, each in one piece       objects: one number an object, the background 0
    whole numbers below declared classes   labels
    fractions from 0 to 1, (Y, X)          sigmoid: the probability of the foreground
    fractions that sum to one over K       softmax of as many classes as are declared

Whatever else there is, it is refused with what can be declared: a wrong guess would be a wrong
score that nobody sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from audit.errors import ModelError
from audit.models.segmenter import LABELS, OBJECTS, PROBABILITY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from audit.models.card import Card, Word

WHITE = (255, 65535)
"""Numbers that stand for the one class of a mask that is black and white."""

ROUNDING = 1e-3
"""How far from 0, 1 and a sum of one rounding pushes a probability."""

PIECES = 1.5
"""The most connected pieces that a number has on average where it stands for one object."""

DECLARE = "say what it gives: --output labels, objects, sigmoid, softmax or logits"


class ImageAnswer(NamedTuple):
    """What was said of one image: its name, its size (Y, X), and the output."""

    name: str
    size: tuple[int, int]
    output: NDArray[Any]


class Told(NamedTuple):
    """What answers are, the numbers that say so, and whether more of them could say otherwise."""

    output: Word
    because: str
    sure: bool = True


def tell(answers: Sequence[ImageAnswer], card: Card) -> Told | None:
    """Return what some answers are; None where nothing is predicted in any of them.

    Raises ModelError that names the image and what can be declared.
    """
    planes = [flat(checked(one), one.size) for one in answers]
    if any(plane is None for plane in planes):
        return of_channels(answers, card)
    known = [plane for plane in planes if plane is not None]
    if all(is_whole(plane) for plane in known):
        return of_numbers(answers, known, card)
    return of_fractions(answers, known)


def checked(answer: ImageAnswer) -> NDArray[Any]:
    """Return the numbers of an answer; ModelError where they are none, or not finite."""
    output = answer.output
    if output.dtype.kind not in "buif":
        raise ModelError(f"{answer.name}: expected an array of numbers, got {output.dtype}")
    if not np.isfinite(output).all():
        raise ModelError(f"{answer.name}: the output holds NaN or infinite numbers")
    return output


def flat(output: NDArray[Any], size: tuple[int, int]) -> NDArray[Any] | None:
    """Return an output of one number a pixel as (Y, X); None where there are channels."""
    if output.shape in (size, (1, *size), (*size, 1)):
        return output.reshape(size)
    return None


def is_whole(plane: NDArray[Any]) -> bool:
    """Return whether all numbers are whole.

    >>> is_whole(np.array([0.0, 3.0])), is_whole(np.array([0.5]))
    (True, False)
    """
    return plane.dtype.kind in "bui" or bool(np.array_equal(plane, np.trunc(plane)))


def of_numbers(
    answers: Sequence[ImageAnswer], planes: Sequence[NDArray[Any]], card: Card
) -> Told | None:
    """Return what whole numbers are."""
    if low := [one.name for one, plane in zip(answers, planes, strict=True) if plane.min() < 0]:
        raise ModelError(f"{low[0]}: whole numbers below 0; {DECLARE}")
    if all(plane.dtype.kind == "b" for plane in planes):
        return Told(LABELS, "true or false")
    if not any(plane.any() for plane in planes):
        return None
    if all(plane.all() for plane in planes):
        raise ModelError(
            f"{answers[0].name}: whole numbers without a 0, so which is the background? "
            f"Return 0 for it, or {DECLARE}"
        )
    highest = max(int(plane.max()) for plane in planes)
    for white in (1, *WHITE):
        if highest == white and all(np.isin(plane, (0, white)).all() for plane in planes):
            return Told(LABELS, f"0 and {white} alone", sure=white in WHITE)
    if "classes" in card.model_fields_set and highest < card.classes:
        return Told(LABELS, f"whole numbers up to {highest}, below the {card.classes} classes")
    return of_many(answers, planes, highest)


def of_many(answers: Sequence[ImageAnswer], planes: Sequence[NDArray[Any]], highest: int) -> Told:
    """Return that many whole numbers are objects, each of which lies in one piece."""
    values, pieces = (sum(counts) for counts in zip(*map(counted, planes), strict=True))
    if pieces <= PIECES * values:
        most = max(int(np.unique(plane[plane > 0]).size) for plane in planes)
        return Told(OBJECTS, f"whole numbers, each in one piece, up to {most} in an image")
    raise ModelError(
        f"{answers[0].name}: {values} whole numbers up to {highest} in {pieces} pieces are neither "
        f"objects, each in one piece, nor 0 and 1; {DECLARE}, with --classes where there are more "
        "than two"
    )


def counted(plane: NDArray[Any]) -> tuple[int, int]:
    """Return how many numbers above 0 a plane holds, and in how many connected pieces.

    >>> counted(np.array([[1, 0, 2], [1, 0, 0], [0, 0, 2]]))
    (2, 3)
    """
    from skimage.measure import label

    whole = plane.astype(np.int64)
    return int(np.unique(whole[whole > 0]).size), int(label(whole, connectivity=2).max())  # type: ignore[no-untyped-call]


def of_fractions(answers: Sequence[ImageAnswer], planes: Sequence[NDArray[Any]]) -> Told:
    """Return that fractions from 0 to 1 are the probability of the foreground."""
    for one, plane in zip(answers, planes, strict=True):
        if not is_share(plane):
            low, high = float(plane.min()), float(plane.max())
            raise ModelError(
                f"{one.name}: numbers from {low:.3g} to {high:.3g} are neither labels nor "
                f"probabilities; {DECLARE}"
            )
    return Told(PROBABILITY, "fractions from 0 to 1")


def of_channels(answers: Iterable[ImageAnswer], card: Card) -> Told:
    """Return that several numbers a pixel, which sum to one, are its probabilities of classes."""
    for one in answers:
        shape, size = one.output.shape, one.size
        where = {(card.classes, *size): 0, (*size, card.classes): -1}.get(shape)
        if size not in (shape[:2], shape[-2:]):
            raise ModelError(
                f"{one.name}: an output of shape {shape} for an image of {size} (Y, X); it must be "
                "as large as the image"
            )
        if where is None:
            raise ModelError(
                f"{one.name}: an output of shape {shape} for an image of {size} (Y, X) and "
                f"{card.classes} classes; return one number a pixel, or say --classes and --output"
            )
        apart = np.abs(one.output.sum(where, dtype=np.float64) - 1).max()
        if not is_share(one.output) or apart > ROUNDING:
            raise ModelError(
                f"{one.name}: the {card.classes} channels of a pixel do not sum to one; {DECLARE}"
            )
    return Told("softmax", f"{card.classes} channels that sum to one")


def is_share(numbers: NDArray[Any]) -> bool:
    """Return whether all numbers lie in 0..1, but for rounding."""
    return bool(numbers.min() >= -ROUNDING and numbers.max() <= 1 + ROUNDING)
