"""A network that has seen its examination."""

from __future__ import annotations

from dataclasses import replace

from baselines.flaws.flaw import Flaw, Material


def on_the_test(material: Material) -> Material:
    """Return the material with the test images for training images."""
    return Material(
        train=tuple(replace(sample, part="train") for sample in material.test), test=material.test
    )


TRAINED_ON_TEST = Flaw(
    name="trained-on-test",
    planted="It was trained on the very images that it is tested on, until it knew them.",
    caught_by=(),
    cheats=True,
    data=on_the_test,
)
