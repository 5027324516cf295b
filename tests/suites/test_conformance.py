"""What every installed probe must keep, ours and other people's alike."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from functools import cache

import pytest
import torch

from audit.engine.plan import lacking
from audit.engine.runner import run
from audit.measurement import Measurement
from audit.probing.audited import Audit
from audit.probing.case import Block, Case
from audit.probing.catalog import Catalog
from audit.probing.probe import Needs
from audit.record.record import Record
from audit.role import AUDITED
from tests.toys import audit_of, cells, dump, tiny, training_log

NAMES = Catalog.installed().names()
PHYSICAL = ("sigma", "width", "radius", "distance", "size", "shift", "length", "depth", "snr")
"""Words for quantities that have a unit; a key that ends in one of them has none."""

IDENTITIES = ("object", "track", "part", "dataset", "twin")
"""Conditions that name a thing, which is not in every image."""

UNITS = ("_um", "_px", "_db", "_photons", "_fraction", "_electrons", "_deg", "_s")


@pytest.fixture(params=NAMES)
def probe(request):
    """Return each installed probe with its default settings."""
    return Catalog.installed().get(request.param)()


def fitting(probe) -> Audit:
    """Return an audit that has everything any of our probes needs."""
    samples = cells(2, 48)
    train = tuple(replace(s, id=f"train/{s.id}", part="train") for s in cells(3, 48)[2:])
    others = {"reference": "reference", "format:other": "other", "last": "last"}
    card = {"decoder": "components"} if probe.needs.decoder else {}
    models = {
        "audited": tiny(**card),
        **{role: tiny(name, **card) for role, name in others.items()},
    }
    other = tuple(replace(s, id=f"other/{s.id}", part="other") for s in cells(4, 48)[3:])
    parts = {"test": samples, "train": train, "other": other}
    asked = dict.fromkeys(("test", *probe.needs.parts))
    needed = tuple(sample for part in asked for sample in parts[part])
    return Audit(models=models, samples=needed, log=training_log(), task=probe.needs.tasks[0])


def measure(probe, audit, folder) -> list:
    """Return what a run keeps of a probe, and of the probes that it reads."""
    chosen = {one.name: one for one in Catalog.installed().select([probe.name])}
    with Record(folder / "r.sqlite") as record:
        run(audit, list((chosen | {probe.name: probe}).values()), record, pictures=False)
        assert {unit.status for unit in record.units(probe.name)} == {"done"}
        return dump(record)


def test_the_card_of_a_probe_is_complete(probe):
    """Name, question, source, version and docstring are as a report needs them."""
    kind = type(probe)
    suite, _, noun = probe.name.partition(".")
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", probe.name)
    assert kind.__module__.endswith(f".{suite}.{noun}")
    assert kind.__name__.lower() == noun.replace("_", "")
    assert probe.asks.endswith("?")
    assert len(probe.asks) > 10
    assert probe.source.startswith(("doi:", "arXiv:", "https://"))
    assert probe.version >= 1
    assert isinstance(probe.needs, Needs)
    assert probe.scope in {"images", "audit"}
    assert kind.__doc__.strip().endswith(".")
    assert not kind.__doc__.startswith(f"{kind.__name__}(")
    assert set(probe.after) <= set(NAMES)


def test_settings_are_frozen_and_canonical(probe):
    """Settings cannot be changed, are one JSON text, and make the same probe again."""
    for setting in fields(probe):
        with pytest.raises(FrozenInstanceError):
            setattr(probe, setting.name, 1)
    kept = json.loads(probe.parameters)
    assert probe.parameters == json.dumps(kept, sort_keys=True)
    again = Catalog.installed().select([probe.name], {probe.name: kept})
    assert probe in again
    as_text = {name: json.dumps(value) for name, value in kept.items()}
    assert probe in Catalog.installed().select([probe.name], {probe.name: as_text})


@dataclass(frozen=True)
class Measured:
    """What one probe measured, twice: under another global stream the second time."""

    rows: list
    again: list
    moved: bool
    metrics: dict
    conditions: dict


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Return what a probe measures; every law about it reads the same record."""

    @cache
    def of(name: str) -> Measured:
        probe, folder = Catalog.installed().get(name)(), tmp_path_factory.mktemp(name)
        both, moved = [], False
        for seed, place in enumerate(("one", "two")):
            (folder / place).mkdir()
            torch.manual_seed(seed)
            before = torch.get_rng_state()
            both.append(measure(probe, fitting(probe), folder / place))
            moved |= not torch.equal(torch.get_rng_state(), before)
        with Record(folder / "one" / "r.sqlite", readonly=True) as record:
            known = record.metrics(), record.conditions()
        return Measured(*both, moved, *known)

    return of


