"""A torch module as a segmenter: normalised, padded to its stride, its output made into logits."""

from __future__ import annotations

from copy import copy, deepcopy
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from audit.errors import ModelError, text_of
from audit.models.segmenter import Segmenter, Traits, check_logits

if TYPE_CHECKING:
    from audit.models.card import Card

SMALLEST_PROBABILITY = 1e-6
"""Probabilities are kept this far from 0 and 1, so that their logarithm stays finite."""

TOLERANCE = 0.01
"""How far from 0, 1 and a sum of 1 rounding may push a probability."""

ROUNDING = 1e-3
"""How far a sum of probabilities in half precision or better is from 1 at most."""


class TorchSegmenter(Segmenter):
    """Any torch module behind the contract of `Segmenter`; parameters are frozen."""

    def __init__(
        self, module: nn.Module, card: Card, *, digest: str, device: str = "cpu", doubt: str = ""
    ) -> None:
        # Keeps the mode in which it was loaded: curing a model of its batch statistics by
        # calling eval() here would hide the flaw that pipeline probes look for.
        self.module = module.to(device)
        self.module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        for parameter in self.module.parameters():
            parameter.requires_grad_(False)  # noqa: FBT003 (torch takes it by position)
        self.card = card
        self.unseen = True
        self.traits = Traits(
            digest=digest,
            classes=card.classes,
            channels=card.channels,
            range=card.range,
            output=card.output,
            pixel_um=card.pixel_um,
            halo=card.halo,
            stride=card.stride,
            doubt=doubt,
        )

    def logits(self, images: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) of raw images (B, C, Y, X) of any size."""
        if images.shape[1] != self.card.channels:
            raise ModelError(
                f"the model takes {self.card.channels} channels, the images have {images.shape[1]}"
            )
        height, width = images.shape[-2:]
        inputs = pad(normalise(images, self.card), self.card.stride)
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        # A module may write to its input; the images are everybody's.
        inputs = inputs.clone() if inputs.data_ptr() == images.data_ptr() else inputs
        try:
            output = plain_tensor(self.module(inputs))
        except Exception as error:
            # A stranger's code raises what it likes, TorchScript an exception of no known family.
            reason = text_of(error).strip().splitlines()[-1:] or [type(error).__name__]
            raise ModelError(f"failed on images of shape {tuple(images.shape)}: {reason[0]}") from (
                error
            )
        if output.shape[-2:] == inputs.shape[-2:]:
            output = output[..., :height, :width]
        if self.unseen:
            refuse_probabilities(output, self.card.output)
            self.unseen = False
        output = as_logits(check_range(output.float(), self.card.output), self.card.output)
        return check_logits(output, images, self.card.classes)

    def evaluated(self) -> TorchSegmenter | None:
        """Return a copy with no part in training mode; None where this one has none."""
        if not any(part.training for part in self.module.modules()):
            return None
        other = copy(self)
        other.module = deepcopy(self.module).eval()
        return other


def plain_tensor(output: object) -> Tensor:
    """Return a tensor without its subclass's own code, which could raise wherever it is used.

    Raises ModelError where it is no tensor.
    """
    if not isinstance(output, Tensor):
        raise ModelError(f"expected a tensor, got {type(output).__name__}")
    if type(output) is Tensor:
        return output
    with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001 (torch has no public name for it)
        return Tensor.as_subclass(output, Tensor)


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
    if card.normalisation == "range":
        if card.range is None:
            raise ModelError("normalisation 'range' needs a declared range in the model's card")
        return (images - card.range[0]) / (card.range[1] - card.range[0])
    return images


def zscore(images: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Return images less their mean over the axes, in units of their standard deviation there."""
    spread, mean = torch.std_mean(images, axes, correction=0, keepdim=True)
    return (images - mean) / (spread + 1e-6)


def pad(images: Tensor, stride: int) -> Tensor:
    """Return images padded at the far ends, by reflection, to multiples of the stride."""
    height, width = images.shape[-2:]
    below, right = -height % stride, -width % stride
    if not (below or right):
        return images
    # Reflection needs more pixels than it adds; an image smaller than that repeats its edge.
    mode = "reflect" if below < height and right < width else "replicate"
    return nn.functional.pad(images, (0, right, 0, below), mode=mode)


def check_range(output: Tensor, kind: str) -> Tensor:
    """Return the output, or raise ModelError where declared probabilities are none."""
    if kind not in ("softmax", "probability"):
        return output
    low, high = (float(end) for end in output.detach().aminmax())
    if low < -TOLERANCE or high > 1 + TOLERANCE:
        raise ModelError(
            f"declared as {kind}, but the output runs from {low:.3g} to {high:.3g}; declare "
            f"output = {'logits' if kind == 'softmax' else 'sigmoid'!r} in the model's card"
        )
    total = output.detach().sum(1)
    if kind == "softmax" and float((total - 1).abs().max()) > TOLERANCE:
        raise ModelError("declared as softmax, but the classes of a pixel do not sum to one")
    return output


def refuse_probabilities(output: Tensor, kind: str) -> None:
    """Raise ModelError where the logits of an image are probabilities of its classes.

    Softmax of probabilities would leave none above 0.73: every threshold and every calibration
    would be judged on numbers that the model never gave.
    """
    if kind != "logits":
        return
    values = output.detach()
    apart = float((values.sum(1) - 1).abs().max())
    if not (float(values.min()) >= 0 and apart <= ROUNDING):
        return
    raise ModelError(
        "declared as logits (the default), but the classes of every pixel sum to one: these are "
        "probabilities; say --output softmax, or output = 'softmax' in the model's card"
    )


def as_logits(output: Tensor, kind: str) -> Tensor:
    """Return K-class logits from logits, probabilities, or a single foreground channel.

    A foreground logit s becomes (-s/2, s/2), so that softmax gives back its sigmoid.
    """
    if kind == "logits":
        return output
    if kind == "softmax":
        return output.clamp_min(SMALLEST_PROBABILITY).log()
    if kind == "probability":
        output = output.clamp(SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY).logit()
    return torch.cat((-output / 2, output / 2), 1)
