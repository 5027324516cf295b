"""What a contributor meets: a probe asks one question of a model and yields measurements.

A probe never judges, aggregates, prints, writes, seeds or catches: the runner owns all that.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import torch

from audit.errors import UsageError, suggest
from audit.imaging.overlay import draw, shades_of
from audit.measurement import Measurement, Scalar, rounded
from audit.metrics.overlap import confusion, region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from torch import Generator, Tensor

    from audit.datasets.sample import Sample
    from audit.logs.log import Log
    from audit.models.segmenter import Prediction, Segmenter

PARTIAL = "the truth annotates only part of the objects, so false positives mean nothing"
EMPTY = "nothing there and nothing predicted"
ABSENT = "nothing there to be found"

OTHER_FORMAT = "format:"
"""How the roles of further files of the audited model begin."""

LAST = "last"
"""The role of the audited model as it was when its training ended."""

Measured = tuple[str, "Sample", "Mapping[str, Scalar]"]
"""What a row is about: metric, sample, condition."""


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a probe cannot do without; masks and pixel size are needs of each sample.

    `model`: "none", "outputs" (recorded predictions suffice), "live" or "gradients". `naive` asks
    naive predictors too, which say what a score is worth. `formats` asks the audited model beside
    other files of the same network; `last` asks it beside the end of its own training.
    """

    model: Literal["none", "outputs", "live", "gradients"] = "live"
    masks: bool = False
    complete: bool = False
    probabilities: bool = False
    instances: bool = False
    log: bool = False
    reference: bool = False
    pixel_um: bool = False
    naive: bool = False
    formats: bool = False
    last: bool = False
    parts: tuple[str, ...] = ("test",)
    tasks: tuple[str, ...] = ("semantic",)


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Everything that is audited together: models by role, samples, training log, seed.

    Roles: "audited", "reference", "reference:2", "format:onnx", … Sample ids must be unique.
    """

    models: Mapping[str, Segmenter]
    samples: tuple[Sample, ...]
    log: Log | None = None
    seed: int = 0
    device: str = "cpu"
    task: str = "semantic"

    @property
    def formats(self) -> Mapping[str, Segmenter]:
        """Further files of the audited model, by what tells them apart."""
        return {
            role.removeprefix(OTHER_FORMAT): model
            for role, model in self.models.items()
            if role.startswith(OTHER_FORMAT)
        }


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One question. Settings are fields, frozen; a subclass gives the class variables and measures.

    `version` rises when the meaning of a probe's rows changes. `scope` is "images" (measure() is
    called once a block of images of one shape) or "audit" (once). `after` names the probes whose
    rows it reads.
    """

    name: ClassVar[str]
    asks: ClassVar[str]
    source: ClassVar[str]
    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    scope: ClassVar[Literal["images", "audit"]] = "images"
    after: ClassVar[tuple[str, ...]] = ()

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the measurements of one unit of work."""
        raise NotImplementedError

    @property
    def parameters(self) -> str:
        """The settings as canonical JSON: what the record keeps and a unit's key holds."""
        return json.dumps(asdict(self), sort_keys=True)


def above_zero(probe: Probe, *settings: str) -> None:
    """Raise UsageError where a setting, or one of its values, is not above zero."""
    for name in settings:
        if not all(one > 0 for one in values_of(probe, name)):
            raise UsageError(f"{probe.name}.{name}: expected above 0, got {getattr(probe, name)}")


def below(probe: Probe, bound: float, *settings: str) -> None:
    """Raise UsageError where a setting, or one of its values, is not below a bound."""
    for name in settings:
        if not all(one < bound for one in values_of(probe, name)):
            found = getattr(probe, name)
            raise UsageError(f"{probe.name}.{name}: expected below {bound:g}, got {found}")


def among(probe: Probe, known: Iterable[str], *settings: str) -> None:
    """Raise UsageError where a setting, or one of its values, is not among the known ones."""
    for name in settings:
        for one in values_of(probe, name):
            if one not in known:
                raise UsageError(f"{probe.name}.{name}: no {one!r}; {suggest(one, known)}")


def values_of(probe: Probe, setting: str) -> tuple[Any, ...]:
    """Return the values of a setting, also where there is one."""
    value = getattr(probe, setting)
    return value if isinstance(value, tuple) else (value,)


