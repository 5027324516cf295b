"""A torch module as a segmenter: normalised, padded to its stride, its output made into logits."""

from __future__ import annotations

from contextlib import suppress
from copy import copy, deepcopy
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from audit.errors import ModelError, text_of
from audit.models.decoder import Decoder, turned
from audit.models.manner import Manner, framed
from audit.models.numbers import among_classes
from audit.models.segmenter import (
    LABELS,
    Prediction,
    Segmenter,
    Traits,
    check_logits,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.models.card import Card
    from audit.models.turned import Turned

VOLUME = 5
"""Dimensions of the weights of a convolution over volumes."""

DEEP = "; it seems to be a network of three dimensions, and these images have two"

TOLERANCE = 0.01
"""How far from 0, 1 and a sum of 1 rounding may push a probability."""


class TorchSegmenter(Segmenter):
    """Any torch module behind the contract of `Segmenter`; parameters are frozen."""

    def __init__(
        self,
        module: nn.Module,
        card: Card,
        *,
        digest: str,
        device: str = "cpu",
        doubt: str = "",
        found: Mapping[str, object] | None = None,
    ) -> None:
        # Keeps the mode in which it was loaded: curing a model of its batch statistics by
        # calling eval() here would hide the flaw that pipeline probes look for.
        self.module = module.to(device)
        # Weights of five dimensions have no such layout.
        with suppress(RuntimeError):
            self.module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        for parameter in self.module.parameters():
            parameter.requires_grad_(False)  # noqa: FBT003 (torch takes it by position)
        self.card = card
        self.decoder = Decoder(card)
        self.manner = Manner.of(card, module)
        self.traits = Traits(
            digest=digest,
            classes=self.decoder.classes,
            channels=card.channels,
            range=card.range,
            output=card.output,
            access="live" if card.output == LABELS else "gradients",
            pixel_um=card.pixel_um,
            halo=card.halo,
            stride=card.stride,
            decodes_objects=self.decoder.makes_objects,
            doubt=doubt,
            found=found or {},
        )

    def logits(self, images: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) of raw images (B, C, Y, X) of any size."""
        if self.card.output == LABELS:
            raise ModelError("the network gives labels: it has no logits")
        return self.decoded(self.judged(images), images)

    def predict(self, images: Tensor) -> Prediction:
        """Return the prediction for raw images (B, C, Y, X), with objects where they are made."""
        with torch.inference_mode():
            output = self.judged(images)
            if self.card.output == LABELS:
                return Prediction(labels=class_numbers(output, self.card.classes))
            return self.decoder.prediction(output, self.decoded(output, images))

    def redecoded(self, images: Tensor, turns: Sequence[Turned]) -> list[Prediction]:
        """Return the predictions of one pass under other parameters of the decoder."""
        with torch.inference_mode():
            output = self.judged(images)
            return turned(output, self.card, turns)

    def decoded(self, output: Tensor, images: Tensor) -> Tensor:
        """Return the logits of a network's channels, checked."""
        return check_logits(self.decoder.logits(output), images, self.traits.classes)

    def judged(self, images: Tensor) -> Tensor:
        """Return the network's channels (B, C, Y, X), which are as many and what is declared."""
        output = self.channels(images)
        expected = (len(images), self.decoder.channels, *images.shape[-2:])
        if tuple(output.shape) != expected:
            raise ModelError(
                f"expected an output of shape {expected} for images of shape "
                f"{tuple(images.shape)}, got {tuple(output.shape)}; check heads, classes, stride "
                "and halo in the model's card"
            )
        return check_range(output, self.card.output, self.decoder.heads)

    def channels(self, images: Tensor) -> Tensor:
        """Return whatever channels (B, C, Y, X) the network gives for raw images (B, C, Y, X)."""
        if images.shape[1] != self.card.channels:
            raise ModelError(
                f"the model takes {self.card.channels} channels, the images have {images.shape[1]}"
                "; say --channels where it takes as many"
            )
        return self.answer(normalise(images, self.card), self.manner)

    def answer(self, images: Tensor, manner: Manner) -> Tensor:
        """Return the network's channels for normalised images that are handed to it in a manner."""
        inputs = manner.shown(images)
        try:
            output = manner.read(self.module(inputs), (images.shape[-2], images.shape[-1]))
        except Exception as error:
            # A stranger's code raises what it likes, TorchScript an exception of no known family.
            reason = text_of(error).strip().splitlines()[-1:] or [type(error).__name__]
            deep = DEEP if any(one.ndim == VOLUME for one in self.module.parameters()) else ""
            raise ModelError(
                f"failed on images of shape {tuple(images.shape)}: {reason[0]}{deep}"
            ) from error
        if len(output) != len(images):
            raise ModelError(
                f"returned something for {len(output)} images when it was shown {len(images)}: let "
                "it keep the dimension of the batch"
            )
        return output

    def adapted(self, manner: Manner) -> TorchSegmenter:
        """Return the same network, shown images and read in another manner; another model by it."""
        found = manner.beyond(self.manner)
        if not found:
            return self
        other = copy(self)
        other.manner = manner
        changes = {"stride": manner.stride} if "stride" in found else {}
        other.traits = self.traits.with_found(found, **changes)
        return other

    def evaluated(self) -> TorchSegmenter | None:
        """Return a copy with no part in training mode; None where this one has none."""
        if not any(part.training for part in self.module.modules()):
            return None
        other = copy(self)
        other.module = deepcopy(self.module).eval()
        return other


def class_numbers(output: Tensor, classes: int) -> Tensor:
    """Return class numbers (B, Y, X) of labels (B, 1, Y, X); ModelError where they are none."""
    labels = output[:, 0].long()
    if not torch.equal(labels.float(), output[:, 0]):
        raise ModelError("declared as labels, but the output has fractions")
    return among_classes(labels, classes)


def normalise(images: Tensor, card: Card) -> Tensor:
    """Return images (B, C, Y, X) as the network wants them, each by itself but for "batch"."""
    axes = (1, 2, 3)
    if card.normalisation == "zscore":
        return zscore(images, axes)
    if card.normalisation == "batch":
        return zscore(images, (0, *axes))
    if card.normalisation == "dataset":
        if card.statistics is None:
            raise ModelError("normalisation 'dataset' needs the statistics in the model's card")
        return (images - card.statistics[0]) / (card.statistics[1] + 1e-6)
    if card.normalisation == "minmax":
        low, high = images.amin(axes, keepdim=True), images.amax(axes, keepdim=True)
        return (images - low) / (high - low + 1e-6)
    if card.normalisation == "percentile":
        return by_percentiles(images, card.percentiles)
    return by_range(images, card) if card.normalisation == "range" else images


def by_range(images: Tensor, card: Card) -> Tensor:
    """Return images in which the declared range is 0 to 1."""
    if card.range is None:
        raise ModelError("normalisation 'range' needs a declared range in the model's card")
    return (images - card.range[0]) / (card.range[1] - card.range[0])


def zscore(images: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Return images less their mean over the axes, in units of their standard deviation there."""
    spread, mean = torch.std_mean(images, axes, correction=0, keepdim=True)
    return (images - mean) / (spread + 1e-6)


def by_percentiles(images: Tensor, percentiles: tuple[float, float]) -> Tensor:
    """Return images (B, C, Y, X) whose low and high percentile, each image's own, are 0 and 1.

    Differentiable: a percentile is interpolated between two pixels, as numpy's is.
    """
    ordered = images.flatten(1).sort(1).values
    low, high = (at_rank(ordered, each / 100)[:, None, None, None] for each in percentiles)
    return (images - low) / (high - low + 1e-6)


def at_rank(ordered: Tensor, share: float) -> Tensor:
    """Return the value (B,) below which a share of ordered values (B, N) lies."""
    place = share * (ordered.shape[1] - 1)
    below = int(place)
    above = min(below + 1, ordered.shape[1] - 1)
    return ordered[:, below].lerp(ordered[:, above], place - below)


def pad(images: Tensor, stride: int) -> Tensor:
    """Return images padded at the far ends, by reflection, to multiples of the stride."""
    return framed(images, Manner(stride=stride))


def check_range(output: Tensor, kind: str, heads: Sequence[str]) -> Tensor:
    """Return the channels, or raise ModelError where declared probabilities are none."""
    if kind not in ("softmax", "sigmoid"):
        return output
    values = output.detach()
    values = values[:, [number for number, head in enumerate(heads) if head != "distance"]]
    low, high = (float(end) for end in values.aminmax()) if values.numel() else (0.0, 0.0)
    if low < -TOLERANCE or high > 1 + TOLERANCE:
        raise ModelError(
            f"declared as {kind}, but the output runs from {low:.3g} to {high:.3g}: no "
            f"probabilities; say --output {'logits' if kind == 'softmax' else 'sigmoid-logits'}, "
            "or output = in the model's card"
        )
    if kind == "softmax" and float((values.sum(1) - 1).abs().max()) > TOLERANCE:
        raise ModelError("declared as softmax, but the classes of a pixel do not sum to one")
    return output
