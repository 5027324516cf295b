"""Images of cells that are in a training set, copies of them, and what a probe says of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from audit.engine.runner import run
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.record.record import Record
from tests.toys import audit_of, cells, rows_of, tiny

SIDE = 96


def images(count: int, part: str = "train", first: int = 0):
    """Return images of cells, each a movie of its own."""
    made = cells(first + count, SIDE)[first:]
    return [replace(one, id=f"{part}/{one.id}", part=part, group=one.id) for one in made]


def copy(sample, name: str, change):
    """Return a changed copy of a sample as a test image."""
    pixels = np.ascontiguousarray(change(sample.image()), np.float32)
    given = {"image": pixels.copy, "shape": pixels.shape, "digest": name, "group": name}
    return replace(sample, id=name, part="test", mask=None, instances=None, **given)


def leakage_rows(probe, trains, tests):
    """Return what a probe measures of a training and a test set."""
    return rows_of(probe, tiny(), (*trains, *tests))


def flags(rows, metric: str, **at) -> dict[str, float]:
    """Return a metric's value by test image."""
    return {row.sample: row.value for row in rows if row.metric == metric and row.at == at}


def outcomes(probes, samples, folder, models=None):
    """Return the outcomes of the default policy's rules on what probes found, by name."""
    names = {probe.name for probe in probes}
    default = load_policy()
    rules = tuple(rule for rule in default.rule if rule.probe in names and not rule.given)
    audit = audit_of(tiny(), tuple(samples))
    if models is not None:
        audit = replace(audit, models=models)
    with Record(folder / "r.sqlite") as record:
        run(audit, probes, record, pictures=False)
        record.enlist(samples)
        for role, model in audit.models.items():
            record.assign(role, model.traits.digest, str(role))
        found = judge(Policy(name="some", rule=rules), record).outcomes
    return {one.rule.name: one for one in found}
