"""The score in one phrase: what stands beside the verdict, and how far it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.policy.sentence import counted, measured
from audit.quantities.table import BASELINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.metric import Metric
    from audit.policy.verdict import Judgement, Outcome


def headline(judged: Judgement, metrics: Mapping[str, Metric]) -> str:
    """Return the score with its interval and what it was measured on; "" where there is none.

    "IoU 0.76 [0.74, 0.78] in 12 images of one movie; of other movies nothing is known".
    """
    one = score(judged)
    if one is None or one.estimate is None:
        return ""
    known = metrics.get(one.rule.metric)
    name = known.words if known else one.rule.metric
    here = one.here or (one.estimate, one.estimate)
    found = measured(one.rule, one.estimate, here).removeprefix("is ")
    return f"{name} {found}{counted(one.n, one.groups, 'image')}{carried(one)}"


def score(judged: Judgement) -> Outcome | None:
    """Return the key rule on the untouched images; None where the policy has none."""
    rules = (one for one in judged.outcomes if one.rule.probe == BASELINE and not one.rule.against)
    return next((one for one in sorted(rules, key=lambda one: not one.rule.key)), None)


def carried(one: Outcome) -> str:
    """Return what is known of other movies; nothing where every image stands for itself."""
    if one.groups == one.n:
        return ""
    if one.beyond is None or one.estimate is None:
        return "; of other movies nothing is known"
    found = measured(one.rule, one.estimate, one.beyond).removeprefix("is ").partition(" ")[2]
    return f"; in other movies {found or 'the same'}"
