"""The verdict as a few lines of HTML, for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from reports.page.rules import badge, gravity
from reports.words import clean

if TYPE_CHECKING:
    from audit.policy.verdict import Judgement, Outcome

MOST = 12


def short_page(judged: Judgement, score: str = "") -> str:
    """Return the verdict, the score and the other rules, the gravest first, as HTML."""
    whole = badge(judged.verdict)
    graved = sorted((one for one in judged.outcomes if one.counts), key=gravity)
    lines = [line(one) for one in graved[:MOST]]
    more = len(graved) - len(lines)
    if more > 0:
        lines.append(Markup("<li>and {} more</li>").format(more))
    head = Markup("<p><strong>{} {}</strong> {}</p>")
    head = head.format(whole.shape, judged.said, clean(score))
    return str(head + Markup("<ul>{}</ul>").format(Markup("").join(lines)))


def line(outcome: Outcome) -> Markup:
    """Return one rule as a line."""
    one = badge(outcome.verdict)
    said = clean(outcome.because)
    return Markup("<li><strong>{} {}</strong> {}</li>").format(one.shape, one.word, said)
