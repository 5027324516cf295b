"""When data cannot carry a verdict: too little was seen, or what failed could turn it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.policy.draft import SHARES, bounded
from audit.policy.sentence import sentence_case
from audit.policy.verdict import Verdict
from audit.quantities.statistic import STATISTICS

if TYPE_CHECKING:
    from audit.policy.draft import Draft
    from audit.quantities.evidence import Evidence

PAIRED = (
    *("agreement", "gain", "excess_fraction", "fired_fraction", "recall_added_fraction"),
    *("still_fraction", "found_fraction"),
)
"""Metrics that compare an image with itself, so that how hard it is cancels."""

LEAST_EFFECTIVE_N = 4.0
"""Below this an absolute rule stays undecided: too little has been seen."""

SEEDS = 3
"""The fewest reference networks that say how much networks of one kind differ."""


def doubted(draft: Draft, verdict: Verdict, level: float) -> tuple[Verdict, list[str]]:
    """Return UNDECIDED in place of a verdict that the data cannot carry, and why."""
    rule, found = draft.rule, draft.finding.estimate
    paired = bool(rule.against) or rule.metric in PAIRED
    paired = paired or rule.statistic in ("gain", "census", "permutation")
    if not (paired or rule.only_warns) and found.effective_n < LEAST_EFFECTIVE_N:
        return Verdict.UNDECIDED, ["So few independent images carry no verdict of their own."]
    if draft.evidence.missing and {verdict} != imputed(draft, level):
        return Verdict.UNDECIDED, [missed(draft.evidence)]
    if verdict is Verdict.FAIL and (why := ordinary(draft)):
        return Verdict.WARN, [why]
    if draft.evidence.missing:
        counts = {"failed": draft.evidence.failed, "unread": draft.evidence.unread}
        which = " and ".join(f"{len(those)} {word}" for word, those in counts.items() if those)
        return verdict, [f"It stands whatever the {which} images hold."]
    return verdict, []


def missed(evidence: Evidence) -> str:
    """Return which images are missing, in a sentence."""
    failed, unread = len(evidence.failed), len(evidence.unread)
    said = [f"the model failed on {failed} more images"] * bool(failed)
    said += [f"{unread} more images could not be read"] * bool(unread)
    return f"{sentence_case(' and '.join(said))}, whose results could turn the verdict."


def ordinary(draft: Draft) -> str | None:
    """Return why a difference from the references may be one of seeds; None where it is none.

    Two healthy networks of one recipe may differ by more than a rule allows.
    """
    if "reference" not in draft.rule.against:
        return None
    apart, value = draft.evidence.apart, draft.finding.estimate.value
    if len(apart) < SEEDS:
        return f"It only warns: how much healthy networks differ takes {SEEDS} references to know."
    at_most = draft.rule.at_most is not None
    if value > max(apart) if at_most else value < min(apart):
        return None
    return "It only warns: one of the references is as far from the others."


def imputed(draft: Draft, level: float) -> set[Verdict]:
    """Return the verdicts if every missing image had the best, and if it had the worst value.

    None where nobody knows how good or bad a value of the metric can be.
    """
    if draft.rule.metric not in SHARES:
        return set()
    # A share lies in 0..1, the difference of two in -1..1, and the difference of two of those
    # in -2..2.
    reach = max(1.0, len(draft.rule.against))
    differs = bool(draft.rule.against) or draft.rule.statistic == "gain"
    verdicts = set()
    for value in (-reach if differs else 0.0, reach):
        full = with_values(draft.evidence, value)
        if draft.rule.statistic == "gain":
            # The untouched image is the one that nothing was gained on.
            neutral = [choice == 1.0 for choice in full.choices]
            full.values[len(draft.evidence.samples) :, neutral] = 0.0
        finding = STATISTICS[draft.rule.statistic](full, draft.rule)
        interval = finding.estimate.interval(level)
        changed = replace(draft, finding=finding)
        verdicts.add(Verdict.UNDECIDED if interval is None else bounded(changed, interval))
    return verdicts


def with_values(evidence: Evidence, value: float) -> Evidence:
    """Return the evidence with a value for every missing image, of the mean weight."""
    count = len(evidence.missing)
    shape = (count, len(evidence.choices))
    weights = np.broadcast_to(evidence.weights.mean(0), shape)
    values = np.full(shape, value)
    return replace(
        evidence,
        samples=evidence.samples + tuple(f"missing {index}" for index in range(count)),
        groups=evidence.groups + tuple(place.group for place in evidence.missing),
        frames=evidence.frames + tuple(place.frame for place in evidence.missing),
        values=np.concatenate([evidence.values, values]),
        weights=np.concatenate([evidence.weights, weights]),
        beside=np.concatenate([evidence.beside, np.full(count, np.nan)]),
        failed=(),
        unread=(),
    )
