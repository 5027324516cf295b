"""Probabilities that mean what they say: 0.9 is right nine times out of ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.errors import UsageError
from audit.imaging.objects import grown
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

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

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
    Calibration errors are recorded beside it, near and everywhere; and near once more of logits
    that were divided by each of `divided_by`, so that some images can choose one for the others.
    """

    name: ClassVar[str] = "pipeline.calibration"
    asks: ClassVar[str] = "Is the model as often right as its probabilities say?"
    source: ClassVar[str] = "arXiv:1706.04599"
    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(
        model="outputs", masks=True, complete=True, probabilities=True, tasks=("semantic",)
    )

    reach_px: int = 10
    divided_by: tuple[float, ...] = (1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 32.0)

    def __post_init__(self) -> None:
        above_zero(self, "reach_px", "divided_by")
        if 1.0 not in self.divided_by:
            raise UsageError(
                f"{self.name}.divided_by: expected 1, logits as they are, among {self.divided_by}"
            )

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the calibration of each image."""
        with torch.inference_mode():
            logits = case.logits(case.images)
        for look, said in zip(case.looks(), logits, strict=True):
            mask = look.mask
            check_classes(mask, case.model.traits.classes)
            true, found = mask > 0, look.judged(look.labels)
            near = (grown(true, self.reach_px) | grown(found, self.reach_px)) & look.known
            yield from self.tempered(look, said[:, near].T, mask[near])
            for where, area in (("near", near), ("everywhere", look.known)):
                yield self.error(look.at(where=where), said[:, area].T, mask[area])
            for divisor in self.divided_by:
                cooled = look.at(where="near", divided_by=divisor)
                yield self.error(cooled, said[:, near].T / divisor, mask[near])

    @staticmethod
    def tempered(look: Look, logits: Tensor, truth: Tensor) -> Iterator[Measurement]:
        """Yield temperature, likelihoods and the saturated share of some pixels (N, K)."""
        names = ("temperature", "nll", "nll_tempered", "saturated_fraction")
        if not len(truth):
            for name in names:
                yield look.undefined(name, NOWHERE)
            return
        rest = logits.double().softmax(1).amax(1) <= 1 - SATURATED
        best = best_temperature(logits[rest], truth[rest])
        best = best_temperature(logits, truth) if best is None else best
        plain = negative_log_likelihood(logits, truth)
        cooled = None if best is None else negative_log_likelihood(logits, truth, best)
        sure = 1 - float(rest.float().mean())
        for name, value in zip(names, (best, plain, cooled, sure), strict=True):
            yield look.row(name, value, weight=len(truth), why=NO_ERROR)

    @staticmethod
    def error(look: Look, logits: Tensor, truth: Tensor) -> Measurement:
        """Return the expected calibration error of some pixels (N, K)."""
        if not len(truth):
            return look.undefined("calibration_error", NOWHERE)
        confidence, guess = logits.softmax(1).max(1)
        value = calibration_error(confidence, guess == truth)
        return look.row("calibration_error", value, weight=len(truth))
