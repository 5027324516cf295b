"""A judgement as a session shows it: a few lines of text, or of HTML in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from audit.policy.headline import headline, score
from audit.policy.verdict import Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.metric import Metric

SHOWN = 3
"""Rules that a short text names beside the score."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Judged(Judgement):
    """The outcomes of a policy on a record, which say the verdict and the score where shown."""

    score: str = ""
    """The score in one phrase, with its interval."""

    def __repr__(self) -> str:
        from reports.page.rules import gravity

        said = score(self)
        rest = sorted((one for one in self.outcomes if one.counts and one is not said), key=gravity)
        lines = [f"{one.verdict.name:>9}  {one.because}" for one in rest[:SHOWN]]
        return "\n".join([": ".join(filter(None, (self.said, self.score))), *lines])

    def _repr_html_(self) -> str:
        from reports.page.short import short_page

        return short_page(self, self.score)


def shown(judged: Judgement, metrics: Mapping[str, Metric]) -> Judged:
    """Return a judgement that says what it holds where it is shown."""
    held = {one.name: getattr(judged, one.name) for one in fields(judged)}
    return Judged(**held, score=headline(judged, metrics))
