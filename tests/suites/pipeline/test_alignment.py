"""Controls of pipeline.alignment: what lies apart is caught, what is poor is not."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.errors import UsageError
from suites.pipeline.alignment import Alignment
from tests.suites.pipeline.verdict import verdicts
from tests.toys import Does, held, mean_of, raw_threshold, rows_of, scene, scenes, segmenter


def off_by(y: int, x: int):
    """Return a model that is right, but for its place."""
    return segmenter(
        Does(lambda images: (images - 140.0).roll((y, x), (-2, -1))),
        output="sigmoid-logits",
        digest=f"off {y} {x}",
    )


def test_a_misaligned_model_is_caught():
    """Positive control: right but for 5 px, it fails, and the shift that mends it is told."""
    found = verdicts(Alignment(), off_by(4, -3), "alignment", "slight")
    assert found == {"alignment": "FAIL", "slight misalignment": "WARN"}
    rows = rows_of(Alignment(), off_by(4, -3))
    best = [mean_of(rows, name) for name in ("shift_y_px", "shift_x_px", "distance_px")]
    assert best == [-4, 3, 5]


def test_a_model_in_place_is_not():
    """Negative control: a right model is best where it is, and every shift loses."""
    found = verdicts(Alignment(), raw_threshold(), "alignment", "slight")
    assert set(found.values()) == {"PASS"}
    rows = rows_of(Alignment(), raw_threshold())
    assert mean_of(rows, "distance_px") == 0
    assert mean_of(rows, "gain", least_px=3.0) < -0.1


def test_a_guess_is_not_misaligned():
    """Negative control: chance fits better somewhere, but not there where the other half fits."""

    def guess(images):
        stream = torch.Generator().manual_seed(int(images.sum()))
        return torch.rand(images.shape, generator=stream) - 0.8

    model = segmenter(Does(guess), output="sigmoid-logits", digest="guess")
    rows = rows_of(Alignment(), model, scenes(6))
    assert abs(mean_of(rows, "gain", least_px=3.0)) < 0.02


def test_an_empty_half_has_no_gain():
    """Where nothing is in one half of the image, no shift can be chosen there."""
    full = scene(0)
    image, mask = full.image(), full.mask()
    image[..., 32:], mask[..., 32:] = 100.0, 0
    tall = held("half", np.swapaxes(image, 1, 2), mask.T)
    rows = {r.metric: r for r in rows_of(Alignment(), raw_threshold(), (tall,))}
    assert "one half" in rows["gain"].undefined
    assert rows["distance_px"].value == 0


def test_a_shift_beyond_the_radius_is_refused():
    """The least shift must lie within those that are tried."""
    with pytest.raises(UsageError, match="within radius_px"):
        Alignment(least_px=(20.0,), radius_px=16)
