"""An object moved elsewhere, where the model must find it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.transplant import transplant
from audit.probing.probe import Needs
from suites.hallucination.subject import Cut, Subject, apart, covered, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.look import Look


@dataclass(frozen=True, kw_only=True)
class Insertion(Cut):
    """The share of a true object that is predicted after it was moved onto background.

    Background covers its old place, so that the image holds what it held before. `control_fraction`
    is the share predicted at the new place where background was laid there instead: it must be 0.
    Weights are areas in px.
    """

    name: ClassVar[str] = "hallucination.insertion"
    asks: ClassVar[str] = "Is an object found again after it was moved?"
    source: ClassVar[str] = "arXiv:1808.03305"
    needs: ClassVar[Needs] = Needs(masks=True, complete=True)
    metrics: ClassVar[tuple[str, ...]] = ("found_fraction", "control_fraction")

    def changed(self, look: Look, subject: Subject) -> Iterator[Measurement]:
        """Yield what is predicted where an object went, and where background went instead."""
        stream, image = look.generator(), look.image
        empty = covered(image, subject.stencil, subject.sources, stream)
        there = subject.sources[int(torch.randint(len(subject.sources), (), generator=stream))]
        target = subject.stencil.moved(there)
        placed = transplant(empty, target, image, (-there[0], -there[1]))
        beside = covered(empty, target, apart(subject.sources, there, target), stream)
        for metric, made in zip(self.metrics, (placed, beside), strict=True):
            yield shown(metric, look, made, target)
