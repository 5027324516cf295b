"""Files for programs: JSON without NaN, JUnit that parses back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from audit.policy.judge import judge
from audit.policy.verdict import Verdict
from reports.junit import write_junit
from reports.machine import FORMAT, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from audit.policy.policy import Policy
    from audit.policy.verdict import Judgement
    from audit.record.record import Record


def test_json_has_no_nan(record: Record, judged: Judgement, tmp_path: Path) -> None:
    """A number that JSON cannot hold is null, and the file has a format number."""
    broken = replace(judged.outcomes[0], estimate=float("nan"), here=(float("-inf"), 1.0))
    alone = replace(judged, outcomes=(broken,))
    text = write_json(tmp_path / "a.json", record, alone).read_text("utf-8")
    found = json.loads(text, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(name)))
    assert found["format"] == FORMAT
    assert found["outcomes"][0]["estimate"] is None
    assert found["outcomes"][0]["here"] == [None, 1.0]


def test_json_holds_every_outcome(record: Record, judged: Judgement, tmp_path: Path) -> None:
    """Verdicts and sentences of all rules are in the file, as the page shows them."""
    found = json.loads(write_json(tmp_path / "a.json", record, judged).read_text("utf-8"))
    assert found["verdict"] == "FAIL"
    assert [one["because"] for one in found["outcomes"]] == [one.because for one in judged.outcomes]
    assert found["provenance"]["seed"] == 0


def test_junit_parses_back(hostile: Record, policy: Policy, tmp_path: Path) -> None:
    """Whatever names hold, the file is XML and has one case a rule."""
    bad = "\x00\x1b[31m\ufffe\udcff<&"
    judged = judge(policy, hostile)
    outcomes = tuple(replace(one, because=one.because + bad) for one in judged.outcomes)
    path = write_junit(tmp_path / "a.xml", hostile, replace(judged, outcomes=outcomes))
    suite = ET.parse(path).getroot()[0]  # noqa: S314 (our own file)
    assert len(suite) == int(suite.attrib["tests"]) == len(outcomes)


def test_junit_counts_as_verdicts_do(record: Record, judged: Judgement, tmp_path: Path) -> None:
    """FAIL is a failure, and whatever is not decided is skipped; nothing is an error."""
    suite = suite_of(write_junit(tmp_path / "a.xml", record, judged))
    verdicts = [one.verdict for one in judged.outcomes]
    assert len(suite.findall(".//failure")) == verdicts.count(Verdict.FAIL) > 0
    assert len(suite.findall(".//skipped")) == verdicts.count(Verdict.UNDECIDED) > 0
    assert not suite.findall(".//error")


def test_junit_skips_what_was_not_asked(record: Record, policy: Policy, tmp_path: Path) -> None:
    """Without the work of a probe its rules are skipped, each with the reason; others stay."""
    before = suite_of(write_junit(tmp_path / "a.xml", record, judge(policy, record)))
    record.forget([unit.key for unit in record.units("shift.noise")])
    judged = judge(policy, record)
    after = suite_of(write_junit(tmp_path / "b.xml", record, judged))
    noise = [case for case in after if case.get("classname") == "shift.noise"]
    assert len(noise) == sum(one.rule.probe == "shift.noise" for one in judged.outcomes) > 0
    for case in noise:
        (skipped,) = case
        assert skipped.tag == "skipped"
        assert skipped.get("message", "").endswith("shift.noise was not asked for.")
    counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    for key, tag in counts.items():
        assert after.get(key) == str(len(after.findall(f".//{tag}")))
    others = [ET.tostring(one) for one in after if one.get("classname") == "pipeline.score"]
    assert others == [ET.tostring(e) for e in before if e.get("classname") == "pipeline.score"]


def test_junit_passes_nothing_where_an_audit_is_unfinished(
    record: Record, policy: Policy, tmp_path: Path
) -> None:
    """An audit that was cut short before its first unit is skipped, rule by rule."""
    record.forget([unit.key for unit in record.units()])
    record.describe(unfinished=7)
    suite = suite_of(write_junit(tmp_path / "a.xml", record, judge(policy, record)))
    assert suite.get("skipped") == str(len(suite)) != "0"


def suite_of(path: Path) -> ET.Element:
    """Return the one suite of a JUnit file."""
    return ET.parse(path).getroot()[0]  # noqa: S314 (our own file)
