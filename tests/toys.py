"""Small things that tests are made of: drawn scenes, networks without training, probes, records."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 (a field's annotation)
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from audit.datasets.cells import Simulation
from audit.datasets.sample import Sample
from audit.datasets.simulated import simulate
from audit.engine.runner import run
from audit.logs.log import Curve, Log, Run
from audit.measurement import Measurement
from audit.models.card import Card
from audit.models.torch_module import TorchSegmenter
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.probing.audited import Audit
from audit.probing.probe import Needs, Probe
from audit.record.record import Record
from audit.record.unit import Unit
from audit.tasks.scores import MAIN

DARK, BRIGHT = 100.0, 180.0
"""Intensities of background and object in a drawn scene."""


def scene(number: int = 0, *, size: int = 64, radius: float = 9.0, noise: float = 4.0, **given):
    """Return a sample of four discs on a darker ground, with camera noise."""
    stream = np.random.default_rng(number)
    y, x = np.mgrid[:size, :size]
    mask = np.zeros((size, size), bool)
    for cy in (size // 4, 3 * size // 4):
        for cx in (size // 4, 3 * size // 4):
            jitter = stream.integers(-3, 4, 2)
            mask |= (y - cy - jitter[0]) ** 2 + (x - cx - jitter[1]) ** 2 < radius**2
    image = np.where(mask, BRIGHT, DARK) + noise * stream.standard_normal(mask.shape)
    return replace(held(f"scene/{number:02d}", image[None], mask), **given)


def held(name: str, image, mask=None) -> Sample:
    """Return a sample of arrays in memory."""
    pixels = np.asarray(image, np.float32)
    truth = None if mask is None else np.asarray(mask, np.int64)
    return Sample(
        id=name,
        image=pixels.copy,
        shape=pixels.shape,
        digest=f"digest of {name}",
        group=name,
        mask=None if truth is None else truth.copy,
        pixel_um=0.5,
    )


def scenes(count: int = 3, **given) -> tuple[Sample, ...]:
    """Return several scenes."""
    return tuple(scene(number, **given) for number in range(count))


def cells(count: int = 3, size_px: int = 64) -> tuple[Sample, ...]:
    """Return small simulated images of cells."""
    return simulate(Simulation(size_px=size_px, cells=(3, 5)), range(count)).samples


def training_log(epochs: int = 40, rise: float = 0.0) -> Log:
    """Return the log of a training that settles, or whose validation loss rises from halfway on."""
    stream = np.random.default_rng(0)
    at = np.arange(epochs, dtype=float)
    falling = 0.2 + np.exp(-at / 5)
    later = np.clip(at - epochs / 2, 0, None) / (epochs / 2)
    curves = {
        name: Curve(
            source=name, at=tuple(at), values=tuple(values + 0.01 * stream.standard_normal(epochs))
        )
        for name, values in (("loss", falling), ("val_loss", falling + 0.02 + rise * later))
    }
    run = Run(name="toy", counts="epoch", training=curves["loss"], validation=curves["val_loss"])
    return Log(path=Path("toy.csv"), digest=f"toy {rise}", format="table", runs=(run,))


class Threshold(nn.Module):
    """Foreground is what is brighter than a level: one logit."""

    def __init__(self, level: float, slope: float = 1.0) -> None:
        super().__init__()
        self.level, self.slope = level, slope

    def forward(self, images: Tensor) -> Tensor:
        """Return one logit a pixel."""
        return (images.mean(1, keepdim=True) - self.level) * self.slope


class Contrast(nn.Module):
    """Foreground is what is brighter than its neighbourhood by a level: one logit.

    The box of `side` px is the only scale that it knows.
    """

    def __init__(self, side: int, level: float) -> None:
        super().__init__()
        self.side, self.level = side, level

    def forward(self, images: Tensor) -> Tensor:
        """Return one logit a pixel."""
        padded = nn.functional.pad(images, [self.side // 2] * 4, mode="reflect")
        return images - nn.functional.avg_pool2d(padded, self.side, 1) - self.level


class Tiny(nn.Module):
    """A small convolutional network with fixed random weights."""

    def __init__(self, classes: int = 2, channels: int = 1) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(5)
            self.layers = nn.Sequential(
                nn.Conv2d(channels, 4, 3, padding=1), nn.ReLU(), nn.Conv2d(4, classes, 3, padding=1)
            )

    def forward(self, images: Tensor) -> Tensor:
        """Return logits."""
        return self.layers(images)


class Does(nn.Module):
    """A module that does what a function says."""

    def __init__(self, function: Callable[[Tensor], object]) -> None:
        super().__init__()
        self.function = function

    def forward(self, images: Tensor) -> object:
        """Return the function's value."""
        return self.function(images)


def segmenter(module: nn.Module, *, digest: str = "toy", **card) -> TorchSegmenter:
    """Return a module behind the contract of a segmenter."""
    return TorchSegmenter(module, Card(**card), digest=digest)


def raw_threshold() -> TorchSegmenter:
    """Return a model that trusts raw intensities: right, until the camera changes."""
    return segmenter(Threshold((DARK + BRIGHT) / 2, 0.2), output="sigmoid-logits", digest="raw")


