"""The score with its interval, and how far it and the verdict reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.meaning import said_of
from audit.policy.headline import score as scored
from audit.role import AUDITED
from reports.figures.evidence import BASELINE, places, roles
from reports.figures.material import of_metric
from reports.figures.mean import mean
from reports.page.rules import estimate, interval
from reports.words import NONE, clean, count, number, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.policy.verdict import Judgement
    from audit.record.record import Record
    from reports.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Score:
    """The main metric of the untouched images in words; `beyond` is "" where one movie was seen."""

    metric: str
    value: str
    here: str
    beyond: str


def score(record: Record, judged: Judgement, words: Vocabulary) -> Score | None:
    """Return the score as its rule has it, else the mean; None where nothing was scored."""
    one = scored(judged)
    if one is None or one.estimate is None:
        return measured(record, words, record.main_metric)
    return Score(
        metric=words.metric(one.rule.metric),
        value=estimate(one),
        here=known(interval(one, one.here)),
        beyond=known(interval(one, one.beyond)) if one.groups < one.n else "",
    )


def known(words: str) -> str:
    """Return an interval in words; "" where there is none."""
    return "" if words == NONE else words


def measured(record: Record, words: Vocabulary, metric: str) -> Score | None:
    """Return the mean of a metric on the untouched images, for a policy without a rule on it."""
    found = roles(record)
    rows = of_metric(record, BASELINE, metric, found, words).get(AUDITED, []) if found else []
    values = {row.sample: row.value for row in rows if row.sample and row.value is not None}
    whole = mean(values, places(record))
    if whole is None:
        return None
    ends = None if whole.low is None or whole.high is None else (whole.low, whole.high)
    return Score(metric=words.metric(metric), value=number(whole.value), here=span(ends), beyond="")


def masks(provenance: Mapping[str, Any]) -> str:
    """Return what was decided of the numbers in masks, a sentence a part; "" where there are none.

    >>> masks({"origin": {"test": {"layout": "one folder"}}})
    ''
    """
    said = said_of(provenance)
    return " ".join(f"Masks: {clean(one)}." for one in said)


def reach(record: Record) -> str:
    """Return how far what was found holds, in a sentence; "" where there are no images."""
    query = "select count(*), count(distinct coalesce(grp, name)) from samples where part = 'test'"
    images, groups = record.database.execute(query).fetchone()
    if not images:
        return ""
    if groups == images:
        return f"Found on {count(images, 'image')}, each of its own origin."
    if groups == 1:
        return (
            f"These are {images} frames of one movie: the verdict holds for it; "
            "other movies may differ."
        )
    return (
        f"These are {images} images of {count(groups, 'movie')}: the verdict holds for them; each "
        "rule also says what is known of other movies."
    )
