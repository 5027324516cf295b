"""Trying the remedy of a rule that is broken: the gain, its interval, and the sentence of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.policy.number import apart, precision
from audit.policy.remedy import CHOICE, Tried
from audit.policy.verdict import Verdict
from audit.quantities.absence import Absent
from audit.quantities.quantity import Quantity
from audit.quantities.remedied import chosen_level, other_way

if TYPE_CHECKING:
    from audit.metric import Metric
    from audit.policy.remedy import Remedy
    from audit.policy.verdict import Outcome
    from audit.quantities.answer import Span
    from audit.quantities.remedied import Remedied
    from audit.record.record import Record

BROKEN = (Verdict.FAIL, Verdict.WARN)
"""Verdicts of rules that a remedy is tried for."""


def tried(outcome: Outcome, record: Record) -> Tried | None:
    """Return what the remedy of a broken rule brings; None where no images tell."""
    remedy = outcome.rule.tries
    if remedy is None or outcome.verdict not in BROKEN:
        return None
    found = asked(outcome, remedy, record)
    metric = record.metrics().get(remedy.quantity(outcome.rule).metric)
    interval = None if isinstance(found, Absent) else found.gain.interval(outcome.level)
    if isinstance(found, Absent) or interval is None or metric is None:
        return None
    return Tried(
        said=said(remedy, found, interval, metric),
        before=found.before,
        after=found.after,
        gain=found.gain.value,
        interval=interval,
        choices=tuple(one for one in found.choices if one is not None),
    )


def asked(outcome: Outcome, remedy: Remedy, record: Record) -> Remedied | Absent:
    """Return what a record says of a remedy, in the scope that the rule was judged by."""
    rule, after = outcome.rule, remedy.quantity(outcome.rule)
    if remedy.over:
        return chosen_level(record, after, outcome.scope)
    before = Quantity(probe=rule.probe, metric=after.metric, at=rule.at, each=rule.each)
    return other_way(record, before, after, outcome.scope)


def said(remedy: Remedy, found: Remedied, span: Span, metric: Metric) -> str:
    """Return what a remedy would bring, in one sentence.

    "Rescaling the images by 1.6 would raise the IoU by 0.058 [0.038, 0.078] on images that did not
    choose it: 0.53 instead of 0.47."
    """
    if found.choices == (1.0,):
        return f"{remedy.doing.replace(CHOICE, 'another number than 1')} would gain nothing."
    doing = remedy.doing.replace(CHOICE, " or ".join(f"{one:g}" for one in found.choices))
    digits = precision(span[1] - span[0])
    gain, low, high = (apart(one, (0.0,), digits) for one in (found.gain.value, *span))
    before, after = (f"{one:.{min(3, max(2, digits))}f}" for one in (found.before, found.after))
    elsewhere = " on images that did not choose it" if found.choices else ""
    verb = "lower" if metric.better == "lower" else "raise"
    change = f"{verb} the {metric.words} by {gain} [{low}, {high}]{elsewhere}"
    if span[1] < 0:
        return f"{doing} is no remedy: {metric.words} {after} instead of {before}{elsewhere}."
    if span[0] <= 0:
        span_said = f"{gain} [{low}, {high}] in the {metric.words}"
        return f"{doing} brings no gain to rely on: {span_said}{elsewhere}."
    return f"{doing} would {change}: {after} instead of {before}."
