"""A judgement as a session shows it: a few lines of text, or of HTML in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from audit.policy.verdict import Judgement
from audit.quantities.table import BASELINE

if TYPE_CHECKING:
    from audit.policy.verdict import Outcome

SHOWN = 3
"""Rules that a short text names beside the score."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Judged(Judgement):
    """The outcomes of a policy on a record, which say the verdict and the score where shown."""

    def __repr__(self) -> str:
        from reports.page.rules import gravity

        one = score(self)
        rest = sorted((o for o in self.outcomes if o.counts and o is not one), key=gravity)
        lines = [f"{o.verdict.name:>9}  {o.because}" for o in rest[:SHOWN]]
        head = f"{self.said}: {one.because}" if one else self.said
        return "\n".join([head, *lines])

    def _repr_html_(self) -> str:
        from reports.page.short import short_page

        return short_page(self, score(self))


def shown(judged: Judgement) -> Judged:
    """Return a judgement that says what it holds where it is shown."""
    return Judged(**{one.name: getattr(judged, one.name) for one in fields(judged)})


def score(judged: Judgement) -> Outcome | None:
    """Return the judged rule on the untouched images, a key rule first; None where none is."""
    found = [o for o in judged.outcomes if o.rule.probe == BASELINE and o.judged]
    return min(found, key=lambda o: (bool(o.rule.against), not o.rule.key), default=None)
