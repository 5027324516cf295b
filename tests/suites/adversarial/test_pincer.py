"""Laws of the attack from both ends: cheap, and as strong as separate attacks."""

from __future__ import annotations

import numpy as np
import torch

from suites.adversarial.attack import ascend
from suites.adversarial.loss import CLIMBING, FALLING, LOSSES, balanced, masked
from suites.adversarial.path import noise, shrinking
from suites.adversarial.pincer import attack, climb, fall
from suites.adversarial.trail import Trail
from tests.suites.adversarial.plants import brittle, model, narrow
from tests.suites.adversarial.test_attack import drawn, stream, trail_of

STEPS = 4
"""Gradients of an attack for each radius and loss."""

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


def pinched(audited, target, radii):
    """Return what the attack of the probe leaves at each radius, and its passes."""
    logits, passes = counted(audited)
    trail = Trail(target, radii)
    trail.keep(target.image, audited.predict(target.image).labels)
    ways = {"climbing": [LOSSES[n] for n in CLIMBING], "falling": [LOSSES[n] for n in FALLING]}
    attack(logits, trail, stream(), **ways, steps=STEPS * len(LOSSES))
    return np.array([point.left for point in trail.points]), len(passes)


def test_two_walks_leave_no_more_than_separate_attacks():
    """Across the cliff of a model at its threshold, at each radius and at a quarter of the passes.

    A law of what is easy to find: on trained networks' cliffs neither has found the worst.
    """
    target = drawn()
    radii = [target.noise * ratio for ratio in (0.25, 0.5, 1.0, 1.25, 1.5, 1.75, 2.0, 4.0)]
    path, few = pinched(narrow(), target, radii)
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
    path, _ = pinched(brittle(), target, radii)
    alone, _ = separate(brittle(), target, radii)
    assert alone[0] - alone[-1] > 0.4
    assert (path <= alone + 0.01).all()


def test_every_loss_goes_one_way():
    """Each loss is in one walk, so that none is left out and none counts for two."""
    assert sorted([*set(CLIMBING), *set(FALLING)]) == sorted(LOSSES)


def test_the_way_up_ends_where_the_window_breaks():
    """What is broken in a narrow ball is broken in every wider one: no pass is spent there."""
    trail = trail_of(drawn(), [2.0, 60.0, 80.0])
    found = climb(model().logits, trail, stream(), losses=(masked,), budget=30)
    assert list(found.left) == [2.0, 60.0]
    assert found.left[60.0] <= 0.02 < found.left[2.0]


def test_the_way_down_ends_where_the_other_is_better():
    """Where it leaves a tenth more than the way up did, it has nothing more to find."""
    trail = trail_of(drawn(), [1.0, 2.0, 60.0])
    found = fall(
        model().logits, trail, stream(), losses=(balanced,), budget=30, beside={2.0: 0.5, 60.0: 0.1}
    )
    assert list(found.left)[-1] == 2.0


def test_an_image_without_noise_is_not_attacked():
    """Where every radius is 0 nothing is tried."""
    trail = trail_of(drawn(), [0.0])
    attack(model().logits, trail, stream(), climbing=(masked,), falling=(balanced,), steps=4)
    assert trail.points[0].left > 0.9
