"""Marks in the place of meaning: a texture that is no part of the objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.imaging.blur import gaussian_blur
from audit.imaging.estimate import noise_sigma
from audit.imaging.mark import MARKS, fine, largest_square, tiled
from audit.imaging.overlay import draw
from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe, above_zero, among
from suites.hallucination.invented import background, windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor

    from audit.measurement import Scalar
    from audit.probing.case import Case

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
        for number in range(len(case.samples)):
            stream = case.generators()[number]
            ground = background(case, number, self.margin_px)
            there = torch.zeros_like(ground)
            for window in windows(ground, self.side_px, self.windows, stream):
                there[tuple(window)] = True
            for mark in self.mark:
                yield from self.judged(case, number, mark, there)

    def judged(self, case: Case, number: int, mark: str, there: Tensor) -> Iterator[Measurement]:
        """Yield what a mark does in windows `there` (Y, X) of the background, and on objects."""
        body, at = case.masks[number] > 0, {"mark": mark}
        made = self.marked(case.images[number], body, there, mark)
        if isinstance(made, str) or not bool(body.any()):
            why = made if isinstance(made, str) else NO_OBJECT
            for metric in METRICS:
                yield Measurement(metric, None, case.samples[number].id, at, 0.0, why)
            return
        yield fired(case, number, made, there, at)
        yield recalled(case, number, made, body, at)

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


def fired(
    case: Case, number: int, made: Marked, there: Tensor, at: Mapping[str, Scalar]
) -> Measurement:
    """Return the foreground that a mark adds on background (Y, X)."""
    sample, area = case.samples[number].id, float(there.sum())
    if not area:
        return Measurement("fired_fraction", None, sample, at, 0.0, NO_WINDOW)
    image, shades = made.on_background, case.block.shades(number)
    labels = look(case, image)
    before = (case.clean.labels[number] > 0)[there].float().mean()
    return Measurement(
        "fired_fraction",
        float((labels > 0)[there].float().mean() - before),
        sample,
        at,
        area,
        picture=lambda: draw(image, there, labels, shades),
    )


def recalled(
    case: Case, number: int, made: Marked, body: Tensor, at: Mapping[str, Scalar]
) -> Measurement:
    """Return the true area (Y, X) that is found with a mark and not without it."""
    untouched, clean = case.images[number], case.clean.labels[number]
    share = [
        float(
            ((clean if torch.equal(image, untouched) else look(case, image)) > 0)[body]
            .float()
            .mean()
        )
        for image in (made.on_objects, made.off_objects)
    ]
    name, area = case.samples[number].id, float(body.sum())
    return Measurement("recall_added_fraction", share[0] - share[1], name, at, area)


def look(case: Case, image: Tensor) -> Tensor:
    """Return the predicted classes (Y, X) of one image (C, Y, X)."""
    return case.predict(image[None]).labels[0]
