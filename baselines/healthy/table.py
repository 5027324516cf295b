"""What the default policy says of the healthy networks: every outcome, and a line for each rule."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import TYPE_CHECKING

from audit.policy.judge import judge
from audit.record.record import Record
from baselines.healthy.grounds import CHECK, SET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from audit.policy.rule import Policy
    from audit.policy.verdict import Outcome
    from baselines.healthy.bank import Entry

DIGITS = 4


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one rule says of one network; interval ends are absent where there is none."""

    rule: str
    half: str
    network: int
    estimate: float
    low: float | None
    high: float | None
    verdict: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One rule over both halves: how many it could judge, its estimates, its verdicts on "check".

    `bound` and `warn` are the rule's; `alarms` counts FAIL, `warned` WARN, `undecided` the rest
    that did not pass.
    """

    rule: str
    bound: str
    warn: float | None
    set_networks: int
    set_least: float | None
    set_median: float | None
    set_most: float | None
    check_networks: int
    check_least: float | None
    check_median: float | None
    check_most: float | None
    set_alarms: int
    set_warned: int
    set_undecided: int
    alarms: int
    warned: int
    undecided: int


def cells(entry: Entry, record: Path, policy: Policy) -> Iterator[Cell]:
    """Yield what every rule says of one network; a question that was not asked is left out."""
    with Record(record, readonly=True) as opened:
        for outcome in judge(policy, opened):
            if outcome.estimate is not None:
                yield cell(entry, outcome)


def cell(entry: Entry, outcome: Outcome) -> Cell:
    """Return one outcome as a cell, with numbers that a reader can take in."""
    low, high = outcome.interval or (None, None)
    assert outcome.estimate is not None
    return Cell(
        rule=outcome.rule.name,
        half=entry.half,
        network=entry.number,
        estimate=rounded(outcome.estimate),
        low=None if low is None else rounded(low),
        high=None if high is None else rounded(high),
        verdict=outcome.verdict.name,
    )


def rounded(value: float) -> float:
    """Return a number to four digits."""
    return float(f"{value:.{DIGITS}g}")


def lines(found: Iterable[Cell], policy: Policy) -> Iterator[Line]:
    """Yield one line for each rule of the policy that judged any network."""
    by_rule = defaultdict[str, list[Cell]](list)
    for one in found:
        by_rule[one.rule].append(one)
    for rule in policy.rules:
        halves = [[one for one in by_rule[rule.name] if one.half == half] for half in (SET, CHECK)]
        if any(halves):
            sign = "<=" if rule.at_most is not None else ">="
            yield line(rule.name, f"{sign} {rule.bound:g}", rule.warn, *halves)


def line(
    rule: str, bound: str, warn: float | None, first: Sequence[Cell], second: Sequence[Cell]
) -> Line:
    """Return the line of one rule."""
    shown = [spread([one.estimate for one in half]) for half in (first, second)]
    seen = [Counter(one.verdict for one in half) for half in (first, second)]
    return Line(
        rule=rule,
        bound=bound,
        warn=warn,
        set_networks=len(first),
        set_least=shown[0][0],
        set_median=shown[0][1],
        set_most=shown[0][2],
        check_networks=len(second),
        check_least=shown[1][0],
        check_median=shown[1][1],
        check_most=shown[1][2],
        set_alarms=seen[0]["FAIL"],
        set_warned=seen[0]["WARN"],
        set_undecided=seen[0]["UNDECIDED"],
        alarms=seen[1]["FAIL"],
        warned=seen[1]["WARN"],
        undecided=seen[1]["UNDECIDED"],
    )


def spread(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Return the least, the median and the most of values.

    >>> spread([3.0, 1.0, 2.0])
    (1.0, 2.0, 3.0)
    """
    if not values:
        return None, None, None
    return min(values), rounded(median(values)), max(values)


def alarms(found: Sequence[Cell], half: str) -> float:
    """Return the number of rules that fail a healthy network, on average over a half."""
    networks = {one.network for one in found if one.half == half}
    failed = sum(one.verdict == "FAIL" for one in found if one.half == half)
    return failed / len(networks) if networks else 0.0


def write(path: Path, rows: Sequence[Cell] | Sequence[Line]) -> None:
    """Write cells or lines as CSV, a column a field, empty where there is no number."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [one.name for one in fields(rows[0])], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
