"""A network that has seen its examination."""

from __future__ import annotations

from dataclasses import replace

from baselines.flaws.change import settings
from baselines.flaws.flaw import Flaw, Material


def with_strangers(material: Material) -> Material:
    """Return the material with every other test image set apart: nobody learns from those."""
    others = tuple(replace(sample, part="other") for sample in material.test[1::2])
    return replace(material, test=material.test[::2], other=others)


def on_the_test(material: Material) -> Material:
    """Return the material with the test images for training images."""
    return replace(material, train=tuple(replace(one, part="train") for one in material.test))


TRAINED_ON_TEST = Flaw(
    name="trained-on-test",
    planted="It was trained on the very images that it is tested on, never varied, so that it "
    "knows them better than any others.",
    caught_by=("membership",),
    cheats=True,
    stage=with_strangers,
    data=on_the_test,
    recipe=settings(turns=False, contrast=0.0, noise=0.0),
)
