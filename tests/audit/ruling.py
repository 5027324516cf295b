"""Rules and rows that tests of judging are made of."""

from __future__ import annotations

from audit.measurement import Measurement
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.rule import Rule
from audit.policy.verdict import Verdict

PASS, WARN, UNDECIDED, FAIL = Verdict.PASS, Verdict.WARN, Verdict.UNDECIDED, Verdict.FAIL


def rule(name="one", **given) -> Rule:
    """Return a rule on the mean IoU of the untouched images, but for what is given."""
    usual = {"what": "the score", "probe": "pipeline.score", "metric": "iou", "why": "for a test"}
    bound = {} if "at_most" in given else {"at_least": 0.8}
    return Rule(**{"id": name, **usual, **bound, **given})


def judged(record, *rules):
    """Return the outcomes of rules."""
    return judge(Policy(name="test", rule=rules), record).outcomes


def rows(values, metric="iou", weight=1.0, **at):
    """Return a row for each value, of images named by number; None is undefined."""
    return [
        Measurement(metric, value, f"{n:03d}", at, weight, "empty" if value is None else None)
        for n, value in enumerate(values)
    ]


def around(mean: float, n: int = 12, spread: float = 0.01):
    """Return values of a mean and a spread."""
    return [mean + spread * (1 if i % 2 else -1) for i in range(n)]
