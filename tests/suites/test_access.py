"""The whole catalog on recorded predictions: what alters an image is never asked, the rest is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.engine.runner import run
from audit.models.load import load_model
from audit.models.recorded import RecordedSegmenter
from audit.policy.judge import judge
from audit.policy.reading import load_policy
from audit.policy.verdict import Verdict
from audit.probing.audited import Audit
from audit.probing.catalog import Catalog
from audit.quantities.absence import Absence
from audit.record.record import Record
from tests.toys import cells, tiny, training_log

RECORDED = "predictions were recorded, and this shows the model other images"

ASKED = {
    "hallucination.border",
    "imbalance.classes",
    "imbalance.neglected",
    "imbalance.objects",
    "imbalance.sizes",
    "imbalance.threshold",
    "leakage.inflation",
    "leakage.membership",
    "pipeline.alignment",
    "pipeline.calibration",
    "pipeline.formats",
    "pipeline.score",
    "resolution.declared",
    "shift.cross_dataset",
    "training.checkpoint",
}
"""Probes of a model that look at untouched images alone."""

PROBABLE = {"imbalance.threshold", "leakage.membership", "pipeline.calibration"}
"""Those of them that need probabilities."""

SEEN = cells(2, 48)
TRAIN = tuple(replace(one, id=f"train/{one.id}", part="train") for one in cells(3, 48)[2:])
OTHER = tuple(replace(one, id=f"other/{one.id}", part="other") for one in cells(5, 48)[3:])


def opened(folder, kind):
    """Return what the small network says of the test and of the further images, recorded."""
    for sample in (*SEEN, *OTHER):
        said = tiny().predict(torch.from_numpy(sample.image())[None])
        numbers = said.labels[0] if kind == "labels" else said.probabilities[0, 1]
        np.save(folder / f"{sample.id.replace('/', '-')}.npy", numbers.numpy())
    model = load_model(str(folder), output=kind)
    named = [replace(one, id=one.id.replace("/", "-")) for one in (*SEEN, *OTHER)]
    model.meet(named)
    return model


@pytest.fixture(scope="module", params=["labels", "sigmoid"])
def audited(request, tmp_path_factory):
    """Return the record of the whole catalog put to recorded predictions, and who was shown what.

    Nothing else lacks: there are references, further formats and a log.
    """
    folder = tmp_path_factory.mktemp(request.param)
    shown = []
    recalled = RecordedSegmenter.recalled
    model = opened(folder, request.param)

    def heard(self, image):
        shown.append(image)
        return recalled(self, image)

    roles = ("audited", "reference", "reference:2", "format:other", "last")
    audit = Audit(
        models=dict.fromkeys(roles, model), samples=(*SEEN, *TRAIN, *OTHER), log=training_log()
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RecordedSegmenter, "recalled", heard)
        with Record(folder / "r.sqlite") as record:
            record.assign("audited", model.traits.digest, "recorded")
            run(audit, Catalog.installed().select(()), record, pictures=False)
            yield request.param, record, shown


def reasons(record):
    """Return the status and the reason of each probe's units."""
    return {
        name: {(unit.status, unit.reason) for unit in record.units(name)}
        for name in Catalog.installed().names()
    }


def test_no_other_image_was_ever_shown(audited):
    """All that the predictions were asked about were images as they are in the test set."""
    _, _, shown = audited
    known = {one.image().tobytes() for one in (*SEEN, *OTHER)}
    assert shown
    assert {image.tobytes() for image in shown} <= known


def test_each_probe_was_asked_or_says_what_it_lacks(audited):
    """Untouched images are scored; what perturbs or attacks them is skipped, with the reason."""
    kind, record, _ = audited
    found = reasons(record)
    lacking = PROBABLE if kind == "labels" else set()
    for name in ASKED - lacking:
        assert {status for status, _ in found[name]} == {"done"}, name
    for name in lacking:
        assert found[name] == {("skipped", "the model gives labels, not probabilities")}
    without = {n for n in found if Catalog.installed().get(n)().needs.model == "none"}
    objects = {n for n in found if "semantic" not in Catalog.installed().get(n)().needs.tasks}
    for name in objects:
        assert {status for status, _ in found[name]} == {"not_applicable"}, name
    for name in set(found) - ASKED - without - objects:
        assert found[name] == {("skipped", RECORDED)}, name


def test_what_was_not_asked_is_no_pass(audited):
    """A rule about a probe that could not be asked is listed as lacking, and never passes."""
    _, record, _ = audited
    found = reasons(record)
    for outcome in judge(load_policy(), record).outcomes:
        if {status for status, _ in found[outcome.rule.probe]} == {"skipped"}:
            assert outcome.verdict is not Verdict.PASS
            assert outcome.absence in (Absence.LACKING, Absence.NOT_APPLICABLE)
