"""What a probe sees of one unit of work: a model, a block of images, their truth; no record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import torch

from audit.imaging.overlay import shades_of
from audit.meaning import IGNORE
from audit.measurement import rounded
from audit.probing.look import Look
from audit.role import REFERENCE, Role
from audit.tasks.named import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from torch import Generator, Tensor

    from audit.datasets.sample import Sample
    from audit.measurement import Measurement, Scalar
    from audit.models.decoder import Turned
    from audit.models.segmenter import Prediction, Segmenter
    from audit.probing.audited import Audit


class Asking(Protocol):
    """What a case knows of the probe that asks."""

    @property
    def name(self) -> str:
        """The probe's name, which keys its random streams."""

    @property
    def after(self) -> tuple[str, ...]:
        """The probes whose rows it reads."""


def generator(seed: int, *key: object) -> Generator:
    """Return the random stream of a key, independent of order, block and machine."""
    digest = hashlib.sha256(json.dumps([seed, *key], sort_keys=True).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little") >> 1)


@dataclass
class Block:
    """Images of one shape on the device, read once and shared by all probes that see them."""

    samples: tuple[Sample, ...]
    device: str = "cpu"
    predictions: dict[Role, Prediction] = field(default_factory=dict)
    _shades: dict[int, tuple[float, float]] = field(default_factory=dict)
    _truths: dict[str, Tensor] = field(default_factory=dict)

    @cached_property
    def images(self) -> Tensor:
        """Raw images (B, C, Y, X), float32."""
        return torch.stack([torch.from_numpy(s.image()) for s in self.samples]).to(self.device)

    def shades(self, number: int) -> tuple[float, float]:
        """Return what is shown as black and as white in every picture of one image."""
        if number not in self._shades:
            self._shades[number] = shades_of(self.images[number])
        return self._shades[number]

    @cached_property
    def masks(self) -> Tensor:
        """True classes (B, Y, X), int64; IGNORE where nobody judged."""
        masks = [torch.from_numpy(s.mask()) for s in self.samples if s.mask is not None]
        return torch.stack(masks).to(self.device)

    def truth(self, task: str) -> Tensor:
        """Return what a task's answer should be for each image (B, Y, X)."""
        if task not in self._truths:
            truth = named(task).truth
            both = zip(self.samples, self.masks, strict=True)
            self._truths[task] = torch.stack([truth(*one) for one in both])
        return self._truths[task]


class Case:
    """All that a probe may see of one unit: a model, a block of images, their truth; no record."""

    def __init__(
        self,
        audit: Audit,
        role: Role | str,
        probe: Asking,
        block: Block,
        rows: Callable[[str], Iterable[Measurement]],
    ) -> None:
        self.audit, self.role, self.probe = audit, Role.read(role), probe
        self.block, self._rows = block, rows
        self.samples = block.samples
        if self.role in audit.models:
            # A probe that needs none is put to an audit without a model as well.
            self.model = audit.models[self.role]
        self.reference = audit.models.get(REFERENCE)
        self.log = audit.log
        self.passes = 0.0
        self.gradients = 0.0

    @property
    def images(self) -> Tensor:
        """Raw images (B, C, Y, X) of this unit; never written to."""
        return self.block.images

    @property
    def masks(self) -> Tensor:
        """True classes (B, Y, X) of this unit; IGNORE where nobody judged."""
        return self.block.masks

    @property
    def main(self) -> str:
        """The metric of the task that a score is known by."""
        return named(self.audit.task).main

    @property
    def truth(self) -> Tensor:
        """What the task's answer should be (B, Y, X): classes, or object numbers; or IGNORE."""
        return self.block.truth(self.audit.task)

    @property
    def pixel_um(self) -> float:
        """The edge of a pixel in micrometres, the same for the whole block."""
        size = self.samples[0].pixel_um
        assert size is not None, "a probe that uses the pixel size must say so in its needs"
        return size

    @property
    def clean(self) -> Prediction:
        """The prediction for the untouched images, computed once a block and model."""
        if self.role not in self.block.predictions:
            self.block.predictions[self.role] = self.predict(self.images)
        return self.block.predictions[self.role]

    def looks(self, **at: Scalar) -> list[Look]:
        """Return each image of this unit, under a condition."""
        return [Look(self, number, at) for number in range(len(self.samples))]

    def shades(self, number: int) -> tuple[float, float]:
        """Return what is shown as black and as white in every picture of one image."""
        return self.block.shades(number)

    def part(self, name: str) -> Sequence[Sample]:
        """Return the audit's samples of one part, unread."""
        return [sample for sample in self.audit.samples if sample.part == name]

    def predict(self, images: Tensor, model: Segmenter | None = None) -> Prediction:
        """Return the prediction for exactly this batch, without gradients; the passes are counted.

        Of this unit's model, unless another is given.
        """
        self.passes += self._cost(images)
        return (model or self.model).predict(images)

    def redecoded(self, turns: Sequence[Turned]) -> list[Prediction]:
        """Return predictions for the untouched images under other parameters of the decoder.

        The network is asked once for all of them.
        """
        self.passes += self._cost(self.images)
        return self.model.redecoded(self.images, turns)

    def logits(self, images: Tensor) -> Tensor:
        """Return differentiable logits (B, K, Y, X) of exactly this batch; counted."""
        self.passes += self._cost(images)
        self.gradients += self._cost(images) if images.requires_grad else 0.0
        return self.model.logits(images)

    def score(
        self,
        images: Tensor,
        prediction: Prediction | None = None,
        truth: Tensor | None = None,
        **at: Scalar,
    ) -> Iterator[Measurement]:
        """Yield how well a prediction meets the task's truth for each image, with its picture.

        Of these images, unless another prediction is given; against this unit's truth, unless
        another is (where the image was moved, its truth moves with it).
        """
        prediction = self.predict(images) if prediction is None else prediction
        truth, task = self.truth if truth is None else truth, named(self.audit.task)
        for number, look in enumerate(self.looks(**at)):
            found, there = prediction.of(number), truth[number]
            first, *more = (
                look.row(one.metric, one.value, weight=one.weight, why=one.why, **one.at)
                for one in task.score(
                    found,
                    there,
                    classes=self.model.traits.classes,
                    complete=look.sample.complete,
                )
            )
            seen = task.seen(found, there != IGNORE)
            yield look.drawn(first, images[number], there, seen)
            yield from more

    def generators(self, **at: Scalar) -> list[Generator]:
        """Return one random stream a sample, keyed by (seed, probe, sample, condition)."""
        return [self.generator(sample, at) for sample in self.samples]

    def generator(self, sample: Sample, at: Mapping[str, Scalar]) -> Generator:
        """Return the random stream keyed by (seed, probe, sample, condition)."""
        key = {name: rounded(value) for name, value in at.items()}
        return generator(self.audit.seed, self.probe.name, sample.id, key)

    def rows(self, probe: str) -> list[Measurement]:
        """Return the rows of a probe named in `after`: of these samples, or without a sample."""
        if probe not in self.probe.after:
            raise KeyError(f"{self.probe.name} reads {probe} but does not name it in `after`")
        return list(self._rows(probe))

    def _cost(self, images: Tensor) -> float:
        """Return forward passes in units of one untouched image."""
        native = self.samples[0].shape if self.samples else self.audit.samples[0].shape
        return float(len(images) * images[0, 0].numel() / (native[1] * native[2]))
