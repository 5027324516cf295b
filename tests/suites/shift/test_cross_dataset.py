"""Controls of shift.cross_dataset: a model that does not carry over, and one that does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from audit.engine.runner import run
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.shift.cross_dataset import CrossDataset
from tests.toys import audit_of, held, judged_of, raw_threshold, scenes, zscore_threshold


def elsewhere(name, change=lambda image: image):
    """Return scenes of another dataset, their images changed."""
    return tuple(
        replace(
            one,
            id=f"{name}/{one.id}",
            digest=f"{name} {one.digest}",
            part="other",
            dataset=name,
            image=lambda one=one: change(one.image()),
        )
        for one in scenes(6)
    )


SAMPLES = elsewhere("same") + elsewhere("dim", lambda image: image / 2)


def test_every_dataset_is_its_own_condition(tmp_path):
    """Raw intensities hold on the same camera and fail on a dim one; each is told by name."""
    with Record(tmp_path / "r.sqlite") as record:
        audit = audit_of(raw_threshold(), scenes(1) + SAMPLES)
        # Two datasets may share a block.
        run(audit, [CrossDataset()], record, block_size=12, pictures=False)
        rows = [r for r in record.measurements("shift.cross_dataset", "raw") if r.metric == "iou"]
    assert {(row.sample.split("/")[0], row.at["dataset"]) for row in rows} == {
        ("same", "same"),
        ("dim", "dim"),
    }
    assert min(row.value for row in rows if row.at["dataset"] == "same") > 0.95
    assert max(row.value for row in rows if row.at["dataset"] == "dim") == 0


def test_the_policy_warns_of_what_does_not_carry_over():
    """Positive and negative control: raw intensities warn, a model that normalises passes."""
    dim = audit_of(raw_threshold(), elsewhere("dim", lambda image: image / 2))
    healthy = replace(dim, models={"audited": zscore_threshold()})
    verdicts = [
        judged_of(one, [CrossDataset()])["further datasets"].verdict for one in (dim, healthy)
    ]
    assert verdicts == [Verdict.WARN, Verdict.PASS]


def test_channels_that_the_model_does_not_take_are_a_reason(tmp_path):
    """Colour images are left out by name, others are measured, and nothing crashes."""
    colour = held("colour", np.zeros((3, 64, 64)), np.zeros((64, 64)))
    colour = replace(colour, part="other", dataset="stained")
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold(), (*SAMPLES, colour)), [CrossDataset()], record, pictures=False)
        units = record.units("shift.cross_dataset")
    assert {unit.reason for unit in units if unit.status != "done"} == {
        "stained: images of 3 channels, but the model takes 1"
    }
    assert sum(unit.status == "done" for unit in units) == 12
