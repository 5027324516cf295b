"""A rule, as a TOML file states it."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from audit.policy.remedy import Remedy  # noqa: TC001 (pydantic reads annotations)
from audit.quantities.quantity import Quantity
from audit.quantities.score import SCORE, of_task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audit.record.record import Record

GROSS = 3.0
"""Unless a rule says otherwise, so many times as far from the ideal as its bound is gross."""

MOST_RULES = 2000
"""Rules that one list of conditions may make; more is a mistake, or mischief."""

BLANK = re.compile(r"\{(\w+)(?::g)?\}")
"""What a template may hold: the name of a condition, and nothing that is evaluated."""


class Rule(Quantity):
    """One bound on one quantity, and what it means to lie beyond it."""

    id: str
    """What the rule is called, once in a policy: `id = "noise"`."""

    what: str
    """The quantity in plain words, conditions in braces: `what = "the IoU lost at {photons:g}"`.
    `{score}` is what the task calls its score, where that is the metric."""

    why: str = Field(min_length=10)
    """Where the bound comes from: `why = "twenty healthy networks lost at most 0.02"`."""

    at_least: float | None = Field(None, allow_inf_nan=False)
    """Below it the rule fails: `at_least = 0.5`. A rule has this, or `at_most`."""

    at_most: float | None = Field(None, allow_inf_nan=False)
    """Above it the rule fails: `at_most = 0.05`."""

    warns: bool = False
    """Beyond the bound the rule only warns, and never fails: `warns = true`."""

    warn: float | None = Field(None, allow_inf_nan=False)
    """A milder bound, beyond which the rule warns: `warn = 0.02`."""

    key: bool = False
    """Without an answer to it no verdict stands: `key = true`. Few rules are."""

    burden: Literal["harm", "proof"] = "harm"
    """`burden = "harm"` passes where no harm is shown, and a gross one would have been seen;
    `burden = "proof"` passes only what is proven."""

    gross: float | None = Field(None, allow_inf_nan=False)
    """The harm that no pass may hide: `gross = 0.2`. Unless it is said, three times as far from the
    ideal as the bound lies."""

    tolerated: tuple[float, float] | None = None
    """A gain whose best choice lies in this range is none: `tolerated = [0.8, 1.25]`."""

    mild: tuple[float, float] | None = None
    """A gain whose best choice lies in this wider range only warns: `mild = [0.65, 1.55]`."""

    given: tuple[str, ...] = ()
    """Rules, or groups of them, that must pass first: `given = ["the certificate"]`."""

    missing: Literal["undecided", "ignore"] = "undecided"
    """`missing = "ignore"` lets a key rule pass over what was not given, as a training set."""

    remedy: str = ""
    """What to do about it: `remedy = "Call eval() before saving."`."""

    tries: Remedy | None = None
    """A remedy that was measured too, and whose gain is told where the rule is broken:
    `tries = { doing = "Rescaling the images by {choice}", over = "factor" }`."""

    spread: tuple[str, ...] = ()
    """The conditions that tell rules of one id apart; found from the lists in `at`, never said."""

    @model_validator(mode="after")
    def _consistent(self) -> Rule:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("expected either at_least or at_most")
        if self.warns and self.warn is not None:
            raise ValueError(
                "`warns` says that the bound only warns: `warn` has no place beside it"
            )
        if self.warn is not None and (self.warn - self.bound) * self.sign >= 0:
            raise ValueError("`warn` lies beyond the bound that fails: nothing would ever warn")
        if self.gross is not None and (self.gross - self.bound) * self.sign < 0:
            raise ValueError("`gross` lies inside the bound: no harm is gross that is allowed")
        if empty := [key for key, value in self.at.items() if value == []]:
            raise ValueError(f"`at` names no {empty[0]}: the rule would vanish")
        if unknown := set(BLANK.findall(self.what)) - {*self.at, *self.words}:
            raise ValueError(f"`what` names a condition that `at` has not: {min(unknown)}")
        if math.prod(len(one) for one in self.at.values() if isinstance(one, list)) > MOST_RULES:
            raise ValueError(f"`at` makes more than {MOST_RULES} rules of one")
        return self

    @property
    def words(self) -> Mapping[str, str]:
        """What may stand in `what` beside conditions, and is filled where a record is judged."""
        return {SCORE: f"{{{SCORE}}}"} if self.metric == SCORE else {}

    @property
    def bound(self) -> float:
        """What the statistic is compared with."""
        bound = self.at_least if self.at_least is not None else self.at_most
        assert bound is not None
        return bound

    @property
    def sign(self) -> int:
        """1 where more is worse, -1 where less is."""
        return 1 if self.at_most is not None else -1

    @property
    def name(self) -> str:
        """The id, and what tells the rule from others of the same id: for logs and machines."""
        return " ".join([self.id, *(f"{key}={self.at[key]}" for key in self.spread)])

    def far(self, ideal: float) -> float:
        """Return the harm that no pass may hide; `ideal` is the value without any."""
        if self.gross is not None:
            return self.gross
        return ideal + GROSS * (self.bound - ideal)

    def each_condition(self) -> Iterable[Rule]:
        """Return one rule for each condition that the lists in `at` name."""
        lists = {key: value for key, value in self.at.items() if isinstance(value, list)}
        for values in itertools.product(*lists.values()):
            at = self.at | dict(zip(lists, values, strict=True))
            what = filled(self.what, {**self.words, **at})
            spread = tuple(lists) or self.spread
            yield self.model_copy(update={"at": at, "what": what, "spread": spread})

    def of_task(self, record: Record) -> Rule:
        """Return the rule as it is meant for the task of a record, in metric and in words."""
        if self.metric != SCORE:
            return self
        asked = of_task(self, record)
        known = record.metrics().get(asked.metric)
        words = {SCORE: known.words if known else asked.metric}
        return asked.model_copy(update={"what": filled(self.what, words)})


def filled(template: str, at: Mapping[str, Any]) -> str:
    """Return a template with the conditions in the place of their names.

    >>> filled("lost at {photons:g} photons ({shape})", {"photons": 300.0, "shape": "tilt"})
    'lost at 300 photons (tilt)'
    """
    return BLANK.sub(lambda found: spoken(at[found[1]]), template)


def spoken(value: Any) -> str:
    """Return a condition's value as a sentence has it."""
    return f"{value:g}" if isinstance(value, float) else str(value)
