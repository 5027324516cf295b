"""How well a reading of training logs agrees with what is known of them.

What is true and what is said of a condition are each True, False or None. Where the truth is None,
nothing is counted. Saying None is an abstention: no alarm, but a condition that held is missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Said = tuple[bool | None, bool | None]
"""What is true, and what was said."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """Counts of one condition; `abstained` are those of `missed` and `rejected` left open."""

    found: int
    missed: int
    accused: int
    rejected: int
    abstained: int

    @property
    def precision(self) -> float | None:
        """The share of what was said to hold that did; None where nothing was said to."""
        said = self.found + self.accused
        return self.found / said if said else None

    @property
    def recall(self) -> float | None:
        """The share of what held that was said to; None where nothing held."""
        held = self.found + self.missed
        return self.found / held if held else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where nothing held nor was said to."""
        either = 2 * self.found + self.missed + self.accused
        return 2 * self.found / either if either else None


def score(pairs: Iterable[Said]) -> Score:
    """Return the counts of one condition."""
    known = [(bool(true), said) for true, said in pairs if true is not None]
    return Score(
        found=sum(true and said is True for true, said in known),
        missed=sum(true and said is not True for true, said in known),
        accused=sum(not true and said is True for true, said in known),
        rejected=sum(not true and said is not True for true, said in known),
        abstained=sum(said is None for _, said in known),
    )


def macro_f1(scores: Mapping[str, Score]) -> float:
    """Return the mean of the F1 of all conditions; ValueError names one that never held."""
    if empty := [name for name, one in scores.items() if not one.found + one.missed]:
        raise ValueError(f"never held: {', '.join(empty)}")
    return fmean(one.f1 for one in scores.values() if one.f1 is not None)


def lines(scores: Mapping[str, Score]) -> str:
    """Return the scores as a table, a line for each condition."""
    head = "condition                     held  F1    precision recall accused abstained"
    rows = [
        f"{name:28} {one.found + one.missed:5} {share(one.f1)} {share(one.precision)}     "
        f"{share(one.recall)}  {one.accused:3} of {one.accused + one.rejected:3} {one.abstained:5}"
        for name, one in scores.items()
    ]
    return "\n".join([head, *rows])


def share(value: float | None) -> str:
    """Return a share to two digits, or a dash."""
    return " --- " if value is None else f"{value:.3f}"
