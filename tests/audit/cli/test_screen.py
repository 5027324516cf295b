"""Laws of the terminal: a line now and then in a log, and what was left out before the rules."""

from __future__ import annotations

import pytest

from audit.cli import screen
from audit.cli.screen import BREATH_S, MOST_LEFT_OUT, Bar, show_left_out, show_outcomes
from audit.policy.rule import Rule
from audit.policy.verdict import Outcome, Verdict


@pytest.fixture
def clock(monkeypatch):
    """Return a clock that the test moves."""
    now = [0.0]
    monkeypatch.setattr(screen, "monotonic", lambda: now[0])
    return now


def test_a_log_gets_a_line_now_and_then(clock, capsys):
    """Where no bar can move nothing is printed for half a minute, then one line, then none."""
    with Bar() as bar:
        bar.update("audit", 1, 9, "first")
        clock[0] = BREATH_S
        bar.update("audit", 2, 9, "second [1/2]")
        bar.update("audit", 3, 9, "third")

    assert capsys.readouterr().err == "audit 2/9 second [1/2]\n"


def test_the_end_of_the_work_is_told_at_once(clock, capsys):
    """Whoever reads a log sees that work ended, however soon."""
    with Bar() as bar:
        bar.update("train", 4, 4, "")

    assert capsys.readouterr().err == "train 4/4\n"


def unasked(name):
    """Return the outcome of a rule whose probe was not run."""
    why = "It is a test."
    rule = Rule(name=name, what="it", probe="shift.noise", metric="iou", at_least=0.0, why=why)
    said = "It was not judged: shift.noise was not run."
    return Outcome(rule=rule, verdict=Verdict.UNDECIDED, because=said)


def test_one_rule_is_and_two_rules_are(capsys):
    """The rules of a probe that was not run are one line, in the number of the rules."""
    show_outcomes([unasked("a")], Verdict.UNDECIDED)
    show_outcomes([unasked("a"), unasked("b")], Verdict.UNDECIDED)

    lines = [line.strip() for line in capsys.readouterr().out.splitlines() if "judged" in line]
    assert lines == [
        "not run  shift.noise: 1 rule is not judged",
        "not run  shift.noise: 2 rules are not judged",
    ]


def test_the_first_images_left_out_are_named_and_the_rest_counted(capsys):
    """Names and reasons are printed as they are, brackets too; none are nothing."""
    show_left_out([])
    show_left_out([[f"a{n}[1]", "holds no image"] for n in range(MOST_LEFT_OUT + 2)])

    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    named = [f"left out  a{n}[1]: holds no image" for n in range(MOST_LEFT_OUT)]
    assert lines == [*named, "left out  and 2 more"]
