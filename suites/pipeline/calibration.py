"""Probabilities that mean what they say: 0.9 is right nine times out of ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.objects import grown
from audit.measurement import Measurement
from audit.metrics.calibration import (
    best_temperature,
    calibration_error,
    negative_log_likelihood,
)
from audit.metrics.overlap import check_classes
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.datasets.sample import Sample
    from audit.probing.case import Case

SATURATED = 2e-6
"""What is left to the other classes when rounding may have taken the rest."""

NOWHERE = "nothing there and nothing predicted"
NO_ERROR = "every pixel is right: the surer, the likelier"


@dataclass(frozen=True, kw_only=True)
class Calibration(Probe):
    """The temperature that logits lack, near to what is there or predicted.

    Far from all objects every model is sure and right, which hides what it says where it matters:
    only pixels within `reach_px` of truth or prediction are asked. `temperature` is what logits
    must be divided by: 1 is right, above it the model is too sure. Pixels whose probability was
    rounded to 0 or 1 (`saturated_fraction`) have lost their logits and are left out, which does
    not bias the rest: they are chosen by what the model says, not by whether it is right. Where
    all were rounded, or the rest is never wrong, the temperature of all is a lower bound.
    Calibration errors are recorded beside it, near and everywhere.
    """

    name: ClassVar[str] = "pipeline.calibration"
    asks: ClassVar[str] = "Is the model as often right as its probabilities say?"
    source: ClassVar[str] = "arXiv:1706.04599"
    needs: ClassVar[Needs] = Needs(model="live", masks=True, complete=True, probabilities=True)

    reach_px: int = 10

    def __post_init__(self) -> None:
        above_zero(self, "reach_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the calibration of each image."""
        with torch.inference_mode():
            logits = case.logits(case.images)
        for number, sample in enumerate(case.samples):
            mask, labels = case.masks[number], case.clean.labels[number]
            check_classes(mask, case.model.traits.classes)
            near = grown(mask, self.reach_px) | grown(labels, self.reach_px)
            yield from self.tempered(sample, logits[number][:, near].T, mask[near])
            for where, area in (("near", near), ("everywhere", torch.ones_like(near))):
                yield from self.errors(sample, logits[number][:, area].T, mask[area], where)

    @staticmethod
    def tempered(sample: Sample, logits: Tensor, truth: Tensor) -> Iterator[Measurement]:
        """Yield temperature, likelihoods and the saturated share of some pixels (N, K)."""
        names = ("temperature", "nll", "nll_tempered", "saturated_fraction")
        if not len(truth):
            for name in names:
                yield Measurement(name, None, sample.id, {}, 0.0, NOWHERE)
            return
        rest = logits.double().softmax(1).amax(1) <= 1 - SATURATED
        best = best_temperature(logits[rest], truth[rest])
        best = best_temperature(logits, truth) if best is None else best
        plain = negative_log_likelihood(logits, truth)
        cooled = None if best is None else negative_log_likelihood(logits, truth, best)
        sure = 1 - float(rest.float().mean())
        for name, value in zip(names, (best, plain, cooled, sure), strict=True):
            why = NO_ERROR if value is None else None
            yield Measurement(name, value, sample.id, {}, float(len(truth)) * (not why), why)

    @staticmethod
    def errors(sample: Sample, logits: Tensor, truth: Tensor, where: str) -> Iterator[Measurement]:
        """Yield the expected calibration error of some pixels (N, K)."""
        at = {"where": where}
        if not len(truth):
            yield Measurement("calibration_error", None, sample.id, at, 0.0, NOWHERE)
            return
        confidence, guess = logits.softmax(1).max(1)
        value = calibration_error(confidence, guess == truth)
        yield Measurement("calibration_error", value, sample.id, at, float(len(truth)))
