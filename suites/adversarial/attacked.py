"""What the probes of this suite share: which window is attacked, and how far a pixel may move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.measurement import Measurement
from audit.models.segmenter import Prediction
from audit.probing.probe import Needs, Probe, above_zero
from suites.adversarial.subject import AttackedWindow, subject, window
from suites.adversarial.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from audit.measurement import Scalar
    from audit.probing.case import Case
    from suites.adversarial.trail import TrailPoint

LOST = "the untouched window has no overlap to lose"
STILL = "the image has no noise, or no contrast: a radius of 0 moves nothing"


@dataclass(frozen=True, kw_only=True)
class Windowed(Probe):
    """A probe that attacks a window of each image, with sides of at most `side_px`.

    An attack costs its passes, and passes cost pixels.
    """

    needs: ClassVar[Needs] = Needs(masks=True, complete=True, tasks=("semantic",))

    side_px: int = 256

    def __post_init__(self) -> None:
        above_zero(self, "side_px")

    def subjects(self, case: Case) -> list[AttackedWindow]:
        """Return the window of each image of a unit."""
        return [
            self.cut(case, image, mask) for image, mask in zip(case.images, case.masks, strict=True)
        ]

    def cut(self, case: Case, image: Tensor, mask: Tensor) -> AttackedWindow:
        """Return the window of an image (C, Y, X)."""
        place = window(image, mask, self.side_px)
        return subject(image, mask, case.model.traits, place)


@dataclass(frozen=True, kw_only=True)
class Attacked(Windowed):
    """A probe that moves each pixel of a window by at most a radius.

    `noise_ratio` gives the radius in standard deviations of the image's own noise,
    `range_fraction` as a share of its range of intensities.
    """

    noise_ratio: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)
    range_fraction: tuple[float, ...] = (0.004, 0.008, 0.016, 0.032)

    def __post_init__(self) -> None:
        super().__post_init__()
        above_zero(self, "noise_ratio", "range_fraction")

    def rungs(self) -> list[dict[str, Scalar]]:
        """Return the condition of each radius."""
        rungs: list[dict[str, Scalar]] = [{"noise_ratio": ratio} for ratio in self.noise_ratio]
        rungs += [{"range_fraction": fraction} for fraction in self.range_fraction]
        return rungs

    def trails(self, case: Case, subjects: Sequence[AttackedWindow]) -> list[Trail]:
        """Return a trail for each window, on which the untouched one is kept."""
        trails = [Trail(one, [one.radius(at) for at in self.rungs()]) for one in subjects]
        for trail in trails:
            trail.keep(trail.subject.image, case.predict(trail.subject.image).labels)
        return trails


def scored(
    case: Case,
    subjects: Sequence[AttackedWindow],
    points: Sequence[TrailPoint],
    at: dict[str, Scalar],
) -> Iterator[Measurement]:
    """Yield the scores of one attacked window an image, from the labels that it was judged by."""
    rows = case.score(
        torch.cat([point.image for point in points]),
        Prediction(labels=torch.cat([point.labels for point in points])),
        torch.cat([subject.truth for subject in subjects]),
        **at,
    )
    radii = {s.id: one.radius(at) for s, one in zip(case.samples, subjects, strict=True)}
    yield from (told(row, radii[str(row.sample)]) for row in rows)


def retained(
    case: Case,
    subjects: Sequence[AttackedWindow],
    clean: Sequence[TrailPoint],
    points: Sequence[TrailPoint],
    at: dict[str, Scalar],
) -> Iterator[Measurement]:
    """Yield the share of each window's overlap that is left."""
    for look, one, before, after in zip(case.looks(**at), subjects, clean, points, strict=True):
        share = after.left / before.left if before.left else None
        yield told(look.row("retention", share, why=LOST), one.radius(at))


def told(row: Measurement, radius: float) -> Measurement:
    """Return the row, undefined for a radius of 0: what was not attacked has withstood nothing."""
    return row if radius else Measurement(row.metric, None, row.sample, row.at, 0.0, STILL)
