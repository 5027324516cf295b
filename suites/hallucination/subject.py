"""Objects that are taken out or moved, and the background that takes their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.objects import areas, grown
from audit.imaging.transplant import (
    Offset,
    Stencil,
    fitting_place,
    places,
    stencil,
    transplant,
)
from audit.probing.probe import Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Generator, Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

FOUND = 0.5
"""An object is found where at least half of it is predicted."""

TOO_FEW = "the image has no further whole object that stands alone and fits onto its background"
NOT_FOUND = "the model did not find the object in the first place"
NOT_ALONE = "the model sees more there than the object: a neighbour that the truth misses, perhaps"
NO_GROUND = "the model sees objects everywhere that the background could come from"


BESIDE = 0.02
"""Where more of the rim than this is foreground, something besides the object is there."""


@dataclass(frozen=True)
class Subject:
    """One true object that can be covered by background of its own image, and how it was found.

    `sources` are the offsets at which, as truth and model agree, only background lies. `recall` is
    the share of the object that was predicted, `beside` that of the rim around its halo.
    """

    stencil: Stencil
    sources: list[Offset]
    recall: float
    beside: float

    @property
    def unfit(self) -> str | None:
        """Why nothing can be learnt from this object; None where something can."""
        if self.recall < FOUND:
            return NOT_FOUND
        if self.beside > BESIDE:
            return NOT_ALONE
        return None if self.sources else NO_GROUND


def subjects(look: Look, cut: Cut) -> list[Subject]:
    """Return some true objects of an image, drawn by the truth alone: the same for all models.

    An object must stand alone and whole (halo and rim hold nothing else, and lie inside the field:
    what the border cuts would end in a straight edge elsewhere), and fit somewhere onto background.
    """
    objects, labels = look.objects, look.labels
    ground = ~grown((objects > 0) | (look.mask != 0), cut.halo_px)
    empty = ground & ~grown(labels > 0, cut.halo_px)
    found = list[Subject]()
    for name in drawn(list(areas(objects)), look.generator()):
        if len(found) == cut.objects:
            break
        body = objects == name
        shape = stencil(body, cut.halo_px, cut.feather_px)
        others = ((objects > 0) & ~body) | ~look.known
        alone = not bool((others & shape.support).any())
        if alone and inside(shape.support) and places(shape.support, ground):
            share = [predicted(labels, where) for where in (body, shape.rim)]
            found.append(Subject(shape, places(shape.support, empty), *share))
    return found


def inside(mask: Tensor) -> bool:
    """Return whether a mask (Y, X) keeps from the border of the field."""
    return not any(bool(side.any()) for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))


def drawn(names: list[int], generator: Generator) -> list[int]:
    """Return object numbers in a random order."""
    return [names[i] for i in torch.randperm(len(names), generator=generator).tolist()]


def covered(image: Tensor, target: Stencil, sources: list[Offset], generator: Generator) -> Tensor:
    """Return an image (C, Y, X) whose target lies under background from one of the sources."""
    offset = fitting_place(image, target, sources, generator)
    return transplant(image, target, image, offset)


def apart(sources: list[Offset], here: Offset, target: Stencil) -> list[Offset]:
    """Return offsets, counted from another place, that do not overlap that place.

    Where all do, those that at least move.
    """
    rows, columns = torch.nonzero(target.support, as_tuple=True)
    height, width = (int(at.max() - at.min()) + 1 for at in (rows, columns))
    steps = [(y - here[0], x - here[1]) for y, x in sources]
    clear = [(y, x) for y, x in steps if abs(y) >= height or abs(x) >= width]
    return clear or [step for step in steps if step != (0, 0)] or steps


def predicted(labels: Tensor, body: Tensor) -> float:
    """Return which share of a region (Y, X) is foreground."""
    return float((labels > 0)[body].float().mean())


@dataclass(frozen=True, kw_only=True)
class Cut(Probe):
    """A question about objects that are cut out of their image, each by itself.

    `objects` are asked about in each image. One is cut out with `halo_px` around it, since the
    halo of phase contrast or of defocus is itself evidence of an object; over `feather_px` beyond
    that old and new content mix.
    """

    metrics: ClassVar[tuple[str, ...]]

    objects: int = 2
    halo_px: int = 16
    feather_px: int = 8

    def __post_init__(self) -> None:
        above_zero(self, "objects", "halo_px", "feather_px")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what becomes of some objects of each image."""
        for look in case.looks():
            chosen = subjects(look, self)
            for index in range(self.objects):
                here, subject = (
                    look.at(object=index),
                    chosen[index] if index < len(chosen) else None,
                )
                if subject is not None and subject.unfit is None:
                    yield from self.changed(here, subject)
                    continue
                why = TOO_FEW if subject is None else subject.unfit
                for metric in self.metrics:
                    yield here.row(metric, None, why=why)

    def changed(self, look: Look, subject: Subject) -> Iterator[Measurement]:
        """Yield what a change to one object of one image does."""
        raise NotImplementedError


def shown(metric: str, look: Look, image: Tensor, where: Stencil) -> Measurement:
    """Return which share of a region is foreground in an image (C, Y, X), with its picture."""
    labels, body = look.labels_of(image), where.body
    row = look.row(metric, predicted(labels, body), weight=float(body.sum()))
    y, x = frame(where.support)
    return look.drawn(row, image[:, y, x], body[y, x], labels[y, x])


def frame(support: Tensor) -> tuple[slice, slice]:
    """Return the window of a region (Y, X) with as much again around it."""
    cut = []
    for axis in (0, 1):
        at = torch.nonzero(support.any(1 - axis)).flatten()
        low, high = int(at[0]), int(at[-1]) + 1
        more = (high - low) // 2
        cut.append(slice(max(0, low - more), min(support.shape[axis], high + more)))
    return cut[0], cut[1]
