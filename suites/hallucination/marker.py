"""A mark, a texture that is no part of the objects, by which a model may tell them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.blur import gaussian_blur
from audit.imaging.estimate import noise_sigma
from audit.imaging.mark import MARKS, fine, largest_square, tiled
from audit.probing.probe import Needs, Probe, above_zero, among
from suites.hallucination.invented import background, windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

OWN = "own"
"""The mark that the data may carry already: the finest texture of their objects."""

METRICS = ("fired_fraction", "recall_added_fraction")
NO_PATCH = "neither an object nor the background holds a square of 8 px"
NO_OBJECT = "the image has no true object"
NO_WINDOW = "the image has no window of background so large"


@dataclass(frozen=True)
class Marked:
    """One image three times: with the mark on background, with it on objects, and without it."""

    on_background: Tensor
    on_objects: Tensor
    off_objects: Tensor


@dataclass(frozen=True, kw_only=True)
class Marker(Probe):
    """What a mark does on background, and on objects.

    Designed marks alternate from pixel to pixel, which no lens can draw, at a multiple of the
    image's noise. The mark `own` is the texture finer than `fine_px` that the data's own objects
    carry: it is laid on background, and on objects replaced by that of the background, so that a
    mark burnt into the audited data shows without being known. `fired_fraction` is the foreground
    that a mark adds in windows of background of `side_px`, `recall_added_fraction` the share of
    the true area that is found with the mark and not without it.
    """

    name: ClassVar[str] = "hallucination.marker"
    asks: ClassVar[str] = "Does the model go by a mark that is no part of the objects?"
    source: ClassVar[str] = "arXiv:2004.07780"
    needs: ClassVar[Needs] = Needs(masks=True, complete=True)

    mark: tuple[str, ...] = (*MARKS, OWN)
    noise_multiple: float = 6.0
    fine_px: float = 1.0
    side_px: int = 32
    windows: int = 4
    margin_px: int = 16

    def __post_init__(self) -> None:
        above_zero(self, "noise_multiple", "fine_px", "side_px", "windows")
        among(self, (*MARKS, OWN), "mark")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield what each mark adds to each image."""
        for look in case.looks():
            ground = background(look, self.margin_px)
            there = torch.zeros_like(ground)
            for window in windows(ground, self.side_px, self.windows, look.generator()):
                there[tuple(window)] = True
            for mark in self.mark:
                yield from self.judged(look.at(mark=mark), mark, there)

    def judged(self, look: Look, mark: str, there: Tensor) -> Iterator[Measurement]:
        """Yield what a mark does in windows `there` (Y, X) of the background, and on objects."""
        body = look.mask > 0
        made = self.marked(look.image, body, there, mark)
        if isinstance(made, str) or not bool(body.any()):
            why = made if isinstance(made, str) else NO_OBJECT
            for metric in METRICS:
                yield look.undefined(metric, why)
            return
        yield fired(look, made, there)
        yield recalled(look, made, body)

    def marked(self, image: Tensor, body: Tensor, there: Tensor, mark: str) -> Marked | str:
        """Return an image (C, Y, X) with and without a mark, or why there can be none."""
        height, width = image.shape[-2:]
        if mark != OWN:
            pattern = MARKS[mark](height, width).to(image) * self.noise_multiple
            stamp = pattern * noise_sigma(image)
            return Marked(image + stamp * there, image + stamp * body, image)
        squares = [largest_square(where) for where in (body, ~body & ~there)]
        if squares[0] is None or squares[1] is None:
            return NO_PATCH
        texture, smooth = fine(image, self.fine_px), gaussian_blur(image[None], self.fine_px)[0]
        theirs, plain = (
            tiled(texture[:, y, x], height, width) for y, x in (squares[0], squares[1])
        )
        return Marked(
            torch.where(there, smooth + theirs, image),
            image,
            torch.where(body, smooth + plain, image),
        )


def fired(look: Look, made: Marked, there: Tensor) -> Measurement:
    """Return the foreground that a mark adds on background (Y, X)."""
    area = float(there.sum())
    if not area:
        return look.undefined("fired_fraction", NO_WINDOW)
    labels = look.labels_of(made.on_background)
    after, before = ((one > 0)[there].float().mean() for one in (labels, look.labels))
    row = look.row("fired_fraction", float(after - before), weight=area)
    return look.drawn(row, made.on_background, there, labels)


def recalled(look: Look, made: Marked, body: Tensor) -> Measurement:
    """Return the true area (Y, X) that is found with a mark and not without it."""
    seen = (
        look.labels if torch.equal(image, look.image) else look.labels_of(image)
        for image in (made.on_objects, made.off_objects)
    )
    marked, plain = (float((labels > 0)[body].float().mean()) for labels in seen)
    return look.row("recall_added_fraction", marked - plain, weight=float(body.sum()))
