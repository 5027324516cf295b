"""The strongest attack that the model's own gradient shows the way to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.errors import UsageError
from audit.probing.probe import Needs, above_zero
from suites.adversarial.attacked import Attacked, retained, scored
from suites.adversarial.loss import CLIMBING, FALLING, LOSSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from suites.adversarial.loss import Loss
    from suites.adversarial.trail import Trail


@dataclass(frozen=True, kw_only=True)
class Gradient(Attacked):
    """Overlap as each pixel of a window is moved to mislead the model, the worst that was found.

    All radii are sought in two walks from either end; what was seen counts for every radius that it
    keeps. `retention` is what is left as a share of the untouched window's overlap. `steps` is the
    mean number of gradients a radius and loss; `steps_taken` says how many a loss was given: those
    that mislead this model get more.
    """

    name: ClassVar[str] = "adversarial.gradient"
    asks: ClassVar[str] = "How small a change, chosen to mislead, breaks the segmentation?"
    source: ClassVar[str] = "arXiv:2306.12941"
    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs(
        model="gradients", masks=True, complete=True, tasks=("semantic",)
    )

    loss: tuple[str, ...] = tuple(LOSSES)
    steps: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        above_zero(self, "steps")
        if unknown := set(self.loss) - set(LOSSES):
            raise UsageError(f"{self.name}.loss: expected some of {list(LOSSES)}, got {unknown}")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the worst found within each radius."""
        subjects = self.subjects(case)
        trails = self.trails(case, subjects)
        clean = [trail.last for trail in trails]
        for look, trail in zip(case.looks(), trails, strict=True):
            taken = self.attack(case, trail, look.generator())
            for name in self.loss:
                yield look.row("steps_taken", taken[name], loss=name)
        for place, at in enumerate(self.rungs()):
            points = [trail.points[place] for trail in trails]
            yield from scored(case, subjects, points, at)
            yield from retained(case, subjects, clean, points, at)
            for look, one in zip(case.looks(**at), subjects, strict=True):
                yield look.row("epsilon_intensity", one.radius(at))

    def attack(self, case: Case, trail: Trail, generator: Generator) -> Counter[str]:
        """Walk one window's trail; return how many steps each loss took."""
        from suites.adversarial import path, pincer

        taken: Counter[str] = Counter()
        asked = {name: counted(name, taken) for name in self.loss}
        steps = self.steps * len(asked)
        climbing, falling = ([asked[n] for n in way if n in asked] for way in (CLIMBING, FALLING))
        if climbing and falling:
            ways = {"climbing": climbing, "falling": falling}
            pincer.attack(case.logits, trail, generator, **ways, steps=steps)
        else:
            losses = climbing or falling
            path.descend(case.logits, trail, generator, losses=losses, steps=steps)
        return taken


def counted(name: str, taken: Counter[str]) -> Loss:
    """Return a loss that counts how often it is asked."""

    def loss(logits: Tensor, truth: Tensor, progress: float) -> Tensor:
        taken[name] += 1
        return LOSSES[name](logits, truth, progress)

    return loss
