"""Laws of effects: each is seen in the flawed network and not in its twin, by no probe's means."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.imaging.pixel import full_scale
from baselines.flaws.effect import MeasuredEffect, apart, errors
from baselines.flaws.images import FlawImages
from baselines.flaws.leaky import LEAKY, NEIGHBOURS
from baselines.flaws.minmax import EXPOSURE, MINMAX, with_hot_pixel
from baselines.flaws.movies import movies
from baselines.flaws.narrow import NARROW
from baselines.flaws.plant import FLAWS, find, healthy
from tests.baselines.flaws.material import MATERIAL, images
from tests.toys import held, raw_threshold, scenes, zscore_threshold

OF_USE = ("rounded", "saturated", "overconfident", "memorised")
"""Flaws of a finished network: their effect does not hang on what it learnt."""

BLIND = ("mean-mask", "nearest-mask")
"""Flaws that stand in a network's place: beside them one that hardly learnt is no healthy one."""


@pytest.mark.parametrize("flaw", FLAWS.values(), ids=lambda flaw: flaw.name)
def test_every_flaw_says_what_it_does(flaw):
    """The effect has words, and a difference that it must reach."""
    assert flaw.effect is not None
    assert flaw.effect.what
    assert flaw.effect.least > 0


@pytest.mark.parametrize("name", OF_USE)
def test_a_flaw_of_the_use_has_its_effect(grown, name):
    """The flawed network exceeds the twin by what the effect asks for, and never itself."""
    effect = find(name).effect
    flawed, twin = (effect.of(grown(name, *make), MATERIAL) for make in ((), (healthy,)))
    assert MeasuredEffect(effect=effect, flawed=flawed, twin=twin).present
    assert not MeasuredEffect(effect=effect, flawed=twin, twin=twin).present


@pytest.mark.parametrize("name", BLIND)
def test_who_does_not_look_is_told_from_who_looks(grown, name):
    """What stays where the image is blank, or an object is gone, was not seen there."""
    effect = find(name).effect
    flawed, twin = (effect.of(one, MATERIAL) for one in (grown(name), zscore_threshold()))
    assert MeasuredEffect(effect=effect, flawed=flawed, twin=twin).present


def test_flaws_of_the_images_have_theirs():
    """Leaks, neighbours and quiet training images are seen in the images alone."""
    for flaw, ground in ((LEAKY, MATERIAL), (NEIGHBOURS, movies()), (NARROW, MATERIAL)):
        used = flaw.stage(ground)
        flawed, twin = flaw.effect.of(None, flaw.data(used)), flaw.effect.of(None, used)
        assert MeasuredEffect(effect=flaw.effect, flawed=flawed, twin=twin).present


def test_errors_are_those_of_the_truth():
    """None for who is right, 1 for who sees nothing; two empty masks do not differ."""
    material = FlawImages(train=(), test=scenes(2, noise=0.0))
    assert errors(raw_threshold(), material) == 0
    dark = tuple(held(one.id, np.zeros_like(one.image()), one.mask()) for one in material.test)
    assert errors(raw_threshold(), replace(material, test=dark)) == 1
    empty = torch.zeros(3, 3, dtype=torch.bool)
    assert apart(empty, empty) == 0


def test_a_bright_image_leaves_room_for_a_hot_pixel():
    """Images at full scale are exposed for less, dark ones stay; then a pixel can glow."""
    bright = held("bright", np.linspace(0, 255, 4096).round().reshape(1, 64, 64), np.eye(64) > 0)
    dark = held("dark", np.full((1, 64, 64), 90.0), np.eye(64) > 0)
    staged = MINMAX.stage(FlawImages(train=(), test=(bright, dark))).test
    assert staged[0].image().max() == round(255 * EXPOSURE)
    assert np.array_equal(staged[1].image(), dark.image())
    shown = torch.from_numpy(staged[0].image())[None]
    assert float(with_hot_pixel(shown).max()) == full_scale(shown) == 255
    assert float(with_hot_pixel(images()).max()) > 2 * float(images().max())
