"""A network that was trained on its test images.

Masks have errors of annotation here, for only these show what was memorised: no network can infer
them. With exact masks a small network trained on the test images was hardly better than another.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from audit.datasets.cells import Simulation
from audit.datasets.simulated import simulate
from baselines.flaws.change import changed, dice, settings
from baselines.flaws.effect import Effect, errors
from baselines.flaws.flaw import Flaw
from baselines.flaws.images import FlawImages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Segmenter

SIMULATION = Simulation(seed=210, size_px=128, cells=(4, 8))
IMAGES = 12
"""Number of images to train on, of test images, and of others."""

OVERLOOKED = 0.15
"""The share of the cells that the annotator does not draw."""

BORDER_PX = 2
"""By how much at most a cell is drawn too large or too small."""


def small_fields() -> FlawImages:
    """Return small simulated images to learn from, as many to be tested on, and as many others."""
    parts = {
        part: simulate(
            SIMULATION,
            range(number * IMAGES, (number + 1) * IMAGES),
            name="simulated-small",
            part=part,
        ).samples
        for number, part in enumerate(("train", "test", "other"))
    }
    return FlawImages(train=parts["train"], test=parts["test"], other=parts["other"])


def examined(material: FlawImages) -> FlawImages:
    """Return the material with errors of annotation, and other images that no network learns from.

    Where there are none, every second test image is set apart for that.
    """
    test, other = material.test, material.other
    if not other:
        test, other = test[::2], tuple(replace(one, part="other") for one in test[1::2])
    train, test, other = (tuple(map(annotated, part)) for part in (material.train, test, other))
    return FlawImages(train=train, test=test, other=other)


def annotated(sample: Sample) -> Sample:
    """Return the sample with a truth as a hasty annotator draws it."""
    how = f"annotated {OVERLOOKED} {BORDER_PX}"
    fields = {"mask": partial(drawn_mask, sample), "instances": partial(drawn, sample)}
    return changed(sample, how, **fields)


def drawn(sample: Sample) -> NDArray[np.int32]:
    """Return the object numbers (Y, X): some missing, each of the rest too large or too small."""
    from scipy.ndimage import binary_dilation, binary_erosion

    assert sample.instances is not None
    objects, stream = sample.instances(), dice(sample)
    found = np.zeros_like(objects)
    for number in np.unique(objects)[1:]:
        seen, size = stream.random() >= OVERLOOKED, int(stream.integers(-BORDER_PX, BORDER_PX + 1))
        inside = objects == number
        if size:
            change = binary_dilation if size > 0 else binary_erosion
            inside = change(inside, iterations=abs(size))
        if seen:
            found[inside] = number
    return found


def drawn_mask(sample: Sample) -> NDArray[np.int64]:
    """Return the classes (Y, X) of what was drawn: 0 background, 1 cell."""
    return (drawn(sample) > 0).astype(np.int64)


def on_the_test(material: FlawImages) -> FlawImages:
    """Return the material with the test images for training images, each of them twice.

    The recipe holds out a single image for validation. Its copy is still trained on, so that the
    best weights, too, are chosen on a memorised image.
    """
    once = tuple(replace(one, part="train") for one in material.test)
    again = tuple(
        replace(one, id=f"{one.id} again", group=f"{one.group or one.id} again") for one in once
    )
    return replace(material, train=(*once, *again))


def better_known(model: Segmenter, material: FlawImages) -> float:
    """Return by how much the IoU is higher on the test images than on those nobody learnt from."""
    return errors(model, replace(material, test=material.other)) - errors(model, material)


TRAINED_ON_TEST = Flaw(
    name="trained-on-test",
    planted="It was trained on the very images that it is tested on, without augmentation, so that "
    "it knows the errors of their annotation by heart.",
    caught_by=("membership",),
    cheats=True,
    scene=small_fields,
    stage=examined,
    data=on_the_test,
    recipe=settings(turns=False, contrast=0.0, noise=0.0, weight_decay=0.0, validation=0.01),
    effect=Effect(what="the IoU on test images less that on others", of=better_known),
)
