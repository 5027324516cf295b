"""Laws of the curves of a training: what is drawn is what was recorded, and where."""

from __future__ import annotations

import pytest

from audit.measurement import Measurement
from audit.record.record import Record
from reports.figures.evidence import Question
from reports.figures.losses import draw_trainings, key_of, title_of, trainings
from reports.page.probed import in_words
from tests.reports.conftest import write

CURVES, DIAGNOSIS, ADVICE = "training.curves", "training.diagnosis", "training.advice"
ASKED = Question(name=CURVES, asks="How was it trained?", source="", parameters={})


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
    (one,) = trainings(record, CURVES, "")
    assert [each.metric for each in one.losses] == ["training_loss", "validation_loss"]
    assert one.losses[0].values == (4.0, 2.0, 1.0)
    assert [value != value for value in one.losses[1].values] == [False, True, False]  # noqa: PLR0124
    assert (one.counts, one.best, one.spans) == ("epoch", 2.0, (("overfitting", 1.0, 2.0),))
    drawing = draw_trainings([one], "it says")
    assert "overfitting" in drawing
    assert [mark for mark, _ in key_of([one])] == ["model", "validation", "best", "home"]


def test_the_title_names_the_lowest_validation_loss(record):
    """What one would read off the curve stands above it, whether that is the end or not."""
    (one,) = trainings(record, CURVES, "")
    assert title_of([one]) == "Validation loss is lowest (3) at epoch 2, the last one"
    write(record, CURVES, "x", 1, losses("two", held=(4.0, 1.5, 3.0)))
    record.database.execute("update units set model = ''")
    one, two = trainings(record, CURVES, "")
    assert title_of([one, two]).startswith("one: validation loss is lowest (3)")
    found = {each.run: each for each in (one, two)}
    said = "Validation loss is lowest (1.5) at epoch 1, and 3 at epoch 2"
    assert title_of([found["two"]]) == said


def test_without_validation_the_title_says_so(tmp_path):
    """A log of training losses alone is drawn, in steps where it counts steps."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, losses(held=(), counts="step"))
        (one,) = trainings(made, CURVES, "digest-")
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
        (one,) = trainings(made, CURVES, "digest-")
    assert title_of([one]) == says
    assert draw_trainings([one], says).startswith("<svg")
    finite = {"model": any(falls), "validation": any(held)}
    assert [mark for mark, _ in key_of([one])] == [mark for mark, any_ in finite.items() if any_]


def test_a_lost_training_is_drawn_among_others(tmp_path):
    """A folder's panels are all drawn, that of a training without finite losses as an empty one."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, [*losses(), *losses("two", falls=LOST, held=LOST)])
        found = trainings(made, CURVES, "digest-")
    drawing = draw_trainings(found, "it says")
    assert [one.run for one in found] == ["one", "two"]
    assert ">two<" in drawing


def test_a_probe_with_words_of_its_own_is_shown_in_them(record):
    """Each condition has yes or no and its sentence, and what holds is the finding."""
    asked = Question(name=DIAGNOSIS, asks="What?", source="", parameters={})
    figure = in_words(record, asked, "", [("holds", False), ("span_low", False)])
    assert figure.finding == "Overfitting"
    assert [row[1:] for row in figure.table] == [
        ("no", "It is finite."),
        ("yes", "It rises <b>again</b>."),
    ]
    advice = Question(name=ADVICE, asks="What?", source="", parameters={})
    assert in_words(record, advice, "", [("best_at", False)]) is None


def test_a_logarithmic_axis_is_labelled_in_plain_numbers(tmp_path):
    """Losses of several decades read 0.1 and 0.01, not the markup of a formula."""
    with Record(tmp_path / "r.sqlite") as made:
        write(made, CURVES, "", 0, losses(falls=(4.0, 0.2, 0.01), held=(4.0, 0.3, 0.02)))
        (one,) = trainings(made, CURVES, "digest-")
    drawing = draw_trainings([one], "it says")
    assert "0.1<" in drawing
    assert "$" not in drawing
