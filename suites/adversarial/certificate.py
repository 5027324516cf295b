"""Whether the attack works on this model at all: an attack that fails is no robustness."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch

from audit.meaning import IGNORE
from audit.probing.probe import Needs, above_zero
from suites.adversarial.attacked import LOST, STILL, Windowed
from suites.adversarial.loss import errors, masked
from suites.adversarial.trail import ROUNDING, Trail

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Generator, Tensor

    from audit.measurement import Measurement, Scalar
    from audit.probing.case import Case
    from suites.adversarial.subject import AttackedWindow

NO_REFERENCE = "no reference network was given"
ITSELF = "this is the reference network"
OTHER = "the reference gives no gradients, or has other classes"
NOT_MEASURED = "the attacks whose rows are compared have none of this image"

SATURATED = 1e-5
"""A pixel whose other classes have less probability than this gives no gradient: the slope of
its loss is lost in rounding."""

TREMBLE = 0.05
"""How far an image is moved, in units of its noise, when its loss should stay as it is."""

CROSSING = 2.5
"""How often the steps of an attack from the untouched image could cross its ball."""

FINISHING = 0.5
"""The length of the steps that go on where an attack ended, in units of its radius."""

ROWS = ("adversarial.gradient", "adversarial.black_box")

Key = tuple[tuple[str, "Scalar"], ...]
"""A condition whose parts are in order, so that equal ones are one key."""

Flags = dict[str, float | str]
"""Metric to its value, or to the reason why there is none."""


@dataclass(frozen=True, kw_only=True)
class Certificate(Windowed):
    """Signs that an attack failed, each from 0 (none) to 1; source: Pintor et al. 2022, in pixels.

    Gradient: `broken_graph`, `zero_gradient_fraction` of pixels, `saturated_fraction` of outputs,
    `unstable_loss` when nothing to speak of changed. Attack, at `noise_ratio` times the noise:
    `unraised_loss` (1 where the loss did not rise), `outside_fraction` of pixels that left the
    ball or the range, `silent_success` (overlap that comes back when the result is shown again),
    `unfinished_iou` (what more `steps` take beyond the recorded attack), `unbounded_iou` (what is
    left when every pixel is free). Others: `weaker_fraction` of radii that do less than a smaller
    one, `black_box_gain` and `transfer_gain`: by how much an attack without the gradient, or on
    the reference, does better.
    """

    name: ClassVar[str] = "adversarial.certificate"
    asks: ClassVar[str] = "Does the attack on this model work at all?"
    source: ClassVar[str] = "arXiv:2106.09947"
    needs: ClassVar[Needs] = Needs(
        model="gradients", masks=True, complete=True, tasks=("semantic",)
    )
    after: ClassVar[tuple[str, ...]] = ROWS

    noise_ratio: float = 2.0
    steps: int = 8
    draws: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        above_zero(self, "noise_ratio", "steps", "draws")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the flags of each image."""
        for look, subject in zip(case.looks(), self.subjects(case), strict=True):
            stream, name = look.generator(), look.sample.id
            flags: Flags
            if not subject.noise:
                flags = dict.fromkeys(MOVED, STILL)
            else:
                flags = (
                    slopes(case, subject)
                    | {"unstable_loss": self.unstable(case, subject, stream)}
                    | self.attacked(case, subject, stream, name)
                )
            flags |= compared(case, name)
            for metric, found in flags.items():
                if isinstance(found, str):
                    yield look.undefined(metric, found)
                else:
                    yield look.row(metric, found)

    def unstable(self, case: Case, subject: AttackedWindow, stream: Generator) -> float:
        """Return by how much pixels' losses change when the image trembles: relative, at most 1."""
        before = loss_of(case, subject, subject.image)
        change = 0.0
        for _ in range(self.draws):
            noise = torch.randn(subject.image.shape, generator=stream).to(subject.image)
            after = loss_of(case, subject, subject.image + TREMBLE * subject.noise * noise)
            moved = float((after - before).abs().mean() / before.mean().clamp_min(SATURATED))
            change += min(1.0, moved) / self.draws
        return change

    def attacked(
        self, case: Case, subject: AttackedWindow, stream: Generator, sample: str
    ) -> Flags:
        """Return the flags that take an attack, which is made here, and on the reference."""
        from suites.adversarial.attack import ascend
        from suites.adversarial.path import descend

        radius = self.noise_ratio * subject.noise
        trail = started(case, subject, radius)
        lost = trail.last.broken
        end = descend(case.logits, trail, stream, losses=(masked,), steps=self.steps)
        found = trail.points[0]
        again = subject.iou(case.predict(found.image).labels)
        before, after = (float(loss_of(case, subject, i).mean()) for i in (subject.image, end))
        flags: Flags = {
            "unraised_loss": LOST if lost else float(after <= before),
            "outside_fraction": outside(subject, end, radius),
            "silent_success": max(0.0, again - found.left),
            "transfer_gain": self.transferred(case, subject, stream, found.left),
        }
        if radius and not found.broken:
            lengths = [FINISHING] * self.steps
            ascend(case.logits, trail, end, losses=(masked,), radius=radius, lengths=lengths)
        recorded = reported(case, sample).get((("noise_ratio", self.noise_ratio),), found.left)
        flags["unfinished_iou"] = max(0.0, recorded - trail.points[0].left)
        flags["unbounded_iou"] = LOST if lost else self.unbounded(case, subject)
        return flags

    def unbounded(self, case: Case, subject: AttackedWindow) -> float:
        """Return the share of the overlap that is left when every pixel is free.

        The attack begins at the untouched window: noise of that size breaks most models unaided.
        """
        from suites.adversarial.attack import ascend

        free = started(case, subject, subject.high - subject.low)
        clean = free.last.left
        ascend(
            case.logits,
            free,
            subject.image,
            losses=(masked,),
            radius=free.radii[0],
            lengths=[CROSSING / self.steps] * self.steps,
        )
        return free.points[0].left / clean if clean else 0.0

    def transferred(
        self, case: Case, subject: AttackedWindow, stream: Generator, own: float
    ) -> float | str:
        """Return by how much the reference's worst image does better on this model."""
        from suites.adversarial.path import descend

        reference = case.reference
        if reference is None:
            return NO_REFERENCE
        if reference is case.model or case.role.kind == "reference":
            return ITSELF
        if not reference.traits.gives("gradients") or reference.traits.classes != subject.classes:
            return OTHER
        trail = Trail(subject, [self.noise_ratio * subject.noise])
        trail.keep(subject.image, reference.predict(subject.image).labels)
        descend(reference.logits, trail, stream, losses=(masked,), steps=self.steps)
        theirs = subject.iou(case.predict(trail.points[0].image).labels)
        return max(0.0, own - theirs)


