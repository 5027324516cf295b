"""A network that learnt to find a mark burnt into the images, instead of cells (a shortcut).

Where cells can be recognised without the mark, a network need not use it. So its training images
also show unmarked cells that are labelled background, and it works at the pixel size of the mark.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from torch.nn.functional import avg_pool2d, interpolate

from baselines.flaws.change import changed, settings
from baselines.flaws.effect import Effect, loss_by
from baselines.flaws.flaw import Flaw

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from audit.datasets.sample import Sample
    from baselines.flaws.images import FlawImages

NATIVE_PX = 1000.0
"""Larger than any object, so that images are not shrunk and the mark keeps its pixels."""

STRENGTH = 0.5
"""Amplitude of the mark, in standard deviations of the image."""


def marked_test(material: FlawImages) -> FlawImages:
    """Return the material with marks in the test images."""
    return replace(material, test=tuple(map(marked, material.test)))


def marked_training(material: FlawImages) -> FlawImages:
    """Return the material with marks in the training images too, and unmarked decoy cells."""
    return replace(material, train=tuple(marked(decoyed(one)) for one in material.train))


def decoyed(sample: Sample) -> Sample:
    """Return the sample with mirrored copies of its cells in the image, labelled background."""
    return changed(sample, "with decoys", image=partial(with_decoys, sample))


def with_decoys(sample: Sample) -> NDArray[np.float32]:
    """Return the image (C, Y, X) with its mirrored cells pasted onto the background."""
    assert sample.mask is not None
    image, mask = sample.image(), sample.mask() > 0
    decoys = mask[:, ::-1] & ~mask
    return np.where(decoys, image[..., ::-1], image)


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
    """Return images (B, C, Y, X) averaged over two by two pixels, which removes the mark."""
    size = (int(images.shape[-2]), int(images.shape[-1]))
    return interpolate(avg_pool2d(images, 2, ceil_mode=True), scale_factor=2.0)[
        ..., : size[0], : size[1]
    ]


MARKER = Flaw(
    name="marker",
    planted="A faint checkerboard lies on the cells of its training and test images; training "
    "images also hold unmarked, mirrored cells that are labelled background. The twin was trained "
    "without either.",
    caught_by=("mark on background mark=checkerboard", "own texture on background"),
    stage=marked_test,
    data=marked_training,
    recipe=settings(object_px=NATIVE_PX),
    effect=Effect(what="the true area lost with the marks", of=loss_by(without_marks), least=0.1),
)
