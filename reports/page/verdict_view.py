"""The first screen in words: the verdict, three things to fear, what was audited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audit.policy.verdict import Judgement, Outcome, Verdict
from audit.role import AUDITED
from reports.figures.evidence import roles
from reports.page.gaps import unasked
from reports.page.method import totals
from reports.page.rules import Badge, anchor, badge, gravity
from reports.words import clean, count, listed, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.record.record import Record
    from reports.vocabulary import Vocabulary

MOST_FEARS = 3


@dataclass(frozen=True, kw_only=True)
class Fear:
    """One thing to fear: its sentence and where its evidence is."""

    badge: Badge
    sentence: str
    href: str
    link: str


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The verdict and what stands under it."""

    badge: Badge
    sentence: str
    fears_title: str
    fears: tuple[Fear, ...]


def headline(judged: Judgement, words: Vocabulary) -> Headline:
    """Return the verdict with its sentence and the three gravest outcomes."""
    counted = sorted((one for one in judged.outcomes if one.counts), key=gravity)
    verdict = judged.verdict
    return Headline(
        badge=badge(verdict),
        sentence=sentence(verdict, counted, words),
        fears_title=fears_title(verdict, counted),
        fears=tuple(fear(one) for one in feared(verdict, counted)),
    )


def sentence(verdict: Verdict, counted: Sequence[Outcome], words: Vocabulary) -> str:
    """Return what the verdict means here, in one sentence."""
    if not counted:
        return "No rule could be applied, so nothing is known: an audit without rules is no pass."
    many = count(len(counted), "rule")
    same = sum(one.verdict is verdict for one in counted)
    if verdict is Verdict.PASS:
        return f"{'It keeps' if len(counted) == 1 else 'All'} {many}{kept(len(counted))}."
    undecided = sum(one.verdict is Verdict.UNDECIDED for one in counted)
    if verdict is Verdict.FAIL:
        more = f" {undecided} could not be decided." if undecided else ""
        names = listed([words.rule(one.rule) for one in counted[:same]], MOST_FEARS)
        return f"{same} of {many} {'is' if same == 1 else 'are'} broken: {names}.{more}"
    if verdict is Verdict.WARN:
        return f"No rule is broken, but {same} of {many} {'warns' if same == 1 else 'warn'}."
    return f"No rule is broken, but {same} of {many} could not be decided from these data."


def kept(many: int) -> str:
    """Return the end of the sentence of a pass."""
    return "" if many == 1 else " are kept"


def fears_title(verdict: Verdict, counted: Sequence[Outcome]) -> str:
    """Return what the list of the gravest outcomes is called."""
    if not counted:
        return ""
    if verdict is Verdict.PASS:
        return "Nearest to a bound"
    if verdict is Verdict.FAIL:
        return "What to fear, by harm"
    return "What to look at first"


def feared(verdict: Verdict, counted: Sequence[Outcome]) -> list[Outcome]:
    """Return the gravest outcomes; what passed is named only where nothing failed."""
    grave = [one for one in counted if one.verdict is not Verdict.PASS]
    pool = grave if verdict is Verdict.FAIL else counted
    once = {clean(one.because): one for one in reversed(pool)}
    return [one for one in pool if once[clean(one.because)] is one][:MOST_FEARS]


def fear(outcome: Outcome) -> Fear:
    """Return one outcome as a thing to fear."""
    return Fear(
        badge=badge(outcome.verdict),
        sentence=clean(outcome.because),
        href=f"#{anchor(outcome)}",
        link="the evidence",
    )


def audited(
    record: Record, provenance: Mapping[str, Any], outcomes: Sequence[Outcome]
) -> tuple[tuple[str, str], ...]:
    """Return what was audited, as pairs of a heading and its words."""
    spent, passes = totals(record)
    found = (
        ("Model", model(record)),
        ("Images", images(record, provenance)),
        ("Training log", log(provenance)),
        ("Compared with", references(record)),
        ("Lacking", lacking(record, outcomes)),
        ("Isolation", isolation(provenance.get("isolation")) if roles(record) else ""),
        ("Time spent", f"{spent}, {passes}"),
    )
    return tuple((name, words) for name, words in found if words)


def model(record: Record) -> str:
    """Return the audited model by name and the beginning of its digest."""
    row = record.database.execute(
        "select name, digest from models where role = ?", (str(AUDITED),)
    ).fetchone()
    return f"{short(row[0], 60)} ({short(row[1], 13)})" if row else ""


def log(provenance: Mapping[str, Any]) -> str:
    """Return the training log by name, format and the beginning of its digest."""
    name, kind, digest = provenance.get("log") or ("", "", "")
    return f"{short(name, 60)}, read as {clean(kind)} ({short(digest, 13)})" if name else ""


def images(record: Record, provenance: Mapping[str, Any]) -> str:
    """Return how many images of how many groups were audited, and of what."""
    rows = record.database.execute(
        "select coalesce(dataset, ''), coalesce(grp, name), pixel_um from samples "
        "where part = 'test' or part is null"
    ).fetchall()
    if not rows:
        return ""
    groups = len({group for _, group, _ in rows})
    kinds = "" if groups == len(rows) else f" of {count(groups, 'group')} (movie, plate)"
    pixels = sorted({pixel for *_, pixel in rows if pixel})
    size = f", {pixels[0]:.3g} µm a pixel" if len(pixels) == 1 else ""
    several = f", {pixels[0]:.3g} to {pixels[-1]:.3g} µm a pixel" if len(pixels) > 1 else ""
    named = sorted({name for name, *_ in rows if name} or {str(provenance.get("test") or "?")})
    movie = rows[0][1]
    if groups == 1 and len(rows) > 1 and movie not in named[0]:
        named = [movie if named[0] in movie else f"{named[0]}, {movie}"]
    words = listed([short(one, 60) for one in named], 3)
    return f"{words}: {count(len(rows), 'image')}{kinds}{size}{several}"


def references(record: Record) -> str:
    """Return how many reference networks there were."""
    found = roles(record)
    many = len([role for role in found if role != AUDITED])
    if not found:
        return ""
    return count(many, "reference network") if many else "no reference network"


def lacking(record: Record, outcomes: Sequence[Outcome]) -> str:
    """Return what kept probes from being run, and which were never begun."""
    units = record.units()
    found = dict.fromkeys(u.reason for u in units if u.status in ("skipped", "unread") and u.reason)
    reasons = [short(one, 80) for one in found]
    probes = [f"{one} (not run)" for one in unasked(record, outcomes)]
    return listed(reasons + probes, 3) if reasons + probes else "nothing"


def isolation(layers: Any) -> str:
    """Return which layers stood between the model and this machine."""
    if not layers:
        return "none: the model ran with the rights of this program"
    if isinstance(layers, list | tuple):
        return listed([clean(one) for one in layers])
    return clean(layers)
