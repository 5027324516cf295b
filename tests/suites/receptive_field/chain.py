"""A probe measured after the reach that it reads."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from audit.engine.runner import run
from audit.record.record import Record
from suites.receptive_field.reach import Reach
from tests.toys import audit_of


def after_reach(probe, model, samples):
    """Return what a probe measures of a model whose reach was measured before."""
    with TemporaryDirectory() as folder, Record(Path(folder) / "r.sqlite") as record:
        run(audit_of(model, samples), [Reach(), probe], record, pictures=False)
        assert {unit.status for unit in record.units()} == {"done"}
        return list(record.measurements(probe.name, model.traits.digest))
