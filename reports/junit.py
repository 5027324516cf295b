"""Outcomes as JUnit XML, one test case a rule, for continuous integration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from audit.files import write_whole
from audit.policy.verdict import Verdict
from audit.quantities.absence import Absence

if TYPE_CHECKING:
    from pathlib import Path

    from audit.policy.verdict import Judgement, Outcome
    from audit.record.record import Record

MARK = '<testsuites name="bioaudit">'
"""Tells a file written by bioaudit, which may be replaced, from any other."""

FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


def write_junit(path: Path, record: Record, judged: Judgement) -> Path:
    """Write outcomes as JUnit XML: FAIL fails, what is undecided is skipped, with the reason.

    A rule is an error where its probe was run and the model failed.
    """
    kinds = [kind(one) for one in judged.outcomes]
    root = Element("testsuites", name="bioaudit")
    suite = SubElement(
        root,
        "testsuite",
        name=text_of(judged.policy.name),
        tests=str(len(kinds)),
        failures=str(kinds.count("failure")),
        errors=str(kinds.count("error")),
        skipped=str(kinds.count("skipped")),
        time=f"{sum(unit.seconds for unit in record.units()):.1f}",
    )
    for outcome, made in zip(judged.outcomes, kinds, strict=True):
        add(suite, outcome, made)
    indent(root)
    return write_whole(path, tostring(root, encoding="utf-8", xml_declaration=True) + b"\n", MARK)


def kind(outcome: Outcome) -> str:
    """Return "failure", "skipped" or "error"; "" where the rule passes or warns."""
    if outcome.absence is Absence.FAILED:
        return "error"
    return {Verdict.FAIL: "failure", Verdict.UNDECIDED: "skipped"}.get(outcome.verdict, "")


def add(suite: Element, outcome: Outcome, made: str) -> None:
    """Add one rule as a test case."""
    rule, said = outcome.rule, text_of(outcome.because)
    case = SubElement(suite, "testcase", classname=text_of(rule.probe), name=text_of(rule.name))
    if made == "skipped":
        SubElement(case, "skipped", message=said)
    elif made:
        whole = SubElement(case, made, message=said, type=outcome.verdict.name)
        whole.text = text_of(f"{outcome.because}\nWhy: {rule.why}\n{outcome.advice}".strip())
    else:
        SubElement(case, "system-out").text = f"{outcome.verdict.name}. {said}"


def text_of(value: Any) -> str:
    r"""Return text without what XML 1.0 cannot hold.

    >>> text_of("a\x1b[31mb\x00")
    'a[31mb'
    """
    return FORBIDDEN.sub("", str(value))
