"""Judging a record by a policy: pure, and free to repeat on an old record."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audit.policy.doubt import LEAST_EFFECTIVE_N, doubted
from audit.policy.draft import Draft, bounded, possible
from audit.policy.rule import Rule
from audit.policy.sentence import because, decisive, seen, sentence_case
from audit.policy.verdict import Outcome, Verdict
from audit.quantities.evidence import Evidence, gather
from audit.quantities.statistic import STATISTICS
from audit.quantities.table import BASELINE
from audit.statistics.multiplicity import holm_levels

if TYPE_CHECKING:
    from audit.policy.rule import Policy
    from audit.record.record import Record

ALPHA = 0.05
NEEDED = "8 frames of one movie, or images of two groups, are the least"


def judge(policy: Policy, record: Record) -> list[Outcome]:
    """Return the outcome of every rule, in the policy's order.

    Rules on paired drops share one risk of 5 % within their suite (Holm). A rule whose
    prerequisites did not pass is undecided.
    """
    outcomes: dict[str, Outcome] = {}
    drafts: list[Draft] = []
    for rule in policy.rules:
        evidence = gather(record, rule)
        if not isinstance(evidence, str):
            evidence = unfit(evidence, rule) or exceptional(evidence, rule, record) or evidence
        if isinstance(evidence, str):
            outcomes[rule.name] = absent(rule, evidence, record)
        else:
            finding = STATISTICS[rule.statistic](evidence, rule)
            if finding.impossible:
                # Two movies hold nothing that could be exchanged: the data lack it, as a part.
                outcomes[rule.name] = absent(rule, finding.note, record)
                continue
            drafts.append(Draft(rule=rule, evidence=evidence, finding=finding))
    drafts = [adjusted(draft, drafts) for draft in drafts]
    for draft, level in zip(drafts, levels(drafts), strict=True):
        outcomes[draft.rule.name] = decide(draft, level)
    judged = [conditional(outcomes[rule.name], outcomes) for rule in policy.rules]
    left = record.provenance().get("unfinished", 0)
    return [*judged, *([unfinished(left)] if left else [])]


def unfinished(left: int) -> Outcome:
    """Return the outcome of an audit that was cut short: what is missing could turn a verdict."""
    rule = Rule(
        name="audit is complete",
        what="the whole audit",
        probe=BASELINE,
        metric="iou",
        at_least=0.0,
        why="An audit that was interrupted, or one of several shards, has not seen all images.",
        remedy="Run the same command again, without --shard.",
    )
    said = f"The audit is unfinished: {left} units of work are missing, so no verdict is final."
    return Outcome(rule=rule, verdict=Verdict.UNDECIDED, because=said)


def unfit(evidence: Evidence, rule: Rule) -> str | None:
    """Return why a statistic cannot be made of evidence; None where it can."""
    if rule.statistic == "gain" and 1.0 not in evidence.choices:
        return f"{rule.probe} has no {rule.over} of 1, from which a gain is counted"
    numbers = all(isinstance(choice, int | float) for choice in evidence.choices)
    if rule.statistic in ("gain", "breaking_point") and not numbers:
        return f"the {rule.over} of {rule.probe} is no number"
    return None


def adjusted(draft: Draft, drafts: list[Draft]) -> Draft:
    """Return a draft whose p value accounts for the other p values of its suite (Holm)."""
    if draft.rule.statistic != "permutation":
        return draft
    alike = [one for one in drafts if family(one.rule) == family(draft.rule)]
    level = holm_levels([one.finding.estimate.value for one in alike])[alike.index(draft)]
    found = draft.finding.estimate
    shared = replace(found, value=min(1.0, found.value * ALPHA / level))
    return replace(draft, finding=replace(draft.finding, estimate=shared))


def family(rule: Rule) -> tuple[str, str]:
    """Return what rules have in common that share one risk."""
    return rule.suite, rule.statistic


def exceptional(evidence: Evidence, rule: Rule, record: Record) -> str | None:
    """Return why evidence is too rare to be asked for, where a rule may be missing.

    In crowded fields hardly an object stands alone: what can be asked of three images of thirty is
    lacking in the rest.
    """
    query = "select count(*) from samples where part = 'test'"
    (tested,) = record.database.execute(query).fetchone()
    asked = len(set(evidence.samples))
    rare = rule.missing == "ignore" and asked < LEAST_EFFECTIVE_N and asked < tested
    if not rare or evidence.unit != "image" or rule.statistic == "census":
        return None
    return f"only {asked} of {tested} images could be asked"


def levels(drafts: list[Draft]) -> list[float]:
    """Return the level of each interval: Holm's within a suite for paired rules, else 95 %.

    A rule that cannot fail takes no share of the risk of failing a model wrongly.
    """
    found = [1 - ALPHA] * len(drafts)
    families: dict[str, list[int]] = {}
    for index, draft in enumerate(drafts):
        if "clean" in draft.rule.against and not draft.rule.only_warns:
            families.setdefault(draft.rule.suite, []).append(index)
    for family in families.values():
        doubts = [drafts[i].finding.estimate.doubt(drafts[i].rule.bound) for i in family]
        for index, alpha in zip(family, holm_levels(doubts, ALPHA), strict=True):
            found[index] = 1 - alpha
    return found


def absent(rule: Rule, reason: str, record: Record) -> Outcome:
    """Return the outcome of a rule without evidence: never a pass."""
    units = record.units(rule.probe)
    inapplicable = bool(units) and all(unit.status == "not_applicable" for unit in units)
    left_out = record.provenance().get("left_out", {}).get(rule.probe)
    if left_out and not units:
        reason = f"its profile leaves {rule.probe} out: {left_out}"
    listed = inapplicable or rule.missing == "ignore" or bool(left_out)
    return Outcome(
        rule=rule,
        verdict=Verdict.UNDECIDED,
        because=f"{sentence_case(rule.what)} was not judged: {reason.rstrip('.')}.",
        counts=not listed,
    )


def decide(draft: Draft, level: float) -> Outcome:
    """Return the outcome of a rule from its interval at a level."""
    rule, found = draft.rule, draft.finding.estimate
    interval = possible(rule, found.interval(level))
    outcome = Outcome(
        rule=rule,
        verdict=Verdict.UNDECIDED,
        because="",
        estimate=found.value,
        interval=interval,
        level=level,
        n=found.n,
        clusters=found.groups,
        effective_n=found.effective_n,
        method=found.method,
        choice=draft.finding.choice,
    )
    if interval is None:
        few = f"no interval can be had from {seen(found)}; {NEEDED}."
        why = draft.finding.note or few
        return replace(outcome, because=f"{sentence_case(rule.what)} was not judged: {why}")
    verdict = bounded(draft, interval)
    # A census has no interval to tell of: the probe's own words say more than a share.
    said = list(draft.evidence.remarks) or [because(rule, draft.finding, interval, verdict)]
    if verdict is Verdict.UNDECIDED:
        said.append(decisive(rule, found, interval))
    if draft.finding.note:
        said.append(draft.finding.note)
    verdict, doubts = doubted(draft, verdict, level)
    return replace(outcome, verdict=verdict, because=" ".join(said + doubts))


def conditional(outcome: Outcome, outcomes: dict[str, Outcome]) -> Outcome:
    """Return the outcome, undecided where a rule that must pass first did not."""
    needed = [conditional(outcomes[name], outcomes) for name in outcome.rule.given]
    unmet = [one.rule.name for one in needed if one.verdict is not Verdict.PASS]
    if not unmet:
        return outcome
    said = f"Undecided until {', '.join(unmet)} passes. {outcome.because}"
    return replace(outcome, verdict=Verdict.UNDECIDED, because=said)
