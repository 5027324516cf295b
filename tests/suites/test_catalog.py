"""What holds over the whole catalog together: no orphans, shards, round trips, reasons."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from importlib import import_module
from importlib.util import find_spec
from inspect import getmembers, isclass
from pkgutil import iter_modules

import pytest

import suites
from audit.engine.plan import lacking
from audit.engine.runner import run
from audit.measurement import Measurement
from audit.probing.catalog import Catalog
from audit.probing.probe import Probe
from audit.record.record import Record
from tests.suites.test_conformance import fitting, measure
from tests.toys import cells, dump, tiny

NAMES = Catalog.installed().names()


@pytest.fixture(params=NAMES)
def probe(request):
    """Return each installed probe with its default settings."""
    return Catalog.installed().get(request.param)()


def written_probes():
    """Return every probe class that a file of our suites defines."""
    for suite in iter_modules(suites.__path__):
        package = import_module(f"suites.{suite.name}")
        for file in iter_modules(package.__path__):
            module = import_module(f"suites.{suite.name}.{file.name}")
            for _, kind in getmembers(module, isclass):
                if issubclass(kind, Probe) and kind.__module__ == module.__name__:
                    yield kind


def test_no_probe_is_an_orphan():
    """Each probe that is written is in the catalog under its name, and has tests of its own."""
    kinds = [kind for kind in written_probes() if hasattr(kind, "name")]
    assert {kind.name for kind in kinds} <= set(NAMES)
    for kind in kinds:
        assert Catalog.installed().get(kind.name) is kind
        _, suite, file = kind.__module__.split(".")
        assert find_spec(f"tests.suites.{suite}.test_{file}"), f"{kind.name} has no test of its own"


def test_three_shards_make_the_whole(probe, tmp_path):
    """Shared out to three and put together, an audit has the rows of the whole."""
    chosen = Catalog.installed().select([probe.name])
    audit = fitting(probe)
    third = replace(cells(6, 48)[5], id="third")
    audit = replace(audit, samples=(*audit.samples, third))
    with Record(tmp_path / "whole.sqlite") as whole:
        run(audit, chosen, whole, pictures=False)
        expected = dump(whole)
    with Record(tmp_path / "merged.sqlite") as merged:
        for index in range(3):
            path = tmp_path / f"{index}.sqlite"
            with Record(path) as part:
                run(audit, chosen, part, shard=(index, 3), pictures=False)
                keys = [unit.key for unit in part.units() if unit.status == "done"]
            merged.adopt(path, keys)
        run(audit, chosen, merged, pictures=False)
        assert dump(merged) == expected != []


def test_rows_survive_json_and_sqlite(probe, tmp_path):
    """What a record gives back is what the probe yielded; all of it is plain JSON."""
    measure(probe, fitting(probe), tmp_path)
    with Record(tmp_path / "r.sqlite", readonly=True) as record:
        digests = {unit.model for unit in record.units(probe.name)}
        rows = [row for d in digests for row in record.measurements(probe.name, d)]
    names = [field.name for field in fields(Measurement) if field.name != "picture"]
    for row in rows:
        plain = {name: getattr(row, name) for name in names}
        text = json.dumps(plain, allow_nan=False, default=dict)
        assert Measurement(**json.loads(text)) == row


def without(need: str, audit, probe):
    """Return an audit that lacks one thing, and the model's traits."""
    traits = tiny().traits
    if need == "gradients":
        return audit, replace(traits, access="live")
    if need == "live":
        return audit, replace(traits, access="outputs")
    if need == "probabilities":
        return audit, replace(traits, output="labels")
    if need == "log":
        return replace(audit, log=None), traits
    if need in ("reference", "format", "last"):
        kept = {role: one for role, one in audit.models.items() if role.kind != need}
        return replace(audit, models=kept), traits
    kept = tuple(s for s in audit.samples if s.part != need)
    return replace(audit, samples=kept), traits


NEEDS = [
    "gradients",
    "live",
    "probabilities",
    "log",
    "reference",
    "format",
    "last",
    "train",
    "other",
]


@pytest.mark.parametrize("need", NEEDS)
def test_every_unmet_need_has_a_reason(probe, need):
    """What a probe lacks is said in words, and nothing is said where it lacks nothing."""
    needs = probe.needs
    asked = {
        "gradients": needs.model == "gradients",
        "live": needs.model in ("live", "gradients"),
        "probabilities": needs.probabilities,
        "log": needs.log,
        "reference": needs.reference,
        "format": needs.formats,
        "last": needs.last,
    }.get(need, need in needs.parts)
    audit, traits = without(need, fitting(probe), probe)
    reason = lacking(probe, audit, traits)

    assert bool(reason) == asked


def test_every_default_rule_is_about_what_is_measured(tmp_path):
    """A rule of the default policy, and what it tries, ask for what a probe yields."""
    from audit.policy.reading import load_policy
    from audit.quantities.score import SCORE
    from audit.quantities.table import fits
    from audit.tasks.scores import MAIN

    seen = {}
    rules = load_policy().rules
    tried = [rule.tries.quantity(rule) for rule in rules if rule.tries]
    for number, name in enumerate(dict.fromkeys(asked.probe for asked in (*rules, *tried))):
        folder = tmp_path / str(number)
        folder.mkdir()
        probe = Catalog.installed().get(name)()
        measure(probe, fitting(probe), folder)
        with Record(folder / "r.sqlite", readonly=True) as record:
            digests = {unit.model for unit in record.units(name)}
            seen[name] = [row for d in digests for row in record.measurements(name, d)]
    for asked in (*rules, *tried):
        main = MAIN[Catalog.installed().get(asked.probe).needs.tasks[0]]
        metric = main if asked.metric == SCORE else asked.metric
        alike = [row for row in seen[asked.probe] if row.metric == metric]
        assert any(fits(row.at, asked) for row in alike), asked
