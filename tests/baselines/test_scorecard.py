"""Laws of the scorecard: a miss is a miss, a withheld PASS is enough where that was asked for."""

from __future__ import annotations

import csv
import io

import pytest
from scipy.stats import binomtest

from audit.policy.rule import Rule
from audit.policy.verdict import Outcome, Verdict
from audit.statistics.share import share_interval
from baselines.flaws.flaw import Flaw
from baselines.scorecard import Scorecard, remark
from baselines.selftest import Line

FLAW = Flaw(name="crooked", planted="It is bent.", caught_by=("straight",))
RULE = Rule(
    id="straight",
    what="the bend",
    probe="toy.bend",
    metric="bend",
    at_most=1.0,
    why="Nothing should be bent.",
)


def outcome(verdict: str, estimate: float | None = 0.5, interval=(0.25, 0.75)) -> Outcome:
    """Return an outcome with a verdict."""
    return Outcome(
        rule=RULE,
        verdict=Verdict[verdict],
        because="So it is.",
        estimate=estimate,
        interval=interval,
    )


def line(flawed: str, twin: str = "PASS", *, withheld: bool = False, **given) -> Line:
    """Return a line of one rule."""
    return Line(
        flaw=given.get("flaw", FLAW),
        rule="straight",
        withheld=withheld,
        flawed=outcome(flawed),
        twin=outcome(twin),
    )


@pytest.mark.parametrize(
    ("flawed", "twin", "withheld", "says"),
    [
        ("FAIL", "PASS", False, "caught"),
        ("FAIL", "WARN", False, "caught"),
        ("FAIL", "FAIL", False, "FALSE ALARM"),
        ("UNDECIDED", "PASS", False, "MISSED"),
        ("WARN", "UNDECIDED", False, "MISSED"),
        ("PASS", "FAIL", False, "MISSED, FALSE ALARM"),
        ("UNDECIDED", "PASS", True, "caught"),
        ("WARN", "PASS", True, "caught"),
        ("FAIL", "WARN", True, "FALSE ALARM"),
        ("PASS", "PASS", True, "MISSED"),
    ],
)
def test_misses_and_false_alarms_are_named(flawed, twin, withheld, says):
    """Only FAIL catches a flaw or accuses a twin; where a PASS is withheld, WARN does too."""
    assert remark(line(flawed, twin, withheld=withheld)) == says


def test_a_flaw_counts_when_all_its_rules_catch_it():
    """Flaws and rules are counted apart, each with its exact interval."""
    other = Flaw(name="torn", planted="It is torn.", caught_by=("straight",))
    card = Scorecard((line("FAIL"), line("WARN"), line("FAIL", "FAIL", flaw=other)))
    assert [sentence.partition(" (")[0] for sentence in card.summary] == [
        "flaws caught by every rule named for them: 1 of 2",
        "named rules that caught their flaw: 2 of 3",
        "named rules that failed the healthy twin: 1 of 3",
        "named rules that could not decide on the healthy twin: 0 of 3",
    ]
    assert "(50 %; 95 % interval 1 to 99 %)" in card.summary[0]
    assert not card.clean
    assert Scorecard((line("FAIL"),)).clean


def test_the_table_shows_what_was_measured():
    """Markdown has verdicts with intervals, a flaw's name once, and how it was planted."""
    text = Scorecard((line("FAIL"), line("PASS"))).markdown().splitlines()
    assert text[2] == (
        "| crooked | straight | FAIL 0.5 [0.25, 0.75] | PASS 0.5 [0.25, 0.75] | caught |"
    )
    assert text[3].startswith("|  | straight | PASS")
    assert text[3].endswith("| MISSED |")
    assert "- **crooked**: It is bent." in text


def test_the_csv_reads_back():
    """Numbers are whole in the CSV file, and absent ones are empty."""
    lone = line("FAIL")
    blank = Line(
        flaw=FLAW,
        rule="straight",
        flawed=outcome("UNDECIDED", None, None),
        twin=outcome("PASS"),
    )
    first, second = csv.DictReader(io.StringIO(Scorecard((lone, blank)).csv()))
    assert (first["flaw"], first["caught"], first["flawed_low"]) == ("crooked", "True", "0.25")
    assert (second["flawed_verdict"], second["flawed_estimate"]) == ("UNDECIDED", "")


@pytest.mark.parametrize(("hits", "trials"), [(0, 5), (3, 7), (9, 9), (40, 1000)])
def test_the_interval_of_a_share_is_exact(hits, trials):
    """It is that of scipy's own binomial test."""
    known = binomtest(hits, trials).proportion_ci(method="exact")
    assert share_interval(hits, trials) == pytest.approx((known.low, known.high))
