"""What numbers and conditions mean: declared by the suite that yields them, kept in the record.

Standard library only. Rules, figures and reports look a metric up here: its range, the direction
that is better and the words for it are not repeated elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Better = Literal["higher", "lower", ""]
"""Which way a metric is good; "" where it has no direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What one number means.

    `words` name it in a sentence ("IoU", "share of foreground"), `unit` stands behind its value
    ("px", "dB", "" for a plain number). It lies in `low` to `high`, which bounds intervals and what
    a failed image may hide. `paired` says that an image is compared with itself, so that image
    difficulty cancels.

    >>> share("agreement", "share that stays as it is", paired=True).span
    1.0
    """

    name: str
    words: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    better: Better = ""
    paired: bool = False

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"{self.name}: a range from {self.low} to {self.high} holds nothing")

    @property
    def span(self) -> float:
        """The most that two of its values can differ by."""
        return self.high - self.low


def share(name: str, words: str, better: Better = "higher", *, paired: bool = False) -> Metric:
    """Return a metric that lies in 0..1."""
    return Metric(name=name, words=words, low=0.0, high=1.0, better=better, paired=paired)


def change(name: str, words: str, better: Better = "lower", *, paired: bool = True) -> Metric:
    """Return a metric that is one share less another, so that it lies in -1..1."""
    return Metric(name=name, words=words, low=-1.0, high=1.0, better=better, paired=paired)


def amount(
    name: str, words: str, unit: str = "", better: Better = "", *, paired: bool = False
) -> Metric:
    """Return a metric that is never below 0 and has no upper end: a count, a length, a rate."""
    return Metric(name=name, words=words, unit=unit, low=0.0, better=better, paired=paired)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What one key of a measurement's condition means.

    `words` stand under an axis ("photons in bright pixels"), `unit` behind a level ("300 photons");
    without one a level stands behind the name ("gamma 0.5"), and takes the unit that the name ends
    in. `neutral` is the level at which nothing is changed, where the axis runs through one.
    `identity` says what a row is about (a class, an object, a draw): never an axis of severity;
    `many` where an image may hold hundreds, of which a figure shows the mean.
    """

    name: str
    words: str
    unit: str = ""
    neutral: float | None = None
    identity: bool = False
    many: bool = False
