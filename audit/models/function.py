"""A Python function as a segmenter: arrays in, labels or probabilities out, no gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from audit.errors import ModelError, text_of
from audit.models.decoder import Decoder
from audit.models.segmenter import Prediction, Segmenter, Traits, check_logits, highest
from audit.models.torch_module import LABELS, check_range

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from torch import Tensor

    from audit.models.card import Card
    from audit.models.identity import Identity


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function that takes a batch (B, Y, X[, C]) of images and gives one output for each.

    A function that takes one image (Y, X[, C]) needs no such wrapper.
    """

    batch: Callable[[NDArray[np.float32]], Any]


class FunctionSegmenter(Segmenter):
    """Any function of arrays behind the contract of `Segmenter`.

    It is shown float32 images (Y, X), or (Y, X, C) where there are several channels, in their own
    intensities, and gives what the card's `output` says: class numbers (Y, X); one number a pixel
    (Y, X); or logits or probabilities of K classes, (Y, X, K) or (K, Y, X).
    """

    def __init__(self, function: Callable[..., Any] | Function, card: Card, who: Identity) -> None:
        self.function = function
        self.card = card
        self.decoder = Decoder(card)
        self.traits = Traits(
            digest=who.digest,
            classes=self.decoder.classes,
            channels=card.channels if "channels" in card.model_fields_set else None,
            range=card.range,
            output=card.output,
            access="live",
            pixel_um=card.pixel_um,
            halo=card.halo,
            doubt=who.said,
        )

    def predict(self, images: Tensor) -> Prediction:
        """Return the prediction for raw images (B, C, Y, X); labels alone where it gives these."""
        if self.card.output == LABELS:
            found = paired(self.answers(images), images)
            numbers = [class_numbers(one, image, self.card) for one, image in found]
            return Prediction(labels=torch.stack(numbers).to(images.device))
        output = self.output(images)
        logits = self.decoded(output, images)
        labels = highest(logits)
        objects = self.decoder.objects(output, labels)
        return Prediction(labels=labels, probabilities=logits.softmax(1), instances=objects)

    def logits(self, images: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) of raw images (B, C, Y, X), without a graph."""
        if self.card.output == LABELS:
            raise ModelError("the function gives labels: it has no logits")
        return self.decoded(self.output(images), images)

    def decoded(self, output: Tensor, images: Tensor) -> Tensor:
        """Return the logits of what the function gave, checked."""
        return check_logits(self.decoder.logits(output), images, self.traits.classes)

    def output(self, images: Tensor) -> Tensor:
        """Return what the function gives as channels (B, C, Y, X), checked."""
        found = self.answers(images)
        planes = [
            channels(one, image, self.card, self.decoder) for one, image in paired(found, images)
        ]
        output = torch.stack(planes).to(images.device)
        return check_range(output, self.card.output, self.decoder.heads)

    def answers(self, images: Tensor) -> list[NDArray[Any]]:
        """Return what the function says of each image, as an array."""
        try:
            shown = as_arrays(images)
            if isinstance(self.function, Function):
                return [array_of(one) for one in self.function.batch(shown)]
            return [array_of(self.function(one)) for one in shown]
        except Exception as error:
            # A stranger's code raises what it likes.
            reason = text_of(error).strip().splitlines()[-1:] or [type(error).__name__]
            shape = tuple(images.shape)
            raise ModelError(f"failed on images of shape {shape}: {reason[0]}") from error


def as_arrays(images: Tensor) -> NDArray[np.float32]:
    """Return images (B, C, Y, X) as a copy (B, Y, X), or (B, Y, X, C) of several channels."""
    arrays = images.detach().permute(0, 2, 3, 1).cpu().numpy().copy()
    return arrays[..., 0] if arrays.shape[-1] == 1 else arrays


def array_of(output: Any) -> NDArray[Any]:
    """Return an output as an array; tensors leave their graph and their device."""
    return output.detach().cpu().numpy() if isinstance(output, torch.Tensor) else np.asarray(output)


def paired(found: list[NDArray[Any]], images: Tensor) -> list[tuple[NDArray[Any], tuple[int, int]]]:
    """Return each answer with the size (Y, X) of its image; ModelError where one is missing."""
    if len(found) != len(images):
        raise ModelError(f"gave {len(found)} outputs for a batch of {len(images)} images")
    height, width = images.shape[-2:]
    return [(one, (height, width)) for one in found]


def class_numbers(output: NDArray[Any], size: tuple[int, int], card: Card) -> Tensor:
    """Return class numbers (Y, X), int64; ModelError where they are none."""
    if output.shape != size:
        raise ModelError(f"expected labels of shape {size} (Y, X), got {output.shape}")
    labels = output.astype(np.int64)
    if not np.array_equal(labels, output):
        raise ModelError('declared as labels, but the output has fractions; say output="softmax"')
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= card.classes:
        raise ModelError(
            f"gave the label {high if high >= card.classes else low}, but the model has "
            f"{card.classes} classes, 0 to {card.classes - 1}; say classes=, or return "
            "`objects > 0` where the numbers are objects"
        )
    return torch.from_numpy(labels)


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
    return torch.from_numpy(np.ascontiguousarray(output, dtype=np.float32))
