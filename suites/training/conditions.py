"""All shapes that learning curves are asked for, and what they come to together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, get_args

from suites.training.condition import CurveShape, Name
from suites.training.diverged import diverged
from suites.training.doubt import BEGUN, EXTRAPOLATED, NEAR, Stricter
from suites.training.good_fit import good_fit
from suites.training.learning_rate import learning_rate_too_high
from suites.training.overfitting import overfitting
from suites.training.reading import Reading, read
from suites.training.underfitting import underfitting
from suites.training.unfinished import unfinished
from suites.training.unrepresentative_training import unrepresentative_training
from suites.training.unrepresentative_validation import unrepresentative_validation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audit.logs.log import Run

FLAWS: Mapping[Name, Callable[[Reading], CurveShape]] = {
    "diverged": Stricter(diverged, "training"),
    "learning rate too high": Stricter(learning_rate_too_high, "training"),
    "overfitting": Stricter(overfitting),
    "unrepresentative training": Stricter(unrepresentative_training),
    "unrepresentative validation": Stricter(unrepresentative_validation, factor=NEAR),
    "underfitting": Stricter(underfitting, "training", BEGUN),
    "not finished": Stricter(unfinished, factor=EXTRAPOLATED),
}
"""Every shape but the good one, the gravest first."""

SILENCED: dict[Name, tuple[Name, ...]] = {
    # Steps that are too long are what most trainings diverge by.
    "diverged": tuple(get_args(Name)[2:-1]),
    "learning rate too high": (
        "overfitting",
        "unrepresentative training",
        "unrepresentative validation",
        "underfitting",
        "not finished",
    ),
    "overfitting": ("underfitting", "not finished"),
    "underfitting": ("unrepresentative training",),
}
"""What nothing can be said about where a graver condition holds."""


@dataclass(frozen=True, kw_only=True)
class Diagnosed:
    """A run with what holds of it, the gravest first; the last is whether all is well."""

    reading: Reading
    conditions: tuple[CurveShape, ...]

    def __getitem__(self, name: Name) -> CurveShape:
        """Return a condition by its name."""
        return next(one for one in self.conditions if one.name == name)

    @property
    def holding(self) -> tuple[Name, ...]:
        """The names of those that hold."""
        return tuple(one.name for one in self.conditions if one.holds)


def diagnose(run: Run) -> Diagnosed:
    """Return what a run's curves say: several conditions may hold, and some cannot be told.

    Verdicts do not change when the loss is multiplied or the epochs are sampled more finely; those
    of overfitting, gaps and trends do not change either when a constant is added to the loss.
    """
    reading = read(run)
    flaws = silenced([ask(name, rule, reading) for name, rule in FLAWS.items()])
    return Diagnosed(reading=reading, conditions=(*flaws, good_fit(reading, flaws)))


def ask(name: Name, rule: Callable[[Reading], CurveShape], reading: Reading) -> CurveShape:
    """Return what a rule says of a reading; a rule that fails says so, and takes no other along."""
    try:
        found = rule(reading)
    except Exception as error:  # noqa: BLE001 (a failure of any kind is one of this rule alone)
        why = f"{type(error).__name__}: {error}"
        return CurveShape(name=name, holds=None, because=unasked(why), near=True, asked=False)
    if all(isfinite(value) for value in found.evidence.values()):
        return found
    because = unasked("its numbers leave what a computer can count")
    return CurveShape(name=name, holds=None, because=because, near=True, asked=False)


def unasked(why: str) -> str:
    """Return that a question could not be asked, as a sentence."""
    return f"This could not be asked, for the rule failed on this log ({why})."


def silenced(flaws: Sequence[CurveShape]) -> tuple[CurveShape, ...]:
    """Return conditions, those that a graver one leaves nothing to be said about as abstentions."""
    because: dict[Name, Name] = {}
    for flaw in flaws:
        if comes_first(flaw) and flaw.name not in because:
            because |= dict.fromkeys(SILENCED.get(flaw.name, ()), flaw.name)
    return tuple(
        replace(
            one,
            holds=None,
            span=None,
            because=f"Nothing can be said of it: {because[one.name]} comes first.",
        )
        if one.name in because and one.asked
        else one
        for one in flaws
    )


def comes_first(flaw: CurveShape) -> bool:
    """Return whether a flaw silences others: it holds of the whole, or training stayed high.

    A loss that may be too high, though that is not sure, leaves a gap beside it as little to say.
    """
    return bool(flaw.holds and not flaw.local) or (flaw.name == "underfitting" and flaw.near)
