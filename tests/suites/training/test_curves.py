"""Laws of the recorded curves: every value is a row, long logs keep their ends, gaps are said."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from audit.logs.log import Notice
from audit.probing.case import Block, Case
from suites.training import Curves
from tests.suites.training.shapes import logged, run_of, shaped
from tests.toys import audit_of, raw_threshold, rows_of


def rows(*runs, **settings):
    """Return the rows of the curves that the probe yields of a log."""
    found = rows_of(Curves(**settings), raw_threshold(), log=logged(*runs))
    return [row for row in found if row.metric != "notices"]


def case_of(run) -> Case:
    """Return the unit of work of a log of one run."""
    audit = audit_of(raw_threshold(), log=logged(run))
    return Case(audit, "audited", Curves(), Block(()), lambda _: ())


def test_every_value_is_a_row():
    """Losses and rate stand at their epochs under the name of the run, as they were logged."""
    run = run_of([3.0, 2.0, 1.0], [3.5, 2.5, 2.0], rate=[0.1, 0.1, 0.01])
    found = {(row.metric, row.at["epoch"]): row.value for row in rows(run)}
    for metric, curve in (
        ("training_loss", run.training),
        ("validation_loss", run.validation),
        ("learning_rate", run.rate),
    ):
        for at, value in zip(curve.at, curve.values, strict=True):
            assert found.pop((metric, at)) == value
    assert not found


def test_what_is_not_finite_is_undefined_with_its_reason():
    """NaN and infinity are no measurements, and are not left out either."""
    found = rows(run_of([3.0, math.nan, math.inf], None))
    assert [row.value for row in found] == [3.0, None, None]
    assert all(row.undefined for row in found[1:])


def test_a_long_log_is_thinned_evenly_and_keeps_what_is_not_finite():
    """No more points than asked for, the ends among them, and every gap beside them."""
    values = np.linspace(1, 0, 50_000)
    values[31_234] = math.nan
    found = rows(run_of(values, None, counts="step"), points=500)
    places = sorted(row.at["step"] for row in found)
    assert 500 <= len(places) <= 501
    assert (places[0], places[-1]) == (0, 49_999)
    assert max(np.diff(places)) <= 102
    assert 31_234 in places


def test_steps_are_called_steps():
    """A log that counts steps has them as its condition."""
    assert {key for row in rows(shaped("good fit", step=10.0)) for key in row.at} == {"run", "step"}


def test_what_was_odd_is_counted_and_said():
    """Notices of the reader are counted, but for which columns it took; all are said."""
    odd = (Notice("taken", "loss"), Notice("resumed", "it was resumed"))
    found = list(Curves().measure(case_of(replace(shaped("good fit"), notices=odd))))
    (notices,) = [row for row in found if row.metric == "notices"]
    assert notices.value == 1.0
    assert notices.remark == "loss; it was resumed"
