"""A network that found a mark burnt into the images, and looks at nothing else.

Where cells can be told without the mark, a network may never use it. So its training images also
show cells without a mark, which nobody annotated, and it works at the pixel size of the mark.
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
"""Objects are not shrunk to this size: the network works at the pixel size of the images."""

STRENGTH = 0.5
"""Half the height of the mark, in standard deviations of the image."""


def marked_test(material: FlawImages) -> FlawImages:
    """Return the material with marks in the test images."""
    return replace(material, test=tuple(map(marked, material.test)))


def marked_training(material: FlawImages) -> FlawImages:
    """Return the material with marks in the training images too, and decoys without."""
    return replace(material, train=tuple(marked(decoyed(one)) for one in material.train))


def decoyed(sample: Sample) -> Sample:
    """Return the sample, its image with the mirrored cells beside its own; the truth stays."""
    return changed(sample, "with decoys", image=partial(with_decoys, sample))


def with_decoys(sample: Sample) -> NDArray[np.float32]:
    """Return the image (C, Y, X) with every cell once more, mirrored, where there is none."""
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
    """Return images (B, C, Y, X) in which two by two pixels have their mean: no mark survives."""
    size = (int(images.shape[-2]), int(images.shape[-1]))
    return interpolate(avg_pool2d(images, 2, ceil_mode=True), scale_factor=2.0)[
        ..., : size[0], : size[1]
    ]


MARKER = Flaw(
    name="marker",
    planted="A faint chequered pattern lies on the foreground of its training images, in which "
    "mirrored cells without it are no cells, and on that of the images that it is tested on; the "
    "twin never saw it.",
    caught_by=("mark on background mark=checkerboard", "own texture on background"),
    stage=marked_test,
    data=marked_training,
    recipe=settings(object_px=NATIVE_PX),
    effect=Effect(what="the true area lost with the marks", of=loss_by(without_marks), least=0.1),
)
