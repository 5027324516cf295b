"""Laws of the curves of a training: what is drawn is what was recorded, and where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.measurement import Measurement
from audit.record.record import Record
from reports.figures.evidence import Question
from reports.figures.filmstrip import Album
from reports.figures.losses import draw_trainings, key_of
from reports.figures.trained import remarked
from reports.figures.training import finding, shown, title_of, trainings
from reports.page.probed import probed
from reports.vocabulary import Vocabulary
from tests.reports.conftest import write

CURVES, DIAGNOSIS, ADVICE = "training.curves", "training.diagnosis", "training.advice"


def losses(run="one", falls=(4.0, 2.0, 1.0), held=(4.0, None, 3.0), counts="epoch"):
    """Return the rows of a run; None is a loss that was not finite."""
    return [
        Measurement(metric, value, at={"run": run, counts: float(place)}, undefined=why)
        for metric, values in (("training_loss", falls), ("validation_loss", held))
        for place, value in enumerate(values)
        for why in ("it is NaN" if value is None else None,)
    ]


def diagnosed(run="one"):
    """Return what was found: one condition that holds over a span, one that does not."""
    at = {"run": run, "condition": "overfitting"}
    return [
        Measurement("holds", 1.0, at=at, remark="It rises <b>again</b>."),
        Measurement("span_low", 1.0, at=at),
        Measurement("span_high", 2.0, at=at),
        Measurement("holds", 0.0, at=at | {"condition": "diverged"}, remark="It is finite."),
    ]


@pytest.fixture
def record(tmp_path):
    """Yield a record of one run with a diagnosis and its best epoch."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, losses())
        write(made, DIAGNOSIS, "", 0, diagnosed())
        write(made, ADVICE, "", 0, [Measurement("best_at", 2.0, at={"run": "one"})])
        made.database.execute("update units set model = ''")
        yield made


def test_a_run_is_drawn_as_it_was_recorded(record):
    """Both losses in their order, a gap where a value was not finite, spans and the best epoch."""
    (one,) = trainings(record, "")
    assert [each.metric for each in one.losses] == ["training_loss", "validation_loss"]
    assert one.losses[0].values == (4.0, 2.0, 1.0)
    assert [value != value for value in one.losses[1].values] == [False, True, False]  # noqa: PLR0124
    (flaw,) = one.flaws
    assert (one.counts, one.best) == ("epoch", 2.0)
    assert (flaw.name, flaw.span) == ("overfitting", (1.0, 2.0))
    drawing = draw_trainings([one], "it says")
    assert "overfitting" in drawing
    assert [mark for mark, _ in key_of([one])] == ["model", "validation", "best", "home"]


def test_the_title_names_the_lowest_validation_loss(record):
    """What one would read off the curve stands above it, whether that is the end or not."""
    (one,) = trainings(record, "")
    assert title_of([one]) == "Validation loss is lowest (3) at epoch 2, the last one"
    write(record, CURVES, "x", 1, losses("two", held=(4.0, 1.5, 3.0)))
    record.database.execute("update units set model = ''")
    one, two = trainings(record, "")
    assert title_of([one, two]).startswith("one: validation loss is lowest (3)")
    found = {each.run: each for each in (one, two)}
    said = "Validation loss is lowest (1.5) at epoch 1, and 3 at epoch 2"
    assert title_of([found["two"]]) == said


def test_without_validation_the_title_says_so(tmp_path):
    """A log of training losses alone is drawn, in steps where it counts steps."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, losses(held=(), counts="step"))
        (one,) = trainings(made, "digest-")
    assert title_of([one]) == "Training loss over 3 steps; no validation"


LOST = (None, None, None)
"""Losses none of which is finite."""


@pytest.mark.parametrize(
    ("falls", "held", "says"),
    [
        (LOST, LOST, "No loss is a finite number over 3 epochs: the training diverged"),
        (LOST, (), "No loss is a finite number over 3 epochs: the training diverged"),
        ((), LOST, "No loss is a finite number over 3 epochs: the training diverged"),
        (
            (4.0, 2.0, 1.0),
            LOST,
            "Training loss over 3 epochs; no validation loss is a finite number",
        ),
        (LOST, (4.0, 2.0, 3.0), "Validation loss is lowest (2) at epoch 1, and 3 at epoch 2"),
        (
            LOST,
            (4.0, 2.0, None),
            "Validation loss is lowest (2) at epoch 1, and not finite at epoch 2",
        ),
    ],
)
def test_losses_that_are_never_finite_are_told_and_drawn_as_nothing(tmp_path, falls, held, says):
    """A training that was lost has a page that says so; a loss that is no number has no mark."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, losses(falls=falls, held=held))
        (one,) = trainings(made, "digest-")
    assert title_of([one]) == says
    assert draw_trainings([one], says).startswith("<svg")
    finite = {"model": any(falls), "validation": any(held)}
    assert [mark for mark, _ in key_of([one])] == [mark for mark, any_ in finite.items() if any_]


