"""What a function, a command or a file says of an image, checked, as tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from audit.errors import ModelError
from audit.models.segmenter import LABELS, OBJECTS, PROBABILITY
from audit.models.telling import WHITE, flat

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from audit.models.card import Card
    from audit.models.decoder import Decoder

BINARY = 2

SHARES = (PROBABILITY, "softmax")
"""Outputs that lie in 0..1."""


def class_numbers(output: NDArray[Any], size: tuple[int, int], card: Card) -> Tensor:
    """Return class numbers (Y, X), int64; ModelError where they are none."""
    labels = whole_numbers(output, size, card)
    high = int(labels.max())
    if high in WHITE and card.classes == BINARY and bool(((labels == 0) | (labels == high)).all()):
        return (labels > 0).long()
    return among_classes(labels, card.classes, ", or --output objects where they are objects")


def among_classes(labels: Tensor, classes: int, remedy: str = "") -> Tensor:
    """Return class numbers of any shape as they are; ModelError where one is no class."""
    low, high = (int(end) for end in labels.aminmax())
    if low < 0 or high >= classes:
        raise ModelError(
            f"gave the label {high if high >= classes else low}, but the model has {classes} "
            f"classes, 0 to {classes - 1}; say --classes{remedy}"
        )
    return labels


def object_numbers(output: NDArray[Any], size: tuple[int, int], card: Card) -> Tensor:
    """Return object numbers (Y, X), int64, background 0; ModelError where they are none."""
    if card.classes != BINARY:
        raise ModelError(f"objects are of one class, but the model has {card.classes} classes")
    numbers = whole_numbers(output, size, card)
    if int(numbers.min()) < 0:
        raise ModelError(
            f"gave the object {int(numbers.min())}; the background is 0, objects above"
        )
    return numbers


def whole_numbers(output: NDArray[Any], size: tuple[int, int], card: Card) -> Tensor:
    """Return whole numbers (Y, X), int64; ModelError where they are none."""
    plane = flat(output, size)
    if plane is None:
        raise ModelError(
            f"expected {card.output} of shape {size} (Y, X), got {output.shape}; it must be as "
            "large as the image, one number a pixel"
        )
    with np.errstate(invalid="ignore"):
        numbers = plane.astype(np.int64)
    if not np.array_equal(numbers, plane):
        raise ModelError(
            f"taken for {card.output}, but the output has fractions; "
            "say --output sigmoid or softmax"
        )
    return torch.from_numpy(numbers)


NUMBERS = {LABELS: class_numbers, OBJECTS: object_numbers}
"""What makes whole numbers of the outputs that are such."""


def channels(output: NDArray[Any], size: tuple[int, int], card: Card, decoder: Decoder) -> Tensor:
    """Return an output as (C, Y, X), float32, wherever its channels stand."""
    count = decoder.channels
    if count == 1 and output.shape == size:
        output = output[..., None]
    if output.shape == (*size, count):
        output = np.moveaxis(output, -1, 0)
    if output.shape != (count, *size):
        raise ModelError(
            f"declared as {card.output} of {decoder.classes} classes: expected a shape of "
            f"{(*size, count)} or {(count, *size)}, got {output.shape}; say what it gives by "
            "output=, classes= and heads="
        )
    if card.output in SHARES and output.dtype.kind in "ui" and output.max() > 1:
        raise ModelError(
            f"declared as {card.output}, but gave whole numbers up to {output.max()}; divide them "
            "by the highest that there can be, such as 255"
        )
    return torch.from_numpy(np.ascontiguousarray(output, dtype=np.float32))
