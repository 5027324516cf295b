"""Laws of the diagnosis, measured on trainings whose conditions are known by other means."""

from __future__ import annotations

import pytest

from audit.logs.log import Curve, Run
from suites.training.conditions import diagnose
from tests.baselines.trainings.labels import CONDITIONS
from tests.baselines.trainings.scenes import PARTS
from tests.baselines.trainings.table import read_table
from tests.suites.training.score import lines, macro_f1, score

LEAST_MACRO_F1, MOST_FALSE_ALARMS, LEAST_PRECISION = 0.90, 0.05, 0.90
"""The targets."""

FLOORS = {"development": 0.80, "second": 0.85, "third": 0.81, "fourth": 0.75, "held_out": 0.83}
"""What the rules reach, who leave more open in short trainings than they once did; 0.830 was the
held-out part's when it was scored, once. The second, third and fourth part had 0.758, 0.768 and
0.809 when they were held out."""

ACCUSED = {"development": 0, "second": 0, "third": 1, "fourth": 1, "held_out": 0}
"""Good runs of which a flaw is said to hold, of 31, 26, 23, 26 and 19."""


def run_of(known) -> Run:
    """Return the log of a training as the readers of logs would."""
    at, *columns = zip(*known.log, strict=True)
    names = ("loss", "val_loss", "learning_rate")
    training, validation, rate = (
        Curve(source=name, at=at, values=values)
        for name, values in zip(names, columns, strict=True)
    )
    return Run(name=known.name, counts="epoch", training=training, validation=validation, rate=rate)


def told(part):
    """Return the trainings of a part, each with what the diagnosis says of every condition."""
    return [
        (known, {one.name: one.holds for one in diagnose(run_of(known)).conditions})
        for known in read_table(part)
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


@pytest.fixture(scope="module", params=PARTS)
def measured(request):
    """Return a part, its pairs of truth and diagnosis, and the scores of all conditions."""
    pairs = told(request.param)
    return request.param, pairs, scores_of(pairs)


@pytest.mark.xfail(reason="0.83 [0.76, 0.88]; validation of too few images is missed", strict=True)
@pytest.mark.parametrize("measured", ["held_out"], indirect=True)
def test_known_conditions_are_found(measured):
    """The target: macro-F1 over all conditions is 0.90 or more on trainings that no rule has seen.

    It has not been reached.
    """
    _, _, scores = measured
    assert macro_f1(scores) >= LEAST_MACRO_F1, f"\n{lines(scores)}"


@pytest.mark.parametrize("measured", ["held_out"], indirect=True)
def test_good_runs_are_left_alone(measured):
    """At most 5 % of good runs are accused: none of 19, 2 of 125 in all parts."""
    _, pairs, _ = measured
    good = sum(known.truth["good fit"] is True for known, _ in pairs)
    assert len(accused_of(pairs)) <= MOST_FALSE_ALARMS * good


def test_what_was_found_before_is_found_again(measured):
    """No change of a rule makes the diagnosis worse than it was, in any part, without notice."""
    part, _, scores = measured
    assert macro_f1(scores) >= FLOORS[part], f"\n{lines(scores)}"


def test_what_is_said_to_hold_does():
    """Of the accusations of each kind, nine in ten or more are right, over all parts together."""
    scores = scores_of([pair for part in PARTS for pair in told(part)])
    flaws = [name for name in CONDITIONS if name != "good fit"]
    precisions = {name: scores[name].precision for name in flaws}
    assert min(precisions.values()) >= LEAST_PRECISION, f"\n{lines(scores)}"


def test_overfitting_is_told_from_its_absence(measured):
    """Of who overfits and who does not, nineteen in twenty are told, whatever else is wrong."""
    _, pairs, _ = measured
    known = [(k.truth["overfitting"], bool(said["overfitting"])) for k, said in pairs]
    right = [true == said for true, said in known if true is not None]
    assert sum(right) >= 0.95 * len(right)


def test_no_more_good_runs_are_accused_than_before(measured):
    """No change of a rule accuses more good runs than it did, in any part, without notice."""
    part, pairs, _ = measured
    accused = {name for name, _ in accused_of(pairs)}
    assert len(accused) <= ACCUSED[part], accused_of(pairs)


def test_a_score_counts_abstentions_as_misses_and_never_as_alarms():
    """Of two that held one is found and one left open; what is unknown is not counted."""
    one = score([(True, True), (True, None), (False, None), (False, True), (None, True)])
    assert (one.found, one.missed, one.accused, one.rejected, one.abstained) == (1, 1, 1, 1, 2)
    assert one.precision == one.recall == one.f1 == 0.5


def test_a_condition_that_never_held_has_no_macro_f1():
    """The mean is over conditions that could be found; a missing one is an error."""
    with pytest.raises(ValueError, match="never held: overfitting"):
        macro_f1({"overfitting": score([(False, False)])})
