"""An object taken away, which the model must no longer draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.probing.probe import Needs
from suites.hallucination.subject import Cut, Subject, apart, covered, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.imaging.transplant import Stencil
    from audit.measurement import Measurement
    from audit.probing.look import Look


@dataclass(frozen=True, kw_only=True)
class Removal(Cut):
    """The share of a true object that is still predicted once background lies in its place.

    Texture of the same image's background covers the object and its halo: a smooth filling would
    itself look like an object. `control_fraction` is the share predicted where background of the
    same shape was laid on background by the same operation: it must be 0. Weights are areas in px.
    """

    name: ClassVar[str] = "hallucination.removal"
    asks: ClassVar[str] = "Is an object still predicted after it was taken away?"
    source: ClassVar[str] = "arXiv:1812.06707"
    needs: ClassVar[Needs] = Needs(masks=True, complete=True)
    metrics: ClassVar[tuple[str, ...]] = ("still_fraction", "control_fraction")

    def changed(self, look: Look, subject: Subject) -> Iterator[Measurement]:
        """Yield what is predicted where an object was, and where background was all along."""
        stream, image = look.generator(), look.image
        without = covered(image, subject.stencil, subject.sources, stream)
        beside, elsewhere = control(image, subject, stream)
        yield shown("still_fraction", look, without, subject.stencil)
        yield shown("control_fraction", look, beside, elsewhere)


def control(image: Tensor, subject: Subject, stream: Generator) -> tuple[Tensor, Stencil]:
    """Return the image with background laid on background in an object's shape, and where."""
    here = subject.sources[int(torch.randint(len(subject.sources), (), generator=stream))]
    target = subject.stencil.moved(here)
    return covered(image, target, apart(subject.sources, here, target), stream), target
