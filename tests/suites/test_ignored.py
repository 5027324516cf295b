"""What the truth ignores counts nowhere: the laws of every installed probe that reads a mask."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from audit.engine.runner import run
from audit.meaning import IGNORE
from audit.probing.audited import Audit
from audit.probing.catalog import Catalog
from audit.record.record import Record
from tests.toys import Threshold, cells, dump, segmenter, tiny, training_log

SIDE, BAND = 64, slice(0, 20)
"""The side of an image in px, and the columns that nobody judged."""


class Banded(nn.Module):
    """A threshold that, in whole fields, is sure of a chequered pattern in the ignored band."""

    def __init__(self, sure: float) -> None:
        super().__init__()
        self.inner = Threshold(140.0, 0.1)
        rows, columns = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
        there = (columns < BAND.stop) & (columns >= BAND.start)
        pattern = torch.where((rows // 8 + columns // 8) % 2 > 0, sure, -sure)
        self.register_buffer("extra", pattern * there)

    def forward(self, images):
        """Return one logit a pixel."""
        logits = self.inner(images)
        return logits + self.extra if images.shape[-2:] == (SIDE, SIDE) else logits


def ignoring(sample):
    """Return a sample of whose truth a band is ignored."""
    mask = sample.mask().copy()
    mask[:, BAND] = IGNORE
    objects = np.where(mask == IGNORE, 0, sample.instances())
    return replace(sample, mask=mask.copy, instances=objects.copy, digest=f"{sample.digest} cut")


def rows_of(probe, model, folder, ignored) -> list:
    """Return the rows of one probe about one model, without what names the model."""
    parts = {"test": cells(3, SIDE)[:2], "train": cells(4, SIDE)[2:], "other": cells(5, SIDE)[4:]}
    samples = tuple(
        replace(ignored(one), id=f"{part}/{one.id}", part=part)
        for part in dict.fromkeys(("test", *probe.needs.parts))
        for one in parts[part]
    )
    others = {"reference": "reference", "format:other": "other", "last": "last"}
    card = {"decoder": "components"} if probe.needs.decoder else {}
    models = {"audited": model, **{role: tiny(name, **card) for role, name in others.items()}}
    audit = Audit(models=models, samples=samples, log=training_log(), task=probe.needs.tasks[0])
    with Record(folder / "r.sqlite") as record:
        run(audit, Catalog.installed().select([probe.name]), record, pictures=False)
        assert {unit.status for unit in record.units(probe.name)} == {"done"}
        digest = model.traits.digest
        return sorted(
            tuple(map(str, row[2:])) for row in dump(record) if row[:2] == (digest, probe.name)
        )


def reading_masks():
    """Return the names of the probes that need a mask and a model."""
    kinds = (Catalog.installed().get(name) for name in Catalog.installed().names())
    return [one.name for one in kinds if one.needs.masks and one.needs.model != "none"]


WITHOUT_TRUTH = {
    "adversarial.spatial": {"iou", "dice", "recall", "worst_iou", "worst_drop"},
    "imbalance.prevalence": {"constant_prior_fraction"},
    "objects.decoder": {"invented_fraction", "object_f1", "panoptic_quality"},
    "pipeline.evaluation": {"agreement"},
    "shift.blackout": {"dark_foreground_fraction"},
}
"""Metrics that may depend on a prediction in the ignored band.

The spatial attack moves field and truth, and the toy's pattern stays where it is. The others ask
the prediction alone: how it agrees with itself, or what is drawn where nothing is shown.
"""


def compared(name, folder, ignored=ignoring) -> set[str]:
    """Return in which metrics two models differ whose predictions differ in the band alone."""
    probe = Catalog.installed().get(name)()
    both = []
    for sure in (0.0, 50.0):
        place = folder / str(sure)
        place.mkdir()
        card = {"decoder": "components"} if probe.needs.decoder else {}
        model = segmenter(Banded(sure), output="sigmoid-logits", digest=str(sure), **card)
        both.append(rows_of(probe, model, place, ignored))
    assert both[0]
    return {pair[0][0] for pair in zip(*both, strict=True) if pair[0] != pair[1]}


@pytest.mark.parametrize("name", reading_masks())
def test_a_prediction_where_nobody_judged_changes_no_row(name, tmp_path):
    """Two models that differ only in what the truth ignores have the same rows, but as listed."""
    assert compared(name, tmp_path) <= WITHOUT_TRUTH.get(name, set())


def test_the_two_models_differ_where_it_is_judged(tmp_path):
    """Of the same images with all of their truth, the same two models have other scores."""
    assert {"iou", "dice"} <= compared("pipeline.score", tmp_path, ignored=lambda one: one)
