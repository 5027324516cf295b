"""What the default policy says of the healthy networks: every outcome, and a line for each rule."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import TYPE_CHECKING

from audit.files import write_whole
from audit.policy.judge import judge
from audit.policy.reading import load_policy
from audit.policy.verdict import Verdict
from audit.probing.catalog import Catalog
from audit.record.record import Record
from baselines.healthy.bank import bank
from baselines.healthy.grounds import HALVES
from baselines.healthy.study import RECORD, WIDE, attempts
from baselines.healthy.wide import PROBES as ON_WIDE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from audit.policy.policy import Policy
    from audit.policy.rule import Rule
    from audit.policy.verdict import Outcome
    from baselines.healthy.bank import Entry
    from baselines.healthy.study import Grown

DIGITS = 3


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one rule says of one network; a missing interval is None at both ends."""

    rule: str
    condition: str
    half: str
    network: int
    estimate: float
    low: float | None
    high: float | None
    verdict: str


@dataclass(frozen=True, kw_only=True)
class RuleLine:
    """One rule in one half: how many networks it judged, what it found, how often it objected.

    `worst` is the number of the network of which it found the worst.
    """

    rule: str
    condition: str
    bound: str
    half: str
    networks: int
    least: float
    median: float
    most: float
    worst: int
    failed: int
    warned: int
    open: int


def tabulate(out: Path, place: Path) -> Iterator[dict[str, object]]:
    """Judge every finished record and leave three tables; yield what each half came to.

    `networks.csv` has every attempt at a network, `outcomes.csv` every rule on every network,
    `bounds.csv` every rule on either half.
    """
    policy, found = load_policy(), list[Said]()
    for entry in bank():
        for name in (RECORD, WIDE):
            if (record := out / entry.name / name).is_file():
                found += cells(entry, record, policy)
    write(place / "networks.csv", attempts(out))
    write(place / "outcomes.csv", found)
    write(place / "bounds.csv", list(lines(found, policy)))
    for half in HALVES:
        many = len({one.network for one in found if one.half == half})
        yield {"half": half, "networks": many, "alarms": alarms(found, half)}


def cells(entry: Entry, record: Path, policy: Policy) -> list[Said]:
    """Return what every rule says of one network; a question without an answer is left out.

    An unfinished audit gives no cells. Rules on probes of wide images are judged on these alone.
    """
    with Record(record, readonly=True) as opened:
        if not opened.metrics():
            opened.declare(Catalog.installed().suites)
        judged = judge(policy, opened)
    if judged.unfinished:
        return []
    wide = record.name == WIDE
    asked = [one for one in judged.outcomes if (one.rule.probe in ON_WIDE) == wide]
    return [cell(entry, one) for one in asked if one.judged and one.estimate is not None]


def cell(entry: Entry, outcome: Outcome) -> Said:
    """Return one outcome as a cell, its numbers to three digits."""
    assert outcome.estimate is not None
    low, high = (None, None) if outcome.here is None else map(rounded, outcome.here)
    return Said(
        rule=outcome.rule.id,
        condition=condition(outcome.rule),
        half=entry.half,
        network=entry.number,
        estimate=rounded(outcome.estimate),
        low=low,
        high=high,
        verdict="OPEN" if outcome.open else outcome.verdict.name,
    )


def condition(rule: Rule) -> str:
    """Return what tells a rule from others of the same id."""
    return rule.name.removeprefix(rule.id).strip()


def rounded(value: float) -> float:
    """Return a number to three digits."""
    return float(f"{value:.{DIGITS}g}")


def lines(found: Sequence[Said], policy: Policy) -> Iterator[RuleLine]:
    """Yield a line for each rule of the policy and each half, where it judged any network."""
    for rule in policy.rules:
        mine = [one for one in found if (one.rule, one.condition) == (rule.id, condition(rule))]
        for half in HALVES:
            if seen := [one for one in mine if one.half == half]:
                yield line(rule, half, seen)


def line(rule: Rule, half: str, seen: Sequence[Said]) -> RuleLine:
    """Return the line of one rule in one half."""
    values = [one.estimate for one in seen]
    verdicts = [one.verdict for one in seen]
    return RuleLine(
        rule=rule.id,
        condition=condition(rule),
        bound=bound(rule),
        half=half,
        networks=len(seen),
        least=min(values),
        median=rounded(median(values)),
        most=max(values),
        worst=max(seen, key=lambda one: rule.sign * one.estimate).network,
        failed=verdicts.count(Verdict.FAIL.name),
        warned=verdicts.count(Verdict.WARN.name),
        open=verdicts.count("OPEN"),
    )


def bound(rule: Rule) -> str:
    """Return a rule's bound in short, with what it does beyond it.

    `<= 0.05, warns beyond 0.02`.
    """
    sign = "<=" if rule.at_most is not None else ">="
    warned = "" if rule.warn is None else f", warns beyond {rule.warn:g}"
    return f"{sign} {rule.bound:g}{', only warns' if rule.warns else warned}"


def alarms(found: Sequence[Said], half: str) -> float:
    """Return how many rules fail a healthy network, on average over a half."""
    mine = [one for one in found if one.half == half]
    networks = len({one.network for one in mine})
    return sum(one.verdict == Verdict.FAIL.name for one in mine) / networks if networks else 0.0


def write(path: Path, rows: Sequence[Said] | Sequence[RuleLine] | Sequence[Grown]) -> None:
    """Write rows as CSV, a column a field, empty where there is no number."""
    file = io.StringIO()
    names = [one.name for one in fields(rows[0])]
    writer = csv.DictWriter(file, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    write_whole(path, file.getvalue(), ",".join(names))
