"""Laws of the catalog: one probe a name, near names suggested, settings checked."""

from __future__ import annotations

import pytest

from audit.errors import UsageError
from audit.probing.catalog import Catalog, coerce, configure
from tests.toys import Brightness, Reach, Reader

CATALOG = Catalog([Brightness, Reach, Reader])


def test_two_probes_of_one_name_are_refused():
    """The error names the probe and both who claim it."""
    with pytest.raises(UsageError, match=r"toy\.reach: claimed by .*toys and by .*toys"):
        Catalog([Reach, Reach])


def test_near_names_are_suggested():
    """A typo in a probe, a suite or a setting names the nearest one."""
    with pytest.raises(UsageError, match=r"did you mean 'toy\.reach'"):
        CATALOG.get("toy.rech")
    with pytest.raises(UsageError, match=r"did you mean 'toy\.reach'"):
        CATALOG.select(["toy.rech"])
    with pytest.raises(UsageError, match="did you mean 'toy'"):
        CATALOG.select(["toyy"])
    with pytest.raises(UsageError, match="did you mean 'factor'"):
        CATALOG.select([], {"toy.brightness": {"facto": 1}})
    with pytest.raises(UsageError, match=r"did you mean 'toy\.brightness'"):
        CATALOG.select([], {"toy.brightnes": {"factor": 1}})


def test_selection_is_by_probe_or_suite_and_takes_what_is_read():
    """A suite selects its probes, a probe also those that it reads, nothing selects all."""
    assert [probe.name for probe in CATALOG.select(["toy.reach"])] == ["toy.reach"]
    everything = ["toy.brightness", "toy.reach", "toy.reader"]
    for patterns in (["toy.reader"], ["toy"], []):
        assert [probe.name for probe in CATALOG.select(patterns)] == everything


@pytest.mark.parametrize(
    ("setting", "value", "kept"),
    [
        ("factor", "3,4.5", (3.0, 4.5)),
        ("factor", "[3, 4]", (3.0, 4.0)),
        ("factor", 3, (3.0,)),
        ("factor", [3, 4.0], (3.0, 4.0)),
        ("word", "plain text", "plain text"),
        ("strict", "true", True),
        ("strict", False, False),
    ],
)
def test_settings_take_the_type_of_their_default(setting, value, kept):
    """Text as of a command line, numbers and lists become what the field holds."""
    made = getattr(configure(Brightness, {setting: value}), setting)
    assert made == kept
    assert type(made) is type(kept)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("factor", "1,x"),
        ("factor", ""),
        ("factor", []),
        ("factor", [True]),
        ("factor", "NaN"),
        ("factor", [float("inf")]),
        ("factor", {"a": 1}),
        ("word", 3),
        ("strict", 1),
        ("strict", "yes"),
    ],
)
def test_settings_of_another_type_are_refused(setting, value):
    """A value that does not fit is one line that names the setting and shows its default."""
    with pytest.raises(UsageError, match=rf"toy\.brightness\.{setting}: expected like"):
        configure(Brightness, {setting: value})


def test_whole_numbers_stay_whole():
    """A float is no integer, an integer is a float."""
    assert coerce("x", 3, 1.0) == 3.0
    with pytest.raises(UsageError):
        coerce("x", 3.0, 1)


def test_the_installed_catalog_has_our_suites():
    """Our suites register as outsiders' do, by entry point."""
    assert {"pipeline.score", "shift.noise", "resolution.scale"} <= set(Catalog.installed().names())
