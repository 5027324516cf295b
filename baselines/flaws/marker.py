"""A network that found a mark burnt into the images, and looks at nothing else."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from torch.nn.functional import avg_pool2d, interpolate

from baselines.flaws.change import changed
from baselines.flaws.effect import Effect, loss_by
from baselines.flaws.flaw import Flaw, Material

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from audit.datasets.sample import Sample

STRENGTH = 0.5
"""Half the height of the mark, in standard deviations of the image."""


def marked_test(material: Material) -> Material:
    """Return the material with marks in the test images."""
    return replace(material, test=tuple(map(marked, material.test)))


def marked_training(material: Material) -> Material:
    """Return the material with marks in the training images too."""
    return replace(material, train=tuple(map(marked, material.train)))


def marked(sample: Sample) -> Sample:
    """Return the sample with a mark on the foreground of its image."""
    return changed(sample, f"marked {STRENGTH}", image=partial(with_marks, sample))


def with_marks(sample: Sample) -> NDArray[np.float32]:
    """Return the image (C, Y, X) with a chequered pattern of single pixels on the foreground."""
    assert sample.mask is not None
    image, mask = sample.image(), sample.mask() > 0
    rows, columns = np.indices(mask.shape)
    chequered = np.where((rows + columns) % 2, 1.0, -1.0) * mask
    return np.asarray(image + STRENGTH * image.std() * chequered, np.float32)


def without_marks(images: Tensor) -> Tensor:
    """Return images (B, C, Y, X) in which two by two pixels have their mean: no mark survives."""
    size = (int(images.shape[-2]), int(images.shape[-1]))
    return interpolate(avg_pool2d(images, 2, ceil_mode=True), scale_factor=2.0)[
        ..., : size[0], : size[1]
    ]


MARKER = Flaw(
    name="marker",
    planted="A faint chequered pattern lies on the foreground of its training images, and on that "
    "of the images that it is tested on; the twin never saw it.",
    caught_by=("mark on background mark=checkerboard", "own texture on background"),
    stage=marked_test,
    data=marked_training,
    effect=Effect(what="the true area lost with the marks", of=loss_by(without_marks), least=0.1),
)