def generator(seed: int, *key: object) -> Generator:
    """Return the random stream of a key, independent of order, block and machine."""
    digest = hashlib.sha256(json.dumps([seed, *key], sort_keys=True).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little") >> 1)


@dataclass
class Block:
    """Images of one shape on the device, read once and shared by all probes that see them."""

    samples: tuple[Sample, ...]
    device: str = "cpu"
    predictions: dict[str, Prediction] = field(default_factory=dict)
    _shades: dict[int, tuple[float, float]] = field(default_factory=dict)

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
        """True classes (B, Y, X), int64."""
        masks = [torch.from_numpy(s.mask()) for s in self.samples if s.mask is not None]
        return torch.stack(masks).to(self.device)


class Case:
    """All that a probe may see of one unit: a model, a block of images, their truth; no record."""

    def __init__(
        self,
        audit: Audit,
        role: str,
        probe: Probe,
        block: Block,
        rows: Callable[[str], Iterable[Measurement]],
    ) -> None:
        self.audit, self.role, self.probe = audit, role, probe
        self.block, self._rows = block, rows
        self.samples = block.samples
        if role in audit.models:
            # A probe that needs none is put to an audit without a model as well.
            self.model = audit.models[role]
        self.reference = audit.models.get("reference")
        self.log = audit.log
        self.passes = 0.0
        self.gradients = 0.0

    @property
    def images(self) -> Tensor:
        """Raw images (B, C, Y, X) of this unit; never written to."""
        return self.block.images

    @property
    def masks(self) -> Tensor:
        """True classes (B, Y, X) of this unit."""
        return self.block.masks

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

    def part(self, name: str) -> Sequence[Sample]:
        """Return the audit's samples of one part, unread."""
        return [sample for sample in self.audit.samples if sample.part == name]

    def predict(self, images: Tensor, model: Segmenter | None = None) -> Prediction:
        """Return the prediction for exactly this batch, without a graph; counted.

        Of the model under audit, or of another.
        """
        self.passes += self._cost(images)
        return (model or self.model).predict(images)

    def logits(self, images: Tensor) -> Tensor:
        """Return differentiable logits (B, K, Y, X) of exactly this batch; counted."""
        self.passes += self._cost(images)
        self.gradients += self._cost(images) if images.requires_grad else 0.0
        return self.model.logits(images)

    def score(
        self,
        images: Tensor,
        prediction: Prediction | None = None,
        masks: Tensor | None = None,
        **at: Scalar,
    ) -> Iterator[Measurement]:
        """Yield the overlap of prediction and truth for each image, with its picture."""
        prediction = self.predict(images) if prediction is None else prediction
        masks = self.masks if masks is None else masks
        for number, sample in enumerate(self.samples):
            counts = confusion(prediction.labels[number], masks[number], self.model.traits.classes)
            first, *more = overlap(counts, sample, at)
            yield self._pictured(first, number, images, masks, prediction)
            yield from more

    def generators(self, **at: Scalar) -> list[Generator]:
        """Return one random stream a sample, keyed by (seed, probe, sample, condition)."""
        key = {name: rounded(value) for name, value in at.items()}
        return [generator(self.audit.seed, self.probe.name, s.id, key) for s in self.samples]

    def rows(self, probe: str) -> list[Measurement]:
        """Return the rows of a probe named in `after`: these samples' and those without one."""
        if probe not in self.probe.after:
            raise KeyError(f"{self.probe.name} reads {probe} but does not name it in `after`")
        return list(self._rows(probe))

    def _cost(self, images: Tensor) -> float:
        """Return forward passes in units of one untouched image."""
        native = self.samples[0].shape if self.samples else self.audit.samples[0].shape
        return float(len(images) * images[0, 0].numel() / (native[1] * native[2]))

    def _pictured(
        self,
        row: Measurement,
        number: int,
        images: Tensor,
        masks: Tensor,
        prediction: Prediction,
    ) -> Measurement:
        """Return the row with its evidence, drawn only where the record keeps it."""
        image, truth, labels = images[number], masks[number], prediction.labels[number]
        return Measurement(
            row.metric,
            row.value,
            row.sample,
            row.at,
            row.weight,
            row.undefined,
            lambda: draw(image, truth, labels, self.block.shades(number)),
        )


def overlap(
    counts: list[list[int]], sample: Sample, at: Mapping[str, Scalar]
) -> Iterator[Measurement]:
    """Yield foreground IoU, Dice and recall; each class's IoU where there are more than two.

    Foreground is every class but the first. Where truth and prediction are both empty, IoU is
    undefined and a correct rejection is counted; where only truth is, IoU is 0.
    """
    whole = region(counts, range(1, len(counts)))
    iou = None if not sample.complete else whole.iou
    why = PARTIAL if not sample.complete else EMPTY
    yield measured(("iou", sample, at), iou, whole.union, why)
    dice = None if not sample.complete else whole.dice
    yield measured(("dice", sample, at), dice, whole.truth + whole.predicted, why)
    yield measured(("recall", sample, at), whole.recall, whole.truth, ABSENT)
    if sample.complete and not whole.truth:
        rejected = float(not whole.predicted)
        yield Measurement("correct_rejection", rejected, sample.id, at)
    for number in range(1, len(counts)) if len(counts) > 2 else ():  # noqa: PLR2004
        one = region(counts, range(number, number + 1))
        value = one.iou if sample.complete else None
        yield measured(("class_iou", sample, {**at, "class": number}), value, one.union, why)


def measured(about: Measured, value: float | None, weight: float, why: str) -> Measurement:
    """Return a row that is either a value, or undefined for the reason given."""
    metric, sample, at = about
    if value is None:
        return Measurement(metric, None, sample.id, at, 0.0, why)
    return Measurement(metric, value, sample.id, at, float(weight))
