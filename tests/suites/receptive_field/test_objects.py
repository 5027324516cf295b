"""Controls of receptive_field.objects: a model that sees edges only hollows large objects out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from scipy import ndimage
from torch import nn

from audit.engine.runner import run
from audit.policy.judge import judge
from audit.policy.reading import load_policy
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.receptive_field.objects import Objects, sees_no_edge
from suites.receptive_field.reach import Reach
from tests.suites.receptive_field.chain import after_reach
from tests.toys import BRIGHT, DARK, audit_of, held, segmenter, zscore_threshold

RADII = (2, 6, 9, 12)


class Edges(nn.Module):
    """Foreground is what is bright and has something dark within a distance: one logit."""

    def __init__(self, distance_px: int) -> None:
        super().__init__()
        self.side = 2 * distance_px + 1

    def forward(self, images):
        """Return one logit a pixel."""
        darkest = -nn.functional.max_pool2d(-images, self.side, 1, self.side // 2)
        return (images.clamp(-1, 1) - darkest.clamp(-1, 1)) - 0.7


def sizes(frame: int):
    """Return a frame of one movie with discs of several sizes, numbered as tracks."""
    stream = np.random.default_rng(frame)
    y, x = np.mgrid[:64, :128]
    objects = np.zeros((64, 128), np.int32)
    for number in range(8):
        cy, cx = 16 + 32 * (number // 4), 16 + 32 * (number % 4)
        objects[np.hypot(y - cy, x - cx) < RADII[(number + number // 4) % 4] + 0.3] = number + 1
    image = np.where(objects > 0, BRIGHT, DARK) + 3 * stream.standard_normal(objects.shape)
    sample = held(f"movie/{frame:02d}", image[None], objects > 0)
    return replace(sample, group="movie", frame=frame, instances=objects.copy)


def edges():
    """Return a model that sees 3 px far."""
    return segmenter(Edges(3), output="sigmoid-logits", normalisation="zscore")


def verdicts(model):
    """Return the verdict of each default rule on objects."""
    with TemporaryDirectory() as folder, Record(Path(folder) / "r.sqlite") as record:
        record.assign("audited", model.traits.digest, "model")
        samples = tuple(sizes(frame) for frame in range(8))
        run(audit_of(model, samples), [Reach(), Objects()], record, pictures=False)
        outcomes = judge(load_policy(), record).outcomes
    return {one.rule.name: one.verdict for one in outcomes if one.rule.probe == Objects.name}


def test_a_model_of_edges_fails_on_large_objects():
    """Positive control: recall falls with size, and what sees no edge is missed."""
    found = verdicts(edges())
    assert found["outgrown"] is Verdict.WARN
    assert found["objects"] is Verdict.FAIL
    assert found["blind"] is Verdict.FAIL


def test_a_threshold_finds_objects_of_every_size():
    """Negative control: a field of one pixel suffices where brightness tells."""
    found = verdicts(zscore_threshold())
    assert found["objects"] is Verdict.PASS
    assert found["blind"] is Verdict.PASS


def test_objects_are_measured_as_they_are():
    """Diameter, recall and holes of a disc are those of its distance map and its found ring."""
    rows = after_reach(Objects(), edges(), [sizes(0)])
    truth = sizes(0).instances()
    assert {row.at["track"] for row in rows if row.at} == set(range(1, 9))
    for row in (one for one in rows if one.at):
        inside = np.pad(truth == row.at["track"], 1)
        depth = ndimage.distance_transform_edt(inside)
        core = ndimage.distance_transform_cdt(inside, "chessboard") > 3
        expected = {
            "diameter_reach": 2 * depth.max() / 3,
            "recall": 1 - core.sum() / inside.sum(),
            "hole_fraction": core.sum() / inside.sum(),
        }
        assert row.value == pytest.approx(expected[row.metric], rel=0.05)


def test_objects_wider_than_the_field_are_counted():
    """Of discs of four radii in equal numbers, three are wider than 2 x 3 + 1 px across."""
    rows = after_reach(Objects(), edges(), [sizes(0)])
    (share,) = [row for row in rows if row.metric == "outgrown_fraction"]
    assert (share.value, share.weight) == (0.75, 8)


def test_what_sees_no_edge_is_deeper_than_the_reach():
    """Seeing no edge is a chessboard distance to it of more than the reach."""
    truth = sizes(0).instances()
    deep = ndimage.distance_transform_cdt(np.pad(truth, 1) > 0, "chessboard")[1:-1, 1:-1] > 5
    assert np.array_equal(sees_no_edge(truth.astype(np.int64), 5.5), deep)
    touching = np.repeat([[1, 2]], 10, axis=1) * np.ones((20, 1), np.int64)
    assert not sees_no_edge(touching, 4)[:, 7:13].any()


def test_an_image_without_objects_has_a_reason():
    """Nothing to find is neither found nor missed."""
    empty = held("empty", np.full((1, 64, 64), DARK) + np.eye(64), np.zeros((64, 64)))
    rows = after_reach(Objects(), zscore_threshold(), [empty])
    assert {row.undefined for row in rows} == {"the image has no object"}
