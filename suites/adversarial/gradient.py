"""The strongest attack that the model's own gradient shows the way to."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.errors import UsageError
from audit.measurement import Measurement
from audit.probe import Case, above_zero
from suites.adversarial.attacked import BLIND, Attacked, retained, scored
from suites.adversarial.loss import LOSSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.measurement import Scalar
    from suites.adversarial.trail import Trail

SCORES = ("iou", "dice", "recall")


@dataclass(frozen=True, kw_only=True)
class Gradient(Attacked):
    """Overlap as each pixel of a window is moved to mislead the model, by each of four losses.

    All radii are one path a loss, from the widest to the narrowest, and what was seen counts for
    every radius that it keeps. `retention` is the worst over the losses, as a share of the
    untouched window's overlap. `steps` is the mean number of gradients a radius.
    """

    name: ClassVar[str] = "adversarial.gradient"
    asks: ClassVar[str] = "How small a change, chosen to mislead, breaks the segmentation?"
    source: ClassVar[str] = "arXiv:2306.12941"

    loss: tuple[str, ...] = tuple(LOSSES)
    steps: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        above_zero(self, "steps")
        if unknown := set(self.loss) - set(LOSSES):
            raise UsageError(f"{self.name}.loss: expected some of {list(LOSSES)}, got {unknown}")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the worst found within each radius by each loss, and by all together."""
        if case.model.traits.access != "gradients":
            yield from self.unseen(case)
            return
        subjects = self.subjects(case)
        clean = self.trails(case, subjects)
        walked = {loss: self.attacked(case, clean, loss) for loss in self.loss}
        for place, at in enumerate(self.rungs()):
            found = {loss: [t.points[place] for t in trails] for loss, trails in walked.items()}
            for loss, points in found.items():
                yield from scored(case, subjects, points, {**at, "loss": loss})
            worst = [
                min(each, key=lambda one: one.left) for each in zip(*found.values(), strict=True)
            ]
            yield from retained(case, subjects, [trail.last for trail in clean], worst, at)
            for sample, one in zip(case.samples, subjects, strict=True):
                yield Measurement("epsilon_intensity", one.radius(at), sample.id, at)

    def attacked(self, case: Case, clean: Sequence[Trail], loss: str) -> list[Trail]:
        """Return the trail of one loss through each window."""
        from suites.adversarial.attack import descend

        trails = []
        for trail, generator in zip(clean, case.generators(loss=loss), strict=True):
            own = copy(trail)
            own.best = list(trail.best)
            descend(case.logits, own, generator, loss=LOSSES[loss], steps=self.steps)
            trails.append(own)
        return trails

    def unseen(self, case: Case) -> Iterator[Measurement]:
        """Yield why there is nothing to report."""
        each: list[tuple[str, dict[str, Scalar]]] = []
        for at in self.rungs():
            each += [(metric, {**at, "loss": loss}) for metric in SCORES for loss in self.loss]
            each += [("retention", at), ("epsilon_intensity", at)]
        for sample in case.samples:
            for metric, at in each:
                yield Measurement(metric, None, sample.id, at, 0.0, BLIND)
