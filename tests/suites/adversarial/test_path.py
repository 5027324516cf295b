"""Laws of the annealed path: inside the ball, kept as judged, cheap, as strong as one by one."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from suites.adversarial.attack import ascend
from suites.adversarial.loss import CAMPS, LOSSES, balanced, jensen_shannon, masked, segpgd
from suites.adversarial.path import Path, descend, noise, shares, shrinking
from suites.adversarial.trail import Trail
from tests.suites.adversarial.plants import brittle, detached, model, narrow
from tests.suites.adversarial.test_attack import drawn, stream, trail_of


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_breaks_what_can_be_broken(name):
    """Each loss leaves less and less as the radius grows, within ball and range, as judged."""
    target = drawn()
    trail = trail_of(target, [2.0, 20.0, 60.0])
    descend(model().logits, trail, stream(), camps=((LOSSES[name],),), steps=5)
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
    descend(logits, trail, stream(), camps=((masked,),), steps=4)
    assert sum(calls) == 12
    assert len(calls) - sum(calls) == 6


STEPS = 4
"""Gradients of a path for each radius and loss."""

SEPARATE = 20
"""Gradients of an attack that seeks one radius with one loss alone."""


def counted(audited):
    """Return the logits of a model, and the list that every pass is put on."""
    passes = []
    return (lambda images: passes.append(1) or audited.logits(images)), passes


def separate(audited, target, radii):
    """Return what attacks of one radius and one loss each leave at most, and their passes."""
    logits, passes = counted(audited)
    left = []
    for number, radius in enumerate(radii):
        trail = Trail(target, [radius])
        trail.keep(target.image, audited.predict(target.image).labels)
        for loss in LOSSES.values():
            start = target.image + radius * noise(
                target.image, torch.Generator().manual_seed(number)
            )
            ascend(logits, trail, start, losses=(loss,), radius=radius, lengths=shrinking(SEPARATE))
        left.append(trail.points[0].left)
    return np.array(left), len(passes)


def walked(audited, target, radii):
    """Return what the path of the probe leaves at each radius, and its passes."""
    logits, passes = counted(audited)
    trail = Trail(target, radii)
    trail.keep(target.image, audited.predict(target.image).labels)
    camps = [[LOSSES[name] for name in camp] for camp in CAMPS]
    descend(logits, trail, stream(), camps=camps, steps=STEPS * len(LOSSES))
    return np.array([point.left for point in trail.points]), len(passes)


def test_one_path_leaves_no_more_than_separate_attacks():
    """Across the cliff of a model at its threshold, at each radius and at a quarter of the passes.

    A law of what is easy to find: on trained networks' cliffs neither has found the worst.
    """
    target = drawn()
    radii = [target.noise * ratio for ratio in (0.25, 0.5, 1.0, 1.25, 1.5, 1.75, 2.0, 4.0)]
    path, few = walked(narrow(), target, radii)
    alone, many = separate(narrow(), target, radii)
    assert few <= len(radii) * len(LOSSES) * (SEPARATE + 1) / 4
    assert few < many / 2
    assert alone[0] > 0.7
    assert alone[-1] < 0.02
    assert (path <= alone + 0.01).all()


def test_a_warm_start_is_not_stuck_where_it_began():
    """On a brittle model's cliff the pattern of a wider radius does not keep the best one away."""
    target = drawn()
    radii = [target.noise * ratio for ratio in (0.25, 0.5, 0.75, 1.0, 2.0)]
    path, _ = walked(brittle(), target, radii)
    alone, _ = separate(brittle(), target, radii)
    assert alone[0] - alone[-1] > 0.4
    assert (path <= alone + 0.05).all()


def test_every_loss_shares_one_path():
    """Each loss is in one camp, so that none is left out and none counts for two."""
    assert sorted(name for camp in CAMPS for name in set(camp)) == sorted(LOSSES)


def test_the_path_that_leads_takes_more_steps():
    """Every loss is given the same until one path leaves less; then its losses are given more."""
    alone, together = (
        Path(losses, torch.zeros(1)) for losses in ((balanced,), (masked, jensen_shannon, segpgd))
    )
    assert shares([alone, together]) == [0.25, 0.75]
    alone.left = 0.5
    assert shares([alone, together]) == [0.5, 0.5]


def test_a_model_without_a_graph_is_attacked_in_vain():
    """Where the model let go of its input nothing is found, and nothing breaks."""
    trail = trail_of(drawn(), [4.0])
    descend(detached().logits, trail, stream(), camps=((masked,),), steps=2)
    assert trail.points[0].left > 0.9
