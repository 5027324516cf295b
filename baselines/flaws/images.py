"""The images of a flaw: what a network learns from, and what it is audited on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.datasets.simulated import simulate

if TYPE_CHECKING:
    from audit.datasets.cells import Simulation
    from audit.datasets.sample import Sample


@dataclass(frozen=True, kw_only=True)
class FlawImages:
    """The images that a network learns from, those it is audited on, and others beside them."""

    train: tuple[Sample, ...]
    test: tuple[Sample, ...] = ()
    other: tuple[Sample, ...] = ()


def drawn(simulation: Simulation, name: str, images: int) -> FlawImages:
    """Return so many simulated images to learn from, and as many others to be tested on."""
    train, test = (
        simulate(simulation, range(first, first + images), name=name, part=part).samples
        for first, part in ((0, "train"), (images, "test"))
    )
    return FlawImages(train=train, test=test)
