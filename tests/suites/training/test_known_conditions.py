"""Laws of the diagnosis, measured on trainings whose conditions are known by other means."""

from __future__ import annotations

import pytest

from audit.logs.log import Curve, Run
from baselines.trainings.labels import CONDITIONS
from baselines.trainings.table import read_table
from suites.training.conditions import diagnose
from tests.suites.training.score import lines, macro_f1, score

LEAST_MACRO_F1, MOST_FALSE_ALARMS = 0.90, 0.05


def run_of(known) -> Run:
    """Return the log of a training as the readers of logs would."""
    at, *columns = zip(*known.log, strict=True)
    names = ("loss", "val_loss", "learning_rate")
    training, validation, rate = (
        Curve(source=name, at=at, values=values)
        for name, values in zip(names, columns, strict=True)
    )
    return Run(name=known.name, counts="epoch", training=training, validation=validation, rate=rate)


def told(half):
    """Return the trainings of a half, each with what the diagnosis says of every condition."""
    return [
        (known, {name: diagnose(run_of(known))[name].holds for name in CONDITIONS})
        for known in read_table(half)
    ]


def scores_of(pairs):
    """Return the score of each condition."""
    return {
        name: score((known.truth[name], said[name]) for known, said in pairs) for name in CONDITIONS
    }


def accused_of(pairs):
    """Return the good runs of which a flaw was said to hold, with that flaw."""
    flaws = [name for name in CONDITIONS if name != "good fit"]
    return [
        (known.name, name)
        for known, said in pairs
        for name in flaws
        if known.truth["good fit"] and said[name]
    ]


@pytest.mark.parametrize("half", ["development"])
def test_known_conditions_are_found_and_good_runs_left_alone(half):
    """Macro-F1 over all conditions is 0.90 or more; at most 5 % of the good runs are accused."""
    pairs = told(half)
    good = sum(known.truth["good fit"] is True for known, _ in pairs)
    accused = accused_of(pairs)
    scores = scores_of(pairs)
    report = f"\n{lines(scores)}\naccused of {good} good runs: {accused}"
    assert macro_f1(scores) >= LEAST_MACRO_F1, report
    assert len({name for name, _ in accused}) <= MOST_FALSE_ALARMS * good, report


def test_a_score_counts_abstentions_as_misses_and_never_as_alarms():
    """Of two that held one is found and one left open; what is unknown is not counted."""
    one = score([(True, True), (True, None), (False, None), (False, True), (None, True)])
    assert (one.found, one.missed, one.accused, one.rejected, one.abstained) == (1, 1, 1, 1, 2)
    assert one.precision == one.recall == one.f1 == 0.5


def test_a_condition_that_never_held_has_no_macro_f1():
    """The mean is over conditions that could be found; a missing one is an error."""
    with pytest.raises(ValueError, match="never held: overfitting"):
        macro_f1({"overfitting": score([(False, False)])})
