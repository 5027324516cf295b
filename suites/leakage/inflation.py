"""What leaked images add to the score."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audit.measurement import Measurement
    from audit.probing.case import Case

SEARCHES = ("leakage.exact", "leakage.near", "leakage.neighbours", "leakage.split")
NO_SCORE = "the image has no score"
NONE_LEFT = "every test image leaked: no score is left without them"


@dataclass(frozen=True, kw_only=True)
class Inflation(Probe):
    """The score with and without the images that leaked.

    An image has leaked where any of the searches says so. `leaked_iou` and `clean_iou` are the
    scores told apart. The mean of `inflation_iou` is the mean over all less the mean over those
    that did not leak, and its scatter that of the difference: an image's value is what it adds to
    the difference, linearised (Hampel 1974, doi:10.2307/2285666).
    """

    name: ClassVar[str] = "leakage.inflation"
    asks: ClassVar[str] = "How much of the score do leaked images make?"
    source: ClassVar[str] = "doi:10.1016/j.patter.2023.100804"
    needs: ClassVar[Needs] = Needs(
        model="outputs", masks=True, parts=("test", "train"), tasks=("semantic",)
    )
    scope: ClassVar = "audit"
    after: ClassVar[tuple[str, ...]] = (*SEARCHES, "pipeline.score")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield each test image's score by whether it leaked, and what it adds."""
        leaked = {
            str(row.sample)
            for search in SEARCHES
            for row in case.rows(search)
            if row.metric == "leaked" and row.value
        }
        scores = {
            str(row.sample): row.value
            for row in case.rows("pipeline.score")
            if row.metric == "iou" and row.value is not None
        }
        added = contributions(scores, leaked)
        for look in case.looks():
            name = look.sample.id
            if look.sample.part != "test":
                continue
            for metric, mine in (("leaked_iou", name in leaked), ("clean_iou", name not in leaked)):
                score = scores.get(name) if mine else None
                why = NO_SCORE if mine else "it is one of the others"
                yield look.row(metric, score, why=why)
            missing = NONE_LEFT if name in scores else NO_SCORE
            yield look.row("inflation_iou", added.get(name), why=missing)


def contributions(scores: Mapping[str, float], leaked: set[str]) -> dict[str, float]:
    """Return each image's linearised part of the difference: all less those that did not leak.

    >>> found = contributions({"a": 0.5, "b": 0.5, "c": 0.8}, {"c"})
    >>> round(fmean(found.values()), 6)
    0.1
    """
    honest = [value for name, value in scores.items() if name not in leaked]
    if not honest:
        return {}
    every, clean = fmean(scores.values()), fmean(honest)
    share = len(honest) / len(scores)
    return {
        name: (every - clean) + (value - every) - (name not in leaked) * (value - clean) / share
        for name, value in scores.items()
    }
