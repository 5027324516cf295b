"""What a verb says at its end: the verdict and the score, what spoilt it, and what was not asked.

An ordinary audit has 150 rules. Whoever ran it wants to know whether it passed, by how much, and
what to look at; everything else is for --verbose, the page and the record.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rich.markup import escape

from audit.cli.screen import STYLES, console, show_source
from audit.policy.headline import headline
from audit.policy.verdict import Verdict
from audit.quantities.absence import Absence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from audit.metric import Metric
    from audit.policy.verdict import Judgement, Outcome

MOST_LINES = 12
"""Rules that are told one by one; the rest is counted."""

MOST_WORDS = 240
"""Characters of a reason, beyond which its further sentences are left to --verbose."""

MOST_NAMED = 4
"""Runs of which one rule tells; the rest is counted."""

MOST_REASONS = 4
"""Reasons of rules that were not judged, the commonest first; the rest is counted."""

ALL = "--verbose shows them"

GRAVITY = {Verdict.FAIL: 0, Verdict.WARN: 1, Verdict.UNDECIDED: 2, Verdict.PASS: 3}
"""What is told first: what failed, what warns, what is open."""


def show_judgement(path: Path, judged: Judgement, *, verbose: bool, told: bool = False) -> None:
    """Print what concerns the images of a record, then what it comes to.

    Where its findings were `told` before, the verdict alone.
    """
    from audit.application.reading import read

    with read(path) as record:
        show_source(record)
        show_verdict(judged, record.metrics(), verbose=verbose, told=told)


def show_verdict(
    judged: Judgement, metrics: Mapping[str, Metric], *, verbose: bool, told: bool = False
) -> None:
    """Print the verdict with the score, then the rules that spoilt it, or every rule."""
    score = headline(judged, metrics)
    said = f"[{STYLES[judged.verdict]}]{judged.said}[/]"
    console.print(f"{said}   {escape(score)}" if score else said)
    if judged.unfinished:
        console.print(f"[yellow]{'unfinished':>11}[/]  {left(judged.unfinished)}")
    if verbose:
        show_all(judged.outcomes)
    if verbose or told:
        return
    lines = list(spoilt(judged))
    shown = lines if len(lines) <= MOST_LINES else lines[: MOST_LINES - 1]
    for word, style, sentence in shown:
        console.print(f"[{style}]{word:>11}[/]  {escape(sentence)}")
    if rest := Counter(word for word, *_ in lines[len(shown) :]):
        more = ", ".join(f"{many} {word}" for word, many in rest.items())
        console.print(f"{'':>11}  and {more}; {ALL}")
    for line in filter(None, (kept(judged.outcomes), unasked(judged.outcomes))):
        console.print(line, markup=False)


def left(units: int) -> str:
    """Return that an audit is unfinished, and what to do."""
    many = "unit of work is" if units == 1 else "units of work are"
    return (
        f"The audit is unfinished: {units} {many} missing; run the same command again, "
        "or merge the other shards."
    )


def show_all(outcomes: Iterable[Outcome]) -> None:
    """Print every outcome, the worst first and what was not judged at the end."""
    for outcome in sorted(outcomes, key=lambda one: (not one.counts, GRAVITY[one.verdict])):
        style = STYLES[outcome.verdict] if outcome.counts else "dim"
        said = " ".join([outcome.because, *remedy(outcome)])
        console.print(f"[{style}]{word_of(outcome):>11}[/]  {escape(said)}")


def remedy(outcome: Outcome) -> list[str]:
    """Return what the remedy of a broken rule brings, where one was tried."""
    return [outcome.tried.said] if outcome.tried else []


def word_of(outcome: Outcome) -> str:
    """Return what stands before an outcome."""
    if not outcome.counts:
        return "not judged"
    return "open" if outcome.open else outcome.verdict.name


def spoilt(judged: Judgement) -> Iterator[tuple[str, str, str]]:
    """Yield word, style and sentence of what failed, warns or is open, in this order.

    Rules that one kind of reason kept from an answer are one line: a model that failed is said
    to have failed once.
    """
    told = [one for one in judged.outcomes if one.counts and one.verdict is not Verdict.PASS]
    alike: dict[Absence, list[str]] = defaultdict(list)
    for outcome in told:
        if outcome.absence:
            alike[outcome.absence].append(outcome.reason)
    for outcome in sorted(told, key=lambda one: (GRAVITY[one.verdict], not one.blocks)):
        sentence = " ".join([shortened(outcome.because), *remedy(outcome)])
        if outcome.absence and len(reasons := alike.get(outcome.absence, [])) != 1:
            if not reasons:
                continue
            sentence = unanswered(alike.pop(outcome.absence))
        yield word_of(outcome), STYLES[outcome.verdict], sentence


def unanswered(reasons: Sequence[str]) -> str:
    """Return how many rules have no answer, and the commonest reason, in a sentence.

    >>> unanswered(["the model failed: no", "the model failed: no"])
    '2 rules have no answer: the model failed: no.'
    """
    ((reason, many),) = Counter(reasons).most_common(1)
    most = "" if many == len(reasons) else "most of them for this: "
    return f"{len(reasons)} rules have no answer{', ' + most if most else ': '}{reason}."


def shortened(text: str) -> str:
    """Return the first sentences of a text: one, and as many more as find room.

    Of several lines the first few.

    >>> shortened("It is 0.3. It may be 0.5.")
    'It is 0.3. It may be 0.5.'
    """
    if "\n" in text:
        return several([shortened(line) for line in text.split("\n")])
    first, *more = re.split(r"(?<=[.!?]) (?=[A-Z])", text)
    for sentence in more:
        if len(first) + len(sentence) >= MOST_WORDS:
            break
        first = f"{first} {sentence}"
    return first


def several(lines: Sequence[str]) -> str:
    """Return lines below each other behind the word of a rule, and how many more there are."""
    shown = lines if len(lines) <= MOST_NAMED else lines[: MOST_NAMED - 1]
    more = [f"and {len(lines) - len(shown)} more; {ALL}"] * (len(lines) > len(shown))
    return f"\n{'':13}".join([*shown, *more])


def kept(outcomes: Sequence[Outcome]) -> str:
    """Return how many rules passed, in a sentence; nothing where none did."""
    many = sum(one.counts and one.verdict is Verdict.PASS for one in outcomes)
    return f"{many} rule{'s' * (many != 1)} passed." if many else ""


def unasked(outcomes: Iterable[Outcome]) -> str:
    """Return how many rules were not judged, and the commonest reasons, in one sentence."""
    reasons = Counter(why(one) for one in outcomes if not one.counts)
    if not reasons:
        return ""
    named = [f"{reason} ({many})" for reason, many in reasons.most_common(MOST_REASONS)]
    if rest := sum(reasons.values()) - sum(many for _, many in reasons.most_common(MOST_REASONS)):
        named.append(f"for other reasons ({rest})")
    total = sum(reasons.values())
    were = "rules were" if total != 1 else "rule was"
    return f"{total} {were} not judged: {', '.join(named)}; {ALL}."


def why(outcome: Outcome) -> str:
    """Return in a few words why a rule was not judged."""
    if outcome.absence is Absence.NOT_ASKED:
        return "not asked for"
    if outcome.absence is Absence.UNDEFINED:
        return "these images cannot tell"
    return outcome.reason.partition(":")[0] or "not judged"
