"""Laws of a model whose classes are judged as background and foreground."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import audit
from audit.errors import DataError
from audit.meaning import said_of
from audit.models.folded import Folded
from audit.record.record import Record
from audit.role import AUDITED
from tests.audit.datasets.drawn import discs
from tests.toys import Does, Tiny, segmenter


def bordered(images):
    """Return the logits of background, inside and boundary, all of them of the brightness."""
    bright = images - 100
    inside = -torch.nn.functional.max_pool2d(-bright, 3, 1, 1)
    return torch.cat((-bright, inside, torch.minimum(bright, -inside)), 1)


def test_a_pixel_is_foreground_where_it_is_without_folding():
    """Labels, logits and probabilities of the folded model agree with those of the model."""
    inner = segmenter(Tiny(classes=4), classes=4)
    images = torch.randn(2, 1, 12, 9)
    whole, folded = inner.predict(images), Folded(inner).predict(images)
    assert torch.equal(folded.labels, (whole.labels > 0).long())
    assert torch.equal(Folded(inner).logits(images).argmax(1), folded.labels)
    assert torch.allclose(folded.probabilities[:, 1], 1 - whole.probabilities[:, 0])
    assert Folded(inner).traits.classes == 2


def audited(masks, tmp_path, **asked):
    """Return the audit of the three-class model on images of some masks."""
    images = [np.where(mask > 0, 160, 40).astype(np.float32) for mask in masks]
    return audit.run(
        Does(bordered).eval(),
        test=audit.Arrays(images=images, masks=masks, groups=[str(n) for n in range(len(masks))]),
        classes=3,
        probes="pipeline.score,imbalance.classes",
        out=tmp_path / "out",
        say=None,
        **asked,
    )


def of_model(result):
    """Return the rows of the audited model."""
    with Record(result.path, readonly=True) as record:
        own = record.roles()[AUDITED]
    rows = result.table()
    return rows[rows.model == own]


def test_instances_hold_a_model_of_boundaries_to_its_foreground(tmp_path):
    """Inside and boundary together are scored on numbered cells, no class is missed, and said."""
    result = audited([discs(seed) for seed in range(3)], tmp_path)
    rows = of_model(result)
    assert rows[rows.metric == "iou"].value.tolist() == [1.0] * 3
    assert set(rows[rows.metric == "class_iou"]["at.class"]) == {0, 1}
    (said,) = said_of(result.provenance())
    assert said.startswith("instances, 0 is background")
    assert result.provenance()["found"]["folded"] == [1, 2]


def test_a_lone_foreground_number_is_asked_about(tmp_path):
    """1 may be all foreground or one of two classes: refused until it is said."""
    masks = [(discs(seed) > 0).astype(np.uint8) for seed in range(3)]
    with pytest.raises(DataError, match="--labels binary"):
        audited(masks, tmp_path)
    rows = of_model(audited(masks, tmp_path, labels="binary"))
    assert rows[rows.metric == "iou"].value.tolist() == [1.0] * 3