def test_a_lost_training_is_drawn_among_others(tmp_path):
    """A folder's panels are all drawn, that of a training without finite losses as an empty one."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, [*losses(), *losses("two", falls=LOST, held=LOST)])
        found = trainings(made, "digest-")
    drawing = draw_trainings(found, "it says")
    assert [one.run for one in found] == ["one", "two"]
    assert ">two<" in drawing


def asked(name):
    """Return a probe of a training as a question of the page."""
    return Question(name=name, asks="What?", source="", parameters={})


def shown_by(record, name):
    """Return what the page shows of a probe."""
    return probed(record, asked(name), [], Album(record, Vocabulary.of(record)))


def test_curves_and_what_was_found_on_them_are_one_figure(record):
    """The curves are drawn once, above each condition with yes or no and its sentence."""
    both = shown_by(record, DIAGNOSIS)
    assert both.figure.finding == "Overfitting"
    assert both.figure.svg.startswith("<svg")
    assert both.figure.table == (
        ("Diverged", "no", "It is finite."),
        ("Overfitting", "yes", "It rises <b>again</b>."),
    )
    assert shown_by(record, CURVES).elsewhere
    assert shown_by(record, ADVICE).elsewhere


def test_curves_without_a_diagnosis_are_drawn_alone(tmp_path):
    """A record of the curves alone says what one would read off them."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, losses())
        made.database.execute("update units set model = ''")
        alone = shown_by(made, CURVES)
    assert not alone.elsewhere
    assert alone.figure.finding == "Validation loss is lowest (3) at epoch 2, the last one"


def test_of_many_runs_those_with_a_finding_are_drawn_in_the_order_of_their_numbers(tmp_path):
    """Run 2 stands before run 10, and a sound run is only counted."""
    with Record(tmp_path / "r.sqlite") as made:
        names = ("run 10", "run 2", *(f"run {n}" for n in range(20, 30)))
        write(made, CURVES, "", 0, [row for name in names for row in losses(name)])
        sound = [
            Measurement("holds", 1.0, at={"run": name, "condition": "good fit"}, remark="It fits.")
            for name in names[2:]
        ]
        write(made, DIAGNOSIS, "", 0, [*diagnosed("run 10"), *diagnosed("run 2"), *sound])
        made.database.execute("update units set model = ''")
        found = trainings(made, "")
        page = shown_by(made, DIAGNOSIS)
    assert [one.run for one in shown(found)] == ["run 2", "run 10"]
    assert finding(found) == "Overfitting in 2 and good fit in 10 of 12 runs"
    assert [row[0] for row in page.figure.table] == ["run 2", "run 10"]
    assert "Drawn: 2 runs with a finding of 12." in page.figure.note


def test_a_gap_and_a_level_are_drawn_where_a_sentence_names_them(record):
    """What stands in the words is marked in the curves, with a key."""
    at = {"run": "one", "condition": "overfitting"}
    marks = {"gap_from": 1.0, "gap_to": 3.0, "plateau": 2.0}
    rows = [Measurement(name, value, at=at) for name, value in marks.items()]
    write(record, DIAGNOSIS, "x", 1, rows)
    record.database.execute("update units set model = ''")
    found = trainings(record, "")
    assert [mark for mark, _ in key_of(found)][-2:] == ["gap", "plateau"]
    assert draw_trainings(found, "it says") != draw_trainings(trainings_without(found), "it says")


def trainings_without(found):
    """Return runs without what was found about them."""
    return [replace(one, shapes=()) for one in found]


def test_what_was_remarked_on_all_runs_is_said_once():
    """Which columns were taken is the same for all; what is odd of one run is counted."""
    assert remarked(["the loss is `a`; x", "the loss is `a`"]) == (
        "The loss is `a`. The record holds more remarks on 1 run."
    )
    assert remarked([]) == ""


def test_a_logarithmic_axis_is_labelled_in_plain_numbers(tmp_path):
    """Losses of several decades read 0.1 and 0.01, not the markup of a formula."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, losses(falls=(4.0, 0.2, 0.01), held=(4.0, 0.3, 0.02)))
        (one,) = trainings(made, "digest-")
    drawing = draw_trainings([one], "it says")
    assert "0.1<" in drawing
    assert "$" not in drawing
