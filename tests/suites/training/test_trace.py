"""Laws of a trace: levels follow the course to its ends, the best value is one that lasted."""

from __future__ import annotations

import numpy as np
import pytest

from audit.logs.log import Curve
from suites.training.trace import MOST, trace
from suites.training.turn import turn
from tests.suites.training.shapes import settles


def traced(values):
    """Return the trace of values at epochs from 0."""
    made = tuple(float(one) for one in values)
    return trace(Curve(source="made", at=tuple(map(float, range(len(made)))), values=made))


def noise(count, size, seed=0):
    """Return normal noise."""
    return size * np.random.default_rng(seed).standard_normal(count)


def test_levels_follow_a_straight_course_to_both_ends():
    """No edge is padded: of a straight fall without noise every level is the value itself."""
    values = np.linspace(2, 1, 60)
    assert traced(values).levels == pytest.approx(values)


def test_the_end_stays_within_what_was_logged():
    """A line through a course that comes to rest leads below it; the end does not follow."""
    found = traced(1 + settles(np.linspace(0, 1, 30)))
    assert found.end >= found.values[-found.tail :].min()


@pytest.mark.parametrize("rise", [0.0, 0.3])
def test_three_last_values_that_turn_are_the_end(rise):
    """Three values off the course by many deviations turn it; noise alone does not."""
    values = 1 + noise(80, 0.01)
    values[-3:] += rise
    assert traced(values).turns is bool(rise)
    assert traced(values).end == pytest.approx(1 + rise, abs=0.03)


@pytest.mark.parametrize("count", [7, 50, 3 * MOST])
def test_the_lowest_that_lasted_is_a_logged_value(count):
    """It stands in the log at its time, also where a long log is read in stretches."""
    values = np.linspace(1, 0, count) ** 2 + noise(count, 0.01)
    value, at = traced(values).lowest
    assert values[int(at)] == value


def test_a_lone_low_value_did_not_last():
    """One value below all others is luck; the lower of its like is the best."""
    values = 1 + noise(40, 0.01)
    values[10], values[20:23] = 0.1, (0.52, 0.5, 0.53)
    assert traced(values).lowest == (0.5, 21.0)


def test_a_turn_that_stays_is_sure_where_a_wave_is_not():
    """Waves as high as a rise make it doubtful, unless no level falls back through a third."""
    time = np.linspace(0, 1, 120)
    waves = 0.3 * np.sin(40 * time)
    assert not turn(traced(1 + waves + noise(120, 0.01))).sure
    risen = 1 - np.minimum(time, 0.3) + 2 * np.clip(time - 0.4, 0, 0.2)
    assert turn(traced(risen + waves / 3 + noise(120, 0.01))).sure


def test_a_drift_is_a_line_after_the_lowest_level():
    """A slow rise under noise is measured by all that comes after; of noise alone it is none."""
    time = np.linspace(0, 1, 100)
    course = 1 + settles(time, 0.05) + noise(100, 0.02)
    assert turn(traced(course)).drift == 0
    assert turn(traced(course + 0.2 * time)).drift == pytest.approx(0.17, abs=0.06)
