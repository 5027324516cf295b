"""Laws of where the data lie: on the axis of its name, beside the breaking point, or nowhere."""

from __future__ import annotations

import pytest

from audit.measurement import Measurement
from reports.figures.curves import Chart
from reports.figures.drawing import lies
from reports.figures.evidence import Panel
from reports.figures.home import home
from reports.vocabulary import Vocabulary
from tests.toys import add, written


@pytest.fixture
def record(tmp_path):
    """Return a record of ten images' noise and unevenness."""
    rows = [Measurement("photons", 100.0 + n, f"{n:03d}") for n in range(11)]
    rows += [Measurement("tilt_percent", 5.0, f"{n:03d}") for n in range(11)]
    with written(tmp_path / "r.sqlite", []) as record:
        add(record, rows, probe="shift.position", model="")
        yield record


def panel(axis, **fixed):
    """Return an axis of three levels."""
    return Panel(axis=axis, fixed=fixed, levels=(1000.0, 100.0, 10.0))


def test_images_lie_where_they_were_measured(record):
    """The median and the middle eight tenths."""
    found = home(record, "shift.noise", panel("photons"))

    assert (found.low, found.middle, found.high) == (101.0, 105.0, 109.0)


def test_a_shape_has_an_axis_of_its_own(record):
    """A tilt of the data says nothing of its vignette."""
    assert home(record, "shift.illumination", panel("percent", shape="tilt")).middle == 5.0
    assert home(record, "shift.illumination", panel("percent", shape="vignette")) is None


def test_other_suites_have_no_home(record):
    """The photons of another suite's probe are not those of the shift."""
    assert home(record, "adversarial.noise", panel("photons")) is None


@pytest.mark.parametrize(("level", "place"), [(2000.0, 0.5), (100.0, 2.0), (1.0, 3.0)])
def test_what_is_milder_than_the_axis_stands_before_it(level, place):
    """Between the untouched and the mildest level; what is severer stands at the end."""
    drawn = Chart(
        metric="iou",
        words=Vocabulary(),
        panel=panel("photons"),
        levels=(None, 1000.0, 100.0, 10.0),
        positions=(0.0, 1.0, 2.0, 3.0),
        curves=(),
    )

    assert lies(drawn, level) == pytest.approx(place)
