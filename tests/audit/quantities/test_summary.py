"""Laws of a quantity in a few numbers: a record keeps it, and nothing is lost or made up."""

from __future__ import annotations

import json
from dataclasses import asdict

from audit.quantities.networks import value
from audit.quantities.summary import Summary, summary
from reports.benchmark.column import quantity
from tests.audit.quantities.shown import seen


def short(name, values):
    """Return the summary of one network's values of a quantity."""
    many = [seen(values, asks=quantity(name).asks)]
    return summary(value(many), many)


def test_a_mean_has_an_interval_and_no_axis():
    """The value lies in its interval; one movie says nothing of others."""
    found = short("iou", [0.8, 0.9, 1.0, 0.9])
    assert found.interval[0] < found.value == 0.9 < found.interval[1] <= 1
    assert found.levels is None


def test_a_breaking_point_knows_the_ends_of_its_axis():
    """Its levels are the first and the last that were tried, in the order of severity."""
    assert short("noise_break", [[0.0, 0.0, 0.1, 0.5]] * 9).levels == (1000.0, 30.0)


def test_a_summary_outlives_a_record():
    """What is written as JSON is read back as the same numbers."""
    found = short("iou", [0.8, 0.9, 1.0, 0.9])
    again = Summary(**json.loads(json.dumps(asdict(found))))
    assert (again.value, tuple(again.interval)) == (found.value, found.interval)
