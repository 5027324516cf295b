"""Laws of a walk through the radii: inside the ball, kept as judged, at the cost that was said."""

from __future__ import annotations

import pytest

from suites.adversarial.loss import LOSSES, masked
from suites.adversarial.path import descend
from tests.suites.adversarial.plants import detached, model
from tests.suites.adversarial.test_attack import drawn, stream, trail_of


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_breaks_what_can_be_broken(name):
    """Each loss leaves less and less as the radius grows, within ball and range, as judged."""
    target = drawn()
    trail = trail_of(target, [2.0, 20.0, 60.0])
    descend(model().logits, trail, stream(), losses=(LOSSES[name],), steps=5)
    left = [point.left for point in trail.points]
    assert left == sorted(left, reverse=True)
    assert left[0] > 0.9
    assert left[-1] < 0.1
    for radius, point in zip(trail.radii, trail.points, strict=True):
        assert float((point.image - target.image).abs().max()) <= radius * (1 + 1e-4)
        assert target.low <= float(point.image.min()) <= float(point.image.max()) <= target.high
        assert target.iou(model().predict(point.image).labels) == point.left


def test_a_path_costs_what_was_said():
    """It takes the stated number of gradients a radius, one pass more for each start, no more."""
    calls = []

    def logits(images):
        calls.append(images.requires_grad)
        return model().logits(images)

    trail = trail_of(drawn(), [0.1, 0.2, 0.3])
    descend(logits, trail, stream(), losses=(masked,), steps=4)
    assert sum(calls) == 12
    assert len(calls) - sum(calls) == 6


def test_a_model_without_a_graph_is_attacked_in_vain():
    """Where the model let go of its input nothing is found, and nothing breaks."""
    trail = trail_of(drawn(), [4.0])
    descend(detached().logits, trail, stream(), losses=(masked,), steps=2)
    assert trail.points[0].left > 0.9
