"""When a verdict does not hold: what is missing could turn it, or references differ as much."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from audit.policy.bounds import verdict_of
from audit.policy.verdict import Verdict
from audit.quantities.statistic import STATISTICS

if TYPE_CHECKING:
    from audit.policy.bounds import Draft
    from audit.quantities.evidence import Evidence

SEEDS = 3
"""The fewest reference networks that say how much networks of one kind differ."""


class Doubted(NamedTuple):
    """A verdict after doubt, why it stands, and whether what is missing could turn it."""

    verdict: Verdict
    said: tuple[str, ...] = ()
    fragile: bool = False


def doubted(draft: Draft, verdict: Verdict, level: float) -> Doubted:
    """Return a verdict that the data can carry, in place of one that they cannot."""
    missing = draft.evidence.missing
    if missing and {verdict} != imputed(draft, level):
        return Doubted(Verdict.UNDECIDED, (missed(draft.evidence),), fragile=True)
    if verdict is Verdict.FAIL and (why := ordinary(draft)):
        return Doubted(Verdict.WARN, (why,))
    if missing:
        return Doubted(verdict, (f"It stands whatever {lost(draft.evidence)} hold.",))
    return Doubted(verdict)


def missed(evidence: Evidence) -> str:
    """Return that images without a result could turn a verdict, in a sentence."""
    return f"The results of {lost(evidence)} could turn the verdict."


def lost(evidence: Evidence) -> str:
    """Return which images have no result, in words."""
    failed, unread = len(evidence.failed), len(evidence.unread)
    said = [f"the {failed} more on which the model failed"] * bool(failed)
    said += [f"the {unread} more that could not be read"] * bool(unread)
    return " and ".join(said)


def ordinary(draft: Draft) -> str | None:
    """Return why a difference from the references may be one of seeds; None where it is none.

    Two healthy networks of one recipe may differ by more than a rule allows.
    """
    if "reference" not in draft.rule.against:
        return None
    apart, value = draft.evidence.apart, draft.finding.estimate.value
    if len(apart) < SEEDS:
        return f"It only warns: how much healthy networks differ takes {SEEDS} references to know."
    if value > max(apart) if draft.rule.sign > 0 else value < min(apart):
        return None
    return "It only warns: one of the references is as far from the others."


def imputed(draft: Draft, level: float) -> set[Verdict]:
    """Return the verdicts if every missing image had the best, and if it had the worst value.

    None where nobody knows how good or bad a value of the metric can be.
    """
    low, high = draft.evidence.low, draft.evidence.high
    if not np.isfinite([low, high]).all():
        return set()
    if draft.rule.statistic == "gain":
        low, high = low - high, high - low
    verdicts = set()
    for value in (low, high):
        full = with_values(draft.evidence, value)
        if draft.rule.statistic == "gain":
            # The untouched image is the one that nothing was gained on.
            neutral = [choice == 1.0 for choice in full.choices]
            full.values[len(draft.evidence.samples) :, neutral] = 0.0
        found = STATISTICS[draft.rule.statistic](full, draft.rule, draft.scope)
        changed = (
            replace(draft, here=found) if draft.scope == "here" else replace(draft, beyond=found)
        )
        interval = changed.span(draft.scope, level)
        verdicts.add(Verdict.UNDECIDED if interval is None else verdict_of(changed, interval))
    return verdicts


def with_values(evidence: Evidence, value: float) -> Evidence:
    """Return the evidence with a value for every missing image, of the mean weight."""
    count = len(evidence.missing)
    shape = (count, len(evidence.choices))
    weights = np.broadcast_to(evidence.weights.mean(0), shape)
    names = tuple(f"missing {index}" for index in range(count))
    return replace(
        evidence,
        samples=evidence.samples + names,
        groups=evidence.groups + tuple(place.group for place in evidence.missing),
        things=evidence.things + names,
        values=np.concatenate([evidence.values, np.full(shape, value)]),
        weights=np.concatenate([evidence.weights, weights]),
        beside=np.concatenate([evidence.beside, np.full(count, np.nan)]),
        failed=(),
        unread=(),
    )