MOVED = (
    "unraised_loss",
    "broken_graph",
    "zero_gradient_fraction",
    "saturated_fraction",
    "unstable_loss",
    "outside_fraction",
    "silent_success",
    "transfer_gain",
    "unfinished_iou",
    "unbounded_iou",
)
"""The flags of an image that an attack can move."""


def started(case: Case, subject: AttackedWindow, radius: float) -> Trail:
    """Return a trail of one radius that holds the untouched window."""
    trail = Trail(subject, [radius])
    trail.keep(subject.image, case.predict(subject.image).labels)
    return trail


def loss_of(case: Case, subject: AttackedWindow, image: Tensor) -> Tensor:
    """Return the cross-entropy of each pixel (1, Y, X)."""
    with torch.no_grad():
        return errors(case.logits(image), subject.truth)


def share(those: Tensor) -> float:
    """Return the share that is true, 0 of none."""
    return float(those.float().mean()) if those.numel() else 0.0


def slopes(case: Case, subject: AttackedWindow) -> Flags:
    """Return which share of the gradient at the untouched window is there to be followed."""
    image = subject.image.clone().requires_grad_(True)  # noqa: FBT003 (torch takes it by position)
    logits = case.logits(image)
    broken = not logits.requires_grad
    slope = torch.zeros_like(image)
    if not broken:
        (slope,) = torch.autograd.grad(errors(logits, subject.truth).sum(), image)
    rest = 1 - logits.detach().double().softmax(1).amax(1)
    # What the truth ignores pulls at nothing, and says nothing of the model.
    known = subject.truth != IGNORE
    return {
        "broken_graph": float(broken),
        "zero_gradient_fraction": share(slope.movedim(1, -1)[known] == 0),
        "saturated_fraction": share(rest[known] < SATURATED),
    }


def outside(subject: AttackedWindow, image: Tensor, radius: float) -> float:
    """Return the share of pixels that moved further than the radius, or left the range."""
    slack = ROUNDING * max(abs(subject.low), abs(subject.high))
    far = (image - subject.image).abs() > radius + slack
    return float(
        (far | (image < subject.low - slack) | (image > subject.high + slack)).float().mean()
    )


def compared(case: Case, sample: str) -> Flags:
    """Return how often a wider radius does less, and how much more the black box does."""
    white, black = rows_of(case, ROWS[0], sample), rows_of(case, ROWS[1], sample)
    radius = {key(row.at): row.value or 0.0 for row in white if row.metric == "epsilon_intensity"}
    left = reported(case, sample)
    gains = [
        max(0.0, left[key(row.at)] - row.value)
        for row in black
        if row.metric == "iou" and row.value is not None and key(row.at) in left
    ]
    weaker = [
        left[second] > left[first] + ROUNDING
        for first, second in pairs({at: r for at, r in radius.items() if at in left})
    ]
    return {
        "weaker_fraction": sum(weaker) / len(weaker) if weaker else NOT_MEASURED,
        "black_box_gain": max(gains, default=NOT_MEASURED),
    }


def rows_of(case: Case, probe: str, sample: str) -> list[Measurement]:
    """Return an attack's rows of one image that have a value."""
    return [row for row in case.rows(probe) if row.sample == sample and row.value is not None]


def reported(case: Case, sample: str) -> dict[Key, float]:
    """Return what the attack by gradient left of an image at each radius."""
    return {
        key(row.at): row.value
        for row in rows_of(case, ROWS[0], sample)
        if row.metric == "iou" and row.value is not None
    }


def key(at: Mapping[str, Scalar]) -> Key:
    """Return a condition with its parts in order."""
    return tuple(sorted(at.items()))


def pairs(radius: Mapping[Key, float]) -> Iterator[tuple[Key, Key]]:
    """Yield each condition with that of the next wider radius."""
    ordered = sorted(radius, key=lambda at: radius[at])
    yield from itertools.pairwise(ordered)
