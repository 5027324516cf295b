"""Laws of the scorecard: a miss is a miss, a withheld PASS is enough where that was asked for."""

from __future__ import annotations

import csv
import io

import pytest

from audit.policy.rule import Rule
from audit.policy.verdict import Outcome, Verdict
from audit.quantities.absence import Absence
from baselines.answer import Reply, answer
from baselines.flaws.effect import Effect, MeasuredEffect
from baselines.flaws.flaw import Flaw
from baselines.scorecard import Scorecard, cells
from baselines.trial import Trial, TrialLine, Twin

FLAW = Flaw(name="crooked", planted="It is bent.", caught_by=("straight",))
RULE = Rule(
    id="straight",
    what="the bend",
    probe="toy.bend",
    metric="bend",
    at_most=1.0,
    why="Nothing should be bent.",
)
EFFECT = Effect(what="the bend", of=lambda *_: 0.0)


def outcome(verdict: str, estimate: float | None = 0.5, interval=(0.25, 0.75), **given) -> Outcome:
    """Return an outcome with a verdict."""
    return Outcome(
        rule=RULE,
        verdict=Verdict[verdict],
        because="So it is.",
        estimate=estimate,
        here=interval,
        **given,
    )


def line(flawed: str, twin: str = "PASS", *, withheld: bool = False, **given) -> TrialLine:
    """Return a line of one rule."""
    return TrialLine(
        flaw=given.get("flaw", FLAW),
        rule="straight",
        withheld=withheld,
        flawed=outcome(flawed),
        twin=outcome(twin),
    )


def trial(*lines: TrialLine, **given) -> Trial:
    """Return a flaw that was planted, with what its rules said."""
    flaw = lines[0].flaw if lines else FLAW
    return Trial(**{"flaw": flaw, "seed": 0, "lines": lines} | given)


def blunt() -> Trial:
    """Return a flaw that changed nothing."""
    return trial(found=MeasuredEffect(effect=EFFECT, flawed=0.31, twin=0.3))


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
    assert cells([line(flawed, twin, withheld=withheld)])[-1] == says


def test_an_outcome_is_read_in_one_place():
    """A rule without a question has not answered, an open one not yet; else the verdict says."""
    assert answer(outcome("UNDECIDED", absence=Absence.NOT_ASKED)) is Reply.UNASKED
    assert answer(outcome("PASS", open=True)) is Reply.OPEN
    assert [answer(outcome(one)) for one in ("PASS", "WARN", "UNDECIDED", "FAIL")] == [
        Reply.PASSED,
        Reply.WARNED,
        Reply.OPEN,
        Reply.FAILED,
    ]


def test_a_flaw_counts_when_all_its_rules_catch_it():
    """Flaws and rules are counted apart, each with its Wilson interval."""
    other = Flaw(name="torn", planted="It is torn.", caught_by=("straight",))
    both = trial(line("FAIL"), line("WARN")), trial(line("FAIL", "FAIL", flaw=other))
    card = Scorecard(both)
    assert [sentence.partition(" (")[0] for sentence in card.summary] == [
        "flaws caught by every rule named for them: 1 of 2",
        "named rules that caught their flaw: 2 of 3",
        "named rules that failed the healthy twin: 1 of 3",
    ]
    assert "(50 %; 95 % interval [9, 91] %)" in card.summary[0]
    assert not card.clean
    assert Scorecard((trial(line("FAIL")),)).clean


def test_a_flaw_without_effect_is_no_miss():
    """It is said and not counted; and where no flaw has an effect, nothing was shown."""
    card = Scorecard((blunt(), trial(line("FAIL"))))
    assert card.summary[0].startswith("flaws caught by every rule named for them: 1 of 1")
    assert card.summary[-1] == (
        "crooked: the flaw has no effect here: the bend is hardly more: 0.31, in its healthy "
        "twin 0.30"
    )
    assert "no effect here" in card.markdown()
    assert card.clean
    assert not Scorecard((blunt(),)).clean


def test_healthy_twins_answer_to_the_whole_policy():
    """False alarms and open rules are counted over all rules that had something to say."""
    said = (
        outcome("FAIL"),
        outcome("UNDECIDED"),
        outcome("PASS"),
        outcome("WARN", absence=Absence.NOT_ASKED),
    )
    card = Scorecard(
        (trial(line("FAIL")),),
        (
            Twin(name="crooked", seed=0, outcomes=said),
            Twin(name="torn", seed=4, outcomes=(outcome("PASS"),)),
        ),
    )
    assert [sentence.partition(" (")[0] for sentence in card.of_twins] == [
        "rules of the whole policy that failed a healthy twin: 1 of 4",
        "rules of the whole policy that could not decide on a healthy twin: 1 of 4",
        "healthy twins that any rule failed: 1 of 2",
    ]
    assert next(iter(card.of_twins)).endswith("0.5 a twin")
    assert not card.clean
    assert "| torn, seed 4 | 1 | 0 | 0 | 0 |" in card.markdown()
    assert "| crooked | 3 | 1: straight | 0 | 1: straight |" in card.markdown()


def test_the_table_shows_what_was_measured():
    """Markdown has verdicts with intervals, a flaw's name once, and how it was planted."""
    second = TrialLine(flaw=FLAW, rule="whole", flawed=outcome("PASS"), twin=outcome("PASS"))
    text = Scorecard((trial(line("FAIL"), second),)).markdown().splitlines()
    assert text[4] == (
        "| crooked | straight | FAIL 0.5 [0.25, 0.75] | PASS 0.5 [0.25, 0.75] "
        "| 1 of 1 [21, 100] % | 0 of 1 [0, 79] % | caught |"
    )
    assert text[5].startswith("|  | whole | PASS")
    assert text[5].endswith("| MISSED |")
    assert "- **crooked**: It is bent." in text


def test_seeds_share_a_row():
    """Several trials of a flaw are counted together, verdicts by their number."""
    card = Scorecard((trial(line("FAIL")), trial(line("WARN"), seed=4)))
    (row,) = card.rows()
    assert row[:3] == ("crooked", "straight", "FAIL 1, WARN 1 0.5 to 0.5")
    assert row[4] == "1 of 2 [9, 91] %"
    assert row[-1] == "MISSED"


def test_the_csv_reads_back():
    """Numbers are whole in the CSV file, and absent ones are empty."""
    blank = TrialLine(
        flaw=FLAW,
        rule="straight",
        flawed=outcome("UNDECIDED", None, None),
        twin=outcome("PASS"),
    )
    text = Scorecard((trial(line("FAIL"), blank), blunt())).csv()
    first, second, third = csv.DictReader(io.StringIO(text))
    assert (first["flaw"], first["caught"], first["flawed_low"]) == ("crooked", "True", "0.25")
    assert (second["flawed_verdict"], second["flawed_estimate"]) == ("UNDECIDED", "")
    assert (third["effect"], third["effect_flawed"], third["rule"]) == ("the bend", "0.31", None)
