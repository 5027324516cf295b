"""Outcomes as JUnit XML, one test case a rule, for continuous integration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from audit.files import write_whole
from audit.policy.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.policy.rule import Policy
    from audit.policy.verdict import Outcome
    from audit.record.record import Record

MARK = '<testsuites name="bioaudit">'
"""What a file of ours says of itself."""

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def write_junit(path: Path, record: Record, policy: Policy, outcomes: Sequence[Outcome]) -> Path:
    """Write outcomes as JUnit XML: FAIL fails, UNDECIDED errs, what was not asked is skipped."""
    skipped = unasked(record, policy, outcomes)
    counted = [one for one in outcomes if one.rule.name not in skipped]
    root = Element("testsuites", name="bioaudit")
    suite = SubElement(
        root,
        "testsuite",
        name=text_of(policy.name),
        tests=str(len(outcomes)),
        failures=str(sum(one.verdict is Verdict.FAIL for one in counted)),
        errors=str(sum(one.verdict is Verdict.UNDECIDED for one in counted)),
        skipped=str(len(skipped)),
        time=f"{sum(unit.seconds for unit in record.units()):.1f}",
    )
    for outcome in outcomes:
        add(suite, outcome, skipped=outcome.rule.name in skipped)
    indent(root)
    return write_whole(path, tostring(root, encoding="utf-8", xml_declaration=True) + b"\n", MARK)


def unasked(record: Record, policy: Policy, outcomes: Sequence[Outcome]) -> set[str]:
    """Return the names of the rules that do not count, or whose probe has no work in the record.

    That an audit is complete is no rule of a policy: it was asked, whatever probes were begun.
    """
    begun = {unit.probe for unit in record.units()}
    absent = {rule.name for rule in policy.rules if rule.probe not in begun}
    return {one.rule.name for one in outcomes if not one.counts or one.rule.name in absent}


def add(suite: Element, outcome: Outcome, *, skipped: bool) -> None:
    """Add one rule as a test case."""
    rule, said = outcome.rule, text_of(outcome.because)
    case = SubElement(suite, "testcase", classname=text_of(rule.probe), name=text_of(rule.name))
    if skipped:
        SubElement(case, "skipped", message=said)
    elif outcome.verdict in KINDS:
        made = SubElement(case, KINDS[outcome.verdict], message=said, type=outcome.verdict.name)
        made.text = text_of(f"{outcome.because}\nWhy: {rule.why}\n{rule.remedy}".strip())
    else:
        SubElement(case, "system-out").text = f"{outcome.verdict.name}. {said}"


KINDS = {Verdict.FAIL: "failure", Verdict.UNDECIDED: "error"}


def text_of(value: Any) -> str:
    r"""Return text without what XML 1.0 cannot hold.

    >>> text_of("a\x1b[31mb\x00")
    'a[31mb'
    """
    return FORBIDDEN.sub("", str(value))