def zscore_threshold() -> TorchSegmenter:
    """Return a model that normalises each image: indifferent to gain and pedestal."""
    module = Threshold(0.3, 10.0)
    return segmenter(module, output="sigmoid-logits", normalisation="zscore", digest="zscore")


def tiny(digest: str = "tiny", **card) -> TorchSegmenter:
    """Return the small convolutional network as a segmenter."""
    return segmenter(Tiny(), digest=digest, normalisation="zscore", **card)


def audit_of(model, samples=None, **given) -> Audit:
    """Return an audit of one model."""
    return Audit(models={"audited": model}, samples=samples or scenes(), **given)


def rows_of(probe: Probe, model, samples=None, before=(), **given) -> list[Measurement]:
    """Return what a probe measures, after others that it reads, through the runner and a record."""
    audit = audit_of(model, samples, **given)
    with TemporaryDirectory() as folder, Record(Path(folder) / "r.sqlite") as record:
        run(audit, [*before, probe], record, pictures=False)
        unhappy = [unit for unit in record.units() if unit.status != "done"]
        assert not unhappy, unhappy
        return list(record.measurements(probe.name, model.traits.digest))


def judged_of(audit: Audit, probes) -> dict:
    """Return the default policy's outcomes by rule, of what probes measure in an audit."""
    rules = tuple(rule for rule in load_policy().rules if rule.probe in {p.name for p in probes})
    with TemporaryDirectory() as folder, Record(Path(folder) / "r.sqlite") as record:
        for role, model in audit.models.items():
            record.assign(role, model.traits.digest, str(role))
        record.describe(main_metric=MAIN[audit.task])
        run(audit, probes, record, pictures=False)
        return {
            one.rule.name: one for one in judge(Policy(name="toys", rule=rules), record).outcomes
        }


def mean_of(rows, metric: str = "iou", **at) -> float:
    """Return the mean of a metric's values at a condition."""
    values = [row.value for row in rows if row.metric == metric and row.at == at]
    return float(np.mean(values))


def dump(record: Record) -> list[tuple]:
    """Return every row of a record with its model, probe and status, sorted."""
    found = record.database.execute("select * from measurements").fetchall()
    return sorted(found, key=repr)


@dataclass(frozen=True, kw_only=True)
class Brightness(Probe):
    """The mean of each image, by a factor: a question that needs no model."""

    name: ClassVar[str] = "toy.brightness"
    asks: ClassVar[str] = "How bright is it?"
    source: ClassVar[str] = "https://example.org"
    needs: ClassVar[Needs] = Needs(model="none")

    factor: tuple[float, ...] = (1.0, 2.0)
    word: str = "word"
    strict: bool = False

    def measure(self, case):
        """Yield a mean for each image and factor."""
        for factor in self.factor:
            for sample, image in zip(case.samples, case.images, strict=True):
                yield Measurement("mean", float(image.mean()) * factor, sample.id, {"f": factor})


@dataclass(frozen=True, kw_only=True)
class Reach(Probe):
    """One number for the whole audit."""

    name: ClassVar[str] = "toy.reach"
    asks: ClassVar[str] = "How far does it see?"
    source: ClassVar[str] = "https://example.org"
    scope: ClassVar[str] = "audit"

    def measure(self, case):
        """Yield how many images there are."""
        yield Measurement("reach_px", float(len(case.part("test"))))


@dataclass(frozen=True, kw_only=True)
class Reader(Probe):
    """Reads the rows of the brightness and of the reach, image by image."""

    name: ClassVar[str] = "toy.reader"
    asks: ClassVar[str] = "What did the others find?"
    source: ClassVar[str] = "https://example.org"
    after: ClassVar[tuple[str, ...]] = ("toy.brightness", "toy.reach")

    def measure(self, case):
        """Yield how many rows of each there are to read."""
        for sample in case.samples:
            for name in self.after:
                rows = [row for row in case.rows(name) if row.sample in (None, sample.id)]
                yield Measurement("rows", float(len(rows)), sample.id, {"of": name})


@dataclass(frozen=True, kw_only=True)
class Summary(Probe):
    """Reads all rows of the brightness at once."""

    name: ClassVar[str] = "toy.summary"
    asks: ClassVar[str] = "How many rows are there?"
    source: ClassVar[str] = "https://example.org"
    scope: ClassVar[str] = "audit"
    after: ClassVar[tuple[str, ...]] = ("toy.brightness",)

    def measure(self, case):
        """Yield the number of rows of the brightness."""
        yield Measurement("rows", float(len(case.rows("toy.brightness"))))


def written(path: Path, rows, **unit) -> Record:
    """Return an open record that holds rows of the audited model, each in a unit of its own."""
    record = Record(path)
    record.assign("audited", "m", "model")
    add(record, rows, **unit)
    return record


def add(record: Record, rows, *, probe: str = "pipeline.score", model: str = "m", **unit) -> None:
    """Write rows into a record as one unit."""
    number = len(record.units())
    samples = tuple(sorted({row.sample for row in rows if row.sample}))
    given = {"block": number, "samples": samples} | unit
    record.write(Unit(key=f"{model}/{probe}/{number}", model=model, probe=probe, **given), rows)
