"""Controls of imbalance.sizes: small objects lost, and small objects found."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from torch import nn

from audit.engine.runner import run
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.imbalance.objects import Objects
from suites.imbalance.sizes import Sizes, deciles
from tests.toys import Does, audit_of, held, judged_of, raw_threshold, segmenter

PROBES = [Objects(), Sizes()]


def sized(number: int):
    """Return squares of edges 3 to 12 px, each on its own patch of a dark ground."""
    mask = np.zeros((48, 80), int)
    for place in range(10):
        row, column = 16 * (place // 5) + 1, 16 * (place % 5) + 1
        mask[row : row + 3 + place, column : column + 3 + place] = 1
    image = np.where(mask > 0, 180.0, 100.0) + np.random.default_rng(number).normal(size=mask.shape)
    return held(f"sized/{number}", image[None], mask)


SAMPLES = tuple(sized(number) for number in range(10))


def opening():
    """Return a model that opens its answer with 6 x 6 px: small objects vanish."""

    def logits(images):
        bright = (images > 140).numpy()
        kept = ndimage.binary_opening(bright, np.ones((1, 1, 6, 6)))
        return torch.from_numpy(kept).float() * 20 - 10

    module: nn.Module = Does(logits)
    return segmenter(module, output="sigmoid-logits", digest="opening")


def test_small_objects_that_vanish_fail():
    """Positive control: what is under 6 px is lost, and the smallest tenth is nothing."""
    outcome = judged_of(audit_of(opening(), SAMPLES), PROBES)["small objects"]
    assert outcome.verdict is Verdict.FAIL
    assert outcome.estimate == 0


def test_small_objects_that_are_found_pass():
    """Negative control: a plain threshold finds objects of every size."""
    outcome = judged_of(audit_of(raw_threshold(), SAMPLES), PROBES)["small objects"]
    assert outcome.verdict is Verdict.PASS


def test_tenths_are_of_all_images_together(tmp_path):
    """One object of each size an image: each tenth holds one size, lost below six pixels."""
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(opening(), SAMPLES[:3]), PROBES, record, pictures=False)
        rows = list(record.measurements("imbalance.sizes", "opening"))
    recall = {(row.sample, row.at["decile"]): row for row in rows if row.metric == "object_recall"}
    assert len(recall) == 30
    assert [recall["sized/0", n].value for n in range(1, 11)] == [0.0] * 3 + [1.0] * 7
    assert all(row.weight == 1 for row in recall.values())
    ends = {row.at["decile"]: row.value for row in rows if row.metric == "decile_diameter_px"}
    assert all(np.isclose(ends[n + 1], 2 * (n + 3) / np.pi**0.5) for n in range(10))


def test_deciles_agree_with_numpy():
    """The largest of each tenth is numpy's quantile of the inverted distribution."""
    values = np.random.default_rng(2).normal(size=137).tolist()
    expected = np.quantile(values, np.arange(1, 11) / 10, method="inverted_cdf")
    assert np.allclose(deciles(values), expected)


def test_images_without_objects_are_told_so(tmp_path):
    """An empty field has no recall at any size, and says why."""
    empty = held("empty", np.full((1, 48, 80), 100.0), np.zeros((48, 80)))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold(), (empty,)), PROBES, record, pictures=False)
        rows = list(record.measurements("imbalance.sizes", "raw"))
    assert len(rows) == 20
    assert all(row.undefined for row in rows)
