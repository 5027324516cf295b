"""The whole page as finished words and numbers; the template only lays them out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from reports.figures.closeup import Closeup, closeups
from reports.figures.evidence import questions
from reports.figures.filmstrip import Album
from reports.figures.training import CURVES, DIAGNOSIS
from reports.page import costs, gaps, origin
from reports.page.chapter import Chapter, chapter, news
from reports.page.headline import Headline, headline
from reports.page.probed import probed
from reports.page.score import Score, masks, reach, score
from reports.page.stored import Beside, beside
from reports.page.subject import audited
from reports.vocabulary import Vocabulary
from reports.words import TERMS, clean, count, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.policy.verdict import Judgement, Outcome
    from audit.record.record import Record

ORDER = ("resolution", "shift", "pipeline")
"""Suites stand by their gravest verdict; those of one verdict in this order, then by name."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """Everything that the page shows."""

    title: str
    headline: Headline
    score: Score | None
    reach: str
    closeups: tuple[Closeup, ...]
    audited: tuple[tuple[str, str], ...]
    beside: Beside | None
    chapters: tuple[Chapter, ...]
    gaps: tuple[gaps.Gap, ...]
    costs: tuple[tuple[str, ...], ...]
    facts: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str], ...]
    command: str
    left_out: str
    terms: tuple[tuple[str, str], ...]

    @property
    def wide(self) -> tuple[Chapter, ...]:
        """The chapters that are shown unfolded."""
        return tuple(one for one in self.chapters if one.leads)

    @property
    def folded(self) -> tuple[Chapter, ...]:
        """The chapters that are folded to a line."""
        return tuple(one for one in self.chapters if not one.leads)


def page(record: Record, judged: Judgement) -> Page:
    """Return the page of a record and what its rules came to."""
    provenance: dict[str, Any] = record.provenance()
    outcomes = judged.outcomes
    words = Vocabulary.of(record)
    album = Album(record, words)
    made = chapters(record, outcomes, album)
    # Of a log alone the only chapter stands unfolded right below: nothing is said twice.
    alone = of_log_alone(record)
    log = (provenance.get("log") or ["model"])[0]
    name = short(provenance.get("model") or log, 60)
    lost = f"{count(album.left_out, 'picture')} left out, to keep the page small."
    return Page(
        title=f"Audit of {name}",
        headline=replace(headline(judged, words), fears=()) if alone else headline(judged, words),
        score=score(record, judged, words),
        reach=" ".join(one for one in (reach(record), masks(provenance)) if one),
        closeups=closeups(record, album),
        audited=audited(record, provenance, outcomes),
        beside=beside(record, provenance),
        chapters=tuple(replace(one, answer="") for one in made) if alone else made,
        gaps=gaps.gaps(record, provenance, outcomes),
        costs=() if alone else costs.table(record),
        facts=origin.facts(record, provenance, judged.policy),
        data=origin.data(provenance),
        command=origin.command(provenance),
        left_out=lost if album.left_out else "",
        terms=tuple(TERMS.items()),
    )


def of_log_alone(record: Record) -> bool:
    """Return whether a record is about a training log and nothing else."""
    return {one.suite for one in questions(record)} == {DIAGNOSIS.partition(".")[0]}


def chapters(record: Record, outcomes: Sequence[Outcome], album: Album) -> tuple[Chapter, ...]:
    """Return a chapter a suite that was asked or judged, the gravest first."""
    asked = questions(record)
    leading = {one.rule.probe for one in news(outcomes)}
    leading |= {DIAGNOSIS} if of_log_alone(record) else set()
    wide = {name.partition(".")[0] for name in leading}
    names = {one.suite for one in asked} | {one.rule.suite for one in outcomes}
    rules, words = [outcome.rule for outcome in outcomes], album.words
    found = []
    # Unfolded chapters come first, as the room for pictures is limited.
    for suite in sorted(names, key=lambda one: (one not in wide, one)):
        # The training curves come before what was found on them.
        mine = sorted((q for q in asked if q.suite == suite), key=lambda q: q.name != CURVES)
        first = sorted(mine, key=lambda q: q.name not in leading)
        shown = {q.name: probed(record, q, rules, album, typical=q.name in leading) for q in first}
        made = [shown[q.name] for q in mine]
        found.append((suite, chapter(record, suite, made, outcomes, leading=leading, words=words)))
    return tuple(one for _, one in sorted(found, key=lambda pair: place(*pair)))


STYLES = ("fail", "undecided", "warn", "pass")


def place(suite: str, one: Chapter) -> tuple[int, int, str]:
    """Return the sort key of a chapter: the gravest verdict first."""
    rank = STYLES.index(one.badge.style) if one.badge.style in STYLES else len(STYLES)
    return rank, ORDER.index(suite) if suite in ORDER else len(ORDER), clean(suite)
