"""The one contract of a model under audit: raw images in, logits or labels out, checked."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

import torch

from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from audit.models.decoder import Turned

LADDER = ("outputs", "live", "gradients")
"""What a model lets itself be asked: recorded answers to untouched images; answers to any image;
and how they change with the image. Who gives more gives what stands below it too."""

LABELS: Final = "labels"
OBJECTS: Final = "objects"
"""Outputs that are no probabilities: class numbers, and one number an object."""

PROBABILITY: Final = "sigmoid"
"""The output that is one probability of the foreground."""


class Shown(Protocol):
    """What a model may know of an image that it will be asked about."""

    @property
    def id(self) -> str:
        """The name in the record: the dataset, then the path without its ending."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """The shape (C, Y, X)."""

    @property
    def part(self) -> str:
        """The role of the image: "test", "train" or "other"."""

    @property
    def image(self) -> Callable[[], NDArray[np.float32]]:
        """What reads its pixels (C, Y, X)."""


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What a model declares of itself, or was found to be.

    `range` is the lowest and highest intensity that an input may hold, in the images' own units;
    None where nobody said. `channels` is how many an image must have, None where any will do.
    `output` says what the file gives before it is made into logits. `access` is the rung of LADDER
    on which it stands. `pixel_um` is the pixel size that the model expects, `halo` the border in
    px that it cannot judge, `stride` what sizes are padded to. `decodes_objects` says that objects
    are made of what the file gives. `doubt` says where the digest could not be made from the model
    itself. `found` is what nobody declared and was told from the model
    or its answers, by name.
    """

    digest: str
    classes: int = 2
    channels: int | None = None
    range: tuple[float, float] | None = None
    output: str = "logits"
    access: str = "gradients"
    pixel_um: float | None = None
    halo: int = 0
    stride: int = 1
    decodes_objects: bool = False
    isolation: str = "none: the model runs in this process"
    doubt: str = ""
    found: Mapping[str, object] = field(default_factory=dict)

    @property
    def probable(self) -> bool:
        """Whether it gives probabilities, and not only what is where."""
        return self.output not in (LABELS, OBJECTS)

    @property
    def objects(self) -> bool:
        """Whether it tells objects apart, and not only classes."""
        return self.decodes_objects or self.output == OBJECTS

    def gives(self, rung: str) -> bool:
        """Return whether its access reaches a rung of the ladder."""
        return LADDER.index(self.access) >= LADDER.index(rung)

    def with_found(self, found: Mapping[str, object], **changes: Any) -> Traits:
        """Return the traits of the same model read in a way that was found: another model by it."""
        told = json.dumps([self.digest, sorted(found.items())], default=str)
        digest = hashlib.sha256(told.encode()).hexdigest()[:16]
        return replace(self, digest=digest, found={**self.found, **found}, **changes)


@dataclass(frozen=True)
class Prediction:
    """What a model says of a batch; a model of label images has labels only.

    Labels (B, Y, X) are class numbers, probabilities (B, K, Y, X) sum to one over K, instances
    (B, Y, X) are object numbers.
    """

    labels: Tensor
    probabilities: Tensor | None = None
    instances: Tensor | None = None

    def of(self, number: int) -> Prediction:
        """Return what is said of one image, as a batch of one."""
        return self.mapped(lambda plane: plane[number : number + 1])

    def mapped(self, change: Callable[[Tensor], Tensor]) -> Prediction:
        """Return the prediction with a change made to each of its planes."""
        return Prediction(
            labels=change(self.labels),
            probabilities=None if self.probabilities is None else change(self.probabilities),
            instances=None if self.instances is None else change(self.instances),
        )


class Segmenter:
    """A model under audit; runs exactly the batch that it is given and never writes to it.

    A differentiable model gives `logits`; one that gives label images overrides `predict`.
    """

    traits: Traits

    def logits(self, images: Tensor) -> Tensor:
        """Return differentiable logits (B, K, Y, X) of raw images (B, C, Y, X)."""
        raise NotImplementedError

    def predict(self, images: Tensor) -> Prediction:
        """Return the prediction for raw images (B, C, Y, X), without a graph."""
        with torch.inference_mode():
            logits = self.logits(images)
            return Prediction(labels=highest(logits), probabilities=logits.softmax(1))

    def redecoded(self, images: Tensor, turns: Sequence[Turned]) -> list[Prediction]:
        """Return the predictions of one pass under other parameters of the decoder.

        Raises ModelError where the objects are made by the model itself.
        """
        del images, turns
        raise ModelError("the model makes its objects itself: its decoder cannot be turned")

    def meet(self, samples: Sequence[Shown]) -> None:
        """Look at the images that will be asked about, before anything is; most need no look.

        Raises ModelError where the model, or what was declared of it, does not go with them.
        """

    def otherwise(self) -> Mapping[str, Segmenter]:
        """Return the same model under other readings of its description; none without one."""
        return {}

    def replay(self) -> tuple[float, str]:
        """Return which share of its published test output it does not give here, and "".

        Or not a number, and why there is none.
        """
        return math.nan, "the model brings no test tensors"

    def evaluated(self) -> Segmenter | None:
        """Return a copy on which eval() was called; None where nothing is left to be switched."""
        return None


def highest(logits: Tensor) -> Tensor:
    """Return the class (B, Y, X) of the highest of K logits, the lower class where they tie.

    A running maximum over the channels: argmax over dimension 1 is thirty times slower on a CPU.

    >>> highest(torch.tensor([[[[1.0, 2.0]], [[3.0, 2.0]], [[0.0, 5.0]]]])).tolist()
    [[[1, 2]]]
    """
    best, labels = logits[:, 0], torch.zeros_like(logits[:, 0], dtype=torch.int64)
    for number in range(1, logits.shape[1]):
        higher = logits[:, number] > best
        labels[higher] = number
        best = torch.maximum(best, logits[:, number])
    return labels


def check_logits(logits: object, images: Tensor, classes: int) -> Tensor:
    """Return the logits, or raise ModelError where shape or values break the contract."""
    expected = (len(images), classes, *images.shape[-2:])
    if not isinstance(logits, torch.Tensor):
        raise ModelError(f"expected a tensor of shape {expected}, got {type(logits).__name__}")
    if tuple(logits.shape) != expected:
        raise ModelError(
            f"expected an output of shape {expected} for images of shape {tuple(images.shape)}, "
            f"got {tuple(logits.shape)}; check classes, stride and halo in the model's card"
        )
    # A finite sum has finite terms: one cheap pass, and a careful one only where it fails.
    if not torch.isfinite(logits.detach().sum()) and not torch.isfinite(logits.detach()).all():
        share = 1 - float(torch.isfinite(logits.detach()).float().mean())
        raise ModelError(
            f"the output is not finite in {share:.2%} of its values (NaN or infinite)"
            + shown(images[~torch.isfinite(logits.detach()).flatten(1).all(1)])
        )
    return logits


def shown(images: Tensor) -> str:
    """Return which of the images (B, C, Y, X) has no contrast, in words; nothing where all have.

    Probes show black frames, and a model that divides by the brightest pixel fails on these alone.
    """
    flat = [float(image.flatten()[0]) for image in images if image.min() == image.max()]
    return f"; it was shown an image that is {flat[0]:g} everywhere" if flat else ""
