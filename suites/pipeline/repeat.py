"""Whether the same image gives the same result again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.light import extremes
from audit.probing.probe import Needs, Probe
from suites.pipeline.change import probability_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Repeat(Probe):
    """Share of the pixels that change class when the same images are shown again.

    Once at once, and once after other images (black, inverted): chance inside
    the model shows in the first, a memory of what it has seen in the second. Both in this process:
    a stranger's network cannot be handed to a second one without loading it anew, which would be
    another question.
    """

    name: ClassVar[str] = "pipeline.repeat"
    asks: ClassVar[str] = "Does the same image give the same result again?"
    source: ClassVar[str] = "arXiv:2003.12206"
    needs: ClassVar[Needs] = Needs(model="live")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what changed at once, and what changed after other images."""
        yield from self.again(case, "nothing")
        for other in strangers(case.images):
            case.predict(other)
        yield from self.again(case, "others")

    @staticmethod
    def again(case: Case, between: str) -> Iterator[Measurement]:
        """Yield what differs from the first prediction."""
        first, second = case.clean, case.predict(case.images)
        for look, other in zip(case.looks(between=between), second.labels, strict=True):
            share = float((look.labels != other).float().mean())
            yield look.row("changed_fraction", share, weight=other.numel())
        yield from probability_changes(case, first, second, between=between)


def strangers(images: Tensor) -> Iterator[Tensor]:
    """Yield other images (B, C, Y, X) of the same shape."""
    low, high = extremes(images)
    yield torch.zeros_like(images)
    yield low + high - images