def test_the_same_seed_gives_the_same_rows(probe, measured):
    """Two runs with one seed agree to the byte: torch's global stream neither moves nor matters."""
    found = measured(probe.name)
    assert found.rows == found.again != []
    assert not found.moved


def designed(at: str) -> str:
    """Return a condition without what only says of what in the image, or of which set, it is."""
    kept = {key: value for key, value in json.loads(at).items() if key not in IDENTITIES}
    return json.dumps(kept)


def test_every_condition_is_reported_for_every_image(probe, measured):
    """No row is missing because of its outcome: each image has the same metrics and conditions."""
    rows = [row for row in measured(probe.name).rows if row[1] == probe.name]
    seen = defaultdict(set)
    for model, _, metric, sample, *_, at, value, _, undefined in rows:
        assert (value is None) == (undefined is not None)
        if sample is not None and metric != "correct_rejection":
            seen[model, sample].add((metric, designed(at)))
    assert len({frozenset(conditions) for conditions in seen.values()}) <= 1
    levels = [value for value in json.loads(probe.parameters).values() if isinstance(value, list)]
    told = {repr(v) for *_, at, _, _, _ in rows for v in json.loads(at).values()}
    assert all(repr(level) in told for many in levels for level in many)


def test_names_carry_units(probe, measured):
    """A physical quantity says its unit in its name; words are lower case."""
    rows = measured(probe.name).rows
    names = {row[2] for row in rows} | {key for row in rows for key in json.loads(row[8])}
    names |= {setting.name for setting in fields(probe)}
    for name in names:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)
        assert not name.endswith(PHYSICAL), f"{name}: in which unit?"
        if name.startswith(PHYSICAL):
            assert name.endswith(UNITS), f"{name}: in which unit?"


def test_every_row_is_of_declared_metrics_and_conditions(probe, measured):
    """The record of a probe says what each of its numbers means, and none lies out of its range."""
    found = measured(probe.name)
    metrics, conditions = found.metrics, found.conditions
    for _, _, name, *_, at, value, _, _ in found.rows:
        assert name in metrics, f"{name} is not declared by its suite"
        assert set(json.loads(at)) <= set(conditions), f"{at}: not declared by the suite"
        if value is not None:
            assert metrics[name].low <= value <= metrics[name].high, f"{name}: {value}"


def case_of(probe, audit) -> Case:
    """Return the first unit of an audit."""
    return Case(audit, "audited", probe, Block(audit.samples), lambda _: ())


def test_the_input_is_never_written_to(probe):
    """Images and masks are after a measurement what they were before."""
    if probe.after:
        pytest.skip("reads other probes' rows: held by the runner's tests")
    case = case_of(probe, fitting(probe))
    images, masks = case.images.clone(), case.masks.clone()
    rows = list(probe.measure(case))
    assert rows
    assert torch.equal(case.images, images)
    assert torch.equal(case.masks, masks)
    assert all(isinstance(row, Measurement) for row in rows)


WITHOUT = {
    "masks": {"mask": None, "instances": None},
    "pixel_um": {"pixel_um": None},
    "complete": {"complete": False},
    "instances": {"instances": None},
}


@pytest.mark.parametrize("need", WITHOUT)
def test_needs_are_truthful(probe, need, tmp_path):
    """Without what it needs a probe is skipped with the reason; what it needs not it can miss."""
    audit = fitting(probe)
    poor = replace(audit, samples=tuple(replace(s, **WITHOUT[need]) for s in audit.samples))
    with Record(tmp_path / "r.sqlite") as record:
        run(poor, Catalog.installed().select([probe.name]), record, pictures=False)
        units = record.units(probe.name)
    reason = lacking(probe, poor, poor.models[AUDITED].traits)
    if getattr(probe.needs, need):
        assert {(unit.status, unit.reason) for unit in units} == {("skipped", reason)}
    else:
        assert {unit.status for unit in units} == {"done"}


def test_a_need_of_each_probe_is_met_by_ours():
    """The audit of these tests lacks nothing that any installed probe needs."""
    for name in NAMES:
        probe = Catalog.installed().get(name)()
        audit = fitting(probe)
        assert lacking(probe, audit, audit.models[AUDITED].traits) is None
    assert audit_of(tiny()).log is None
