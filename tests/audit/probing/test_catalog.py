"""Laws of the catalog: one probe a name, near names suggested, settings checked."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint

import pytest

from audit import installed
from audit.errors import UsageError
from audit.metric import Condition, amount, share
from audit.probing.catalog import Catalog, coerce, configure
from audit.probing.suite import Suite
from tests.toys import Brightness, Reach, Reader


def toy(*probes, **declared):
    """Return a suite of toys."""
    given = {"name": "toy", "title": "Toys", "about": "For tests."} | declared
    return Suite(probes=probes, **given)


CATALOG = Catalog([toy(Brightness, Reach, Reader)])


def test_two_probes_of_one_name_are_refused():
    """The error names the probe and both who claim it."""
    with pytest.raises(UsageError, match=r"toy\.reach: claimed by .*toys and by .*toys"):
        Catalog([toy(Reach, Reach)])


def test_two_meanings_of_one_metric_are_refused():
    """Suites may declare the same metric alike; who means something else must name it otherwise."""
    alike = Catalog([toy(metrics=(share("iou", "IoU"),)), toy(metrics=(share("iou", "IoU"),))])
    assert alike.metrics() == {"iou": share("iou", "IoU")}
    with pytest.raises(UsageError, match=r"suite toy: iou is declared as .* another name"):
        Catalog([toy(metrics=(share("iou", "IoU"),)), toy(metrics=(amount("iou", "IoU"),))])
    with pytest.raises(UsageError, match="suite toy: dose is declared as"):
        Catalog(
            [
                toy(conditions=(Condition(name="dose", words="dose"),)),
                toy(conditions=(Condition(name="dose", words="dose", unit="mW"),)),
            ]
        )


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


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Return what installs a package of one module beside our suites, by its text."""
    ours = installed.suites()

    def install(text, name="bleach"):
        (tmp_path / f"{name}_plugin.py").write_text(text)
        entry = EntryPoint(name, f"{name}_plugin:SUITE", installed.GROUP)
        monkeypatch.setattr(installed, "entry_points", lambda **_: [*ours, entry])

    monkeypatch.syspath_prepend(tmp_path)
    yield install
    for name in [one for one in sys.modules if one.endswith("_plugin")]:
        del sys.modules[name]


BROKEN = {
    "raise ModuleNotFoundError('no\\nnumpy')": "cannot be imported: ModuleNotFoundError: no numpy",
    "x = (": "cannot be imported: SyntaxError",
    "PROBES = ()": "cannot be imported: AttributeError",
    "SUITE = ()": "is of type tuple; expected a Suite",
    "from suites.shift import SUITE": "is named 'shift', its entry point 'bleach'",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_plugin_that_cannot_be_used_is_named_and_left_out(plugin, text):
    """Ours stay as they are; the line says which entry point, and what it raised."""
    ours = Catalog.installed()
    plugin(text)
    found = Catalog.installed()
    assert found.names() == ours.names()
    assert ours.left_out == {}
    assert list(found.left_out) == ["bleach"]
    why = found.left_out["bleach"]
    assert why.startswith("the suite bleach_plugin:SUITE ")
    assert BROKEN[text] in why
    assert len(why.splitlines()) == 1
    for pattern in ("bleach", "bleach.dose"):
        with pytest.raises(UsageError, match=f"{pattern}: the suite bleach_plugin"):
            found.select([pattern])


def test_an_outsiders_suite_is_one_of_ours(plugin):
    """A package with an entry point adds its probes, its metrics and its conditions."""
    plugin(
        "from audit.metric import share\n"
        "from audit.probing.suite import Suite\n"
        "from tests.toys import Reach\n"
        "SUITE = Suite(name='bleach', title='Bleach', about='Dose.', probes=(Reach,),\n"
        "    metrics=(share('bleached', 'share that is bleached'),))\n"
    )
    found = Catalog.installed()
    assert found.left_out == {}
    assert "toy.reach" in found.names()
    assert found.metrics()["bleached"].words == "share that is bleached"
    assert [one.name for one in found.of([found.get("toy.reach")()])] == ["bleach"]
