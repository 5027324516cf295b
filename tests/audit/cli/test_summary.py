"""Laws of the end of a verb: the verdict and the score first, a dozen lines, one of the rest."""

from __future__ import annotations

import re

import pytest

from audit.cli.screen import exit_code
from audit.cli.summary import MOST_LINES, shortened, show_verdict
from audit.metric import share
from audit.policy.judge import judge
from audit.policy.policy import Policy
from tests.audit.ruling import around, rows, rule
from tests.toys import add, scene

METRICS = {"iou": share("iou", "IoU")}


def told(capsys, record, *rules, verbose=False):
    """Return the lines that are printed of a record, judged by rules."""
    judged = judge(Policy(name="test", rule=rules), record)
    show_verdict(judged, METRICS, verbose=verbose)
    return capsys.readouterr().out.splitlines()


def test_the_verdict_and_the_score_come_first(capsys, record):
    """The first line holds the verdict, the score, and that one movie tells of no other."""
    record.enlist([scene(n, id=f"{n:03d}", group="movie", frame=n) for n in range(12)])
    add(record, rows(around(0.9)))
    first, *_ = told(capsys, record, rule(key=True), rule("b", probe="shift.a"))
    assert first == (
        "PASS   IoU 0.900 [0.893, 0.907] in 12 images of one movie; "
        "of other movies nothing is known"
    )


def test_other_movies_have_an_interval_of_their_own(capsys, record):
    """Where there are several movies the score says what it would be in others."""
    record.enlist([scene(n, id=f"{n:03d}", group=f"m{n % 3}", frame=n) for n in range(12)])
    add(record, rows([0.9 + 0.01 * (n % 3) for n in range(12)]))
    first, *_ = told(capsys, record, rule(key=True))
    assert re.search(r"in 12 images of 3 movies; in other movies \[0\.\d+, 0\.\d+\]$", first)


def test_what_failed_comes_before_what_warns_and_what_is_open(capsys, record):
    """At most a dozen lines, the gravest first; what is not told is counted by its kind."""
    add(record, rows(around(0.799)))
    many = [rule(f"open {n}") for n in range(MOST_LINES)]
    worse = [rule("warns", at_least=0.95, warns=True), rule("fails", at_least=0.9)]
    lines = told(capsys, record, *many, *worse, rule("kept", at_least=0.5))
    words = [line.split()[0] for line in lines[1:]]
    assert words == ["FAIL", "WARN", *["open"] * (MOST_LINES - 3), "and", "1"]
    assert lines[-2].strip() == "and 3 open; --verbose shows them"
    assert lines[-1] == "1 rule passed."


def test_verbose_shows_every_rule(capsys, record):
    """Every outcome has its line, the worst first, what was not judged at the end."""
    add(record, rows(around(0.9)))
    rules = (rule("kept"), rule("not", probe="shift.a"), rule("fails", at_least=0.95))
    lines = told(capsys, record, *rules, verbose=True)
    assert [line.split()[0] for line in lines[1:]] == ["FAIL", "PASS", "not"]


def test_what_was_not_asked_is_one_line(capsys, record):
    """Rules that were not judged are counted by their reason, and none is named."""
    add(record, rows(around(0.9)))
    add(record, [], probe="leakage.exact", status="skipped", reason="no training images were given")
    leaks = [rule(f"leak {n}", probe="leakage.exact") for n in range(3)]
    asked = rule("other", probe="shift.a")
    lines = told(capsys, record, rule(), *leaks, asked)
    assert lines[1:] == [
        "1 rule passed.",
        (
            "4 rules were not judged: no training images were given (3), not asked for (1); "
            "--verbose shows them."
        ),
    ]


def test_one_reason_for_many_rules_is_said_once(capsys, record):
    """A model that failed everywhere is one sentence, however many rules wanted an answer."""
    add(record, [], probe="pipeline.score", status="failed", reason="ValueError: not 0 to 1")
    lines = told(capsys, record, *(rule(f"r{n}") for n in range(72)))
    (said,) = [line for line in lines if "open" in line.split()[0]]
    assert (
        said.strip() == "open  72 rules have no answer: the model failed: ValueError: not 0 to 1."
    )


def test_only_whole_sentences_are_left_out():
    """A reason is cut at a sentence, and the first is never cut."""
    first = f"It is {'long ' * 80}and 0.5."
    assert shortened(f"{first} More is said.") == first
    assert shortened("It is 0.5 [0.4, 0.6]. More is said.") == "It is 0.5 [0.4, 0.6]. More is said."


@pytest.mark.parametrize(
    ("mean", "failed", "given", "code"),
    [
        (0.9, 0, {}, 0),
        (0.9, 0, {"at_least": 0.95, "warns": True}, 0),
        (0.7, 0, {}, 1),
        (0.799, 0, {}, 3),
        (0.9, 6, {}, 5),
        (0.799, 1, {}, 3),
        (None, 12, {}, 5),
    ],
)
def test_the_exit_code_is_the_verdict_s(record, mean, failed, given, code):
    """0 PASS or WARN, 1 FAIL, 3 UNDECIDED, 5 where the model's failures alone are why."""
    if mean is not None:
        add(record, rows(around(mean)))
    for number in range(failed):
        add(record, [], status="failed", reason="no", samples=(f"f{number}",))
    judged = judge(Policy(name="test", rule=(rule(key=True, **given),)), record)
    assert exit_code(judged) == code


def test_images_that_could_not_be_read_are_no_failure_of_the_model(record):
    """What the data lack leaves the verdict undecided: exit code 3."""
    add(record, [], status="unread", reason="cut short", samples=("x",))
    judged = judge(Policy(name="test", rule=(rule(key=True),)), record)
    assert exit_code(judged) == 3
