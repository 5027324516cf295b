"""A network whose normalisation depends on the darkest and the brightest pixel of each image.

Where images already reach the camera's full scale no pixel can be brighter, and the flaw would have
no effect: such images are darkened to a quarter.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch

from audit.imaging.pixel import full_scale
from baselines.flaws.change import changed, settings
from baselines.flaws.effect import Effect, answer_to
from baselines.flaws.flaw import Flaw

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from audit.datasets.sample import Sample
    from baselines.flaws.images import FlawImages

EXPOSURE = 0.25
"""The share of its intensity that is left of an image that was too bright."""

ROOM = 0.5
"""An image is darkened where its maximum is above this share of the full scale."""


def with_room(material: FlawImages) -> FlawImages:
    """Return the material with images that leave the camera room for brighter pixels."""
    train, test = (tuple(map(exposed, part)) for part in (material.train, material.test))
    return replace(material, train=train, test=test)


def exposed(sample: Sample) -> Sample:
    """Return the sample, its image taken with less light where it was bright."""
    return changed(sample, f"exposed {EXPOSURE}", image=partial(dimmed, sample))


def dimmed(sample: Sample) -> NDArray[np.float32]:
    """Return an image (C, Y, X) in whole counts, darker where it used more than half the scale."""
    image = sample.image()
    if image.max() <= ROOM * full_scale(torch.from_numpy(image)):
        return image
    whole = image.max() > 1
    darker = EXPOSURE * image
    return np.asarray(np.rint(darker) if whole else darker, np.float32)


def with_hot_pixel(images: Tensor) -> Tensor:
    """Return images (B, C, Y, X) whose first pixel is at the camera's full scale."""
    struck = images.clone()
    struck[..., 0, 0] = full_scale(images)
    return struck


MINMAX = Flaw(
    name="minmax",
    planted="Each image is stretched from its darkest to its brightest pixel; contrast and noise "
    "are never varied in training.",
    caught_by=("broken pixel",),
    withheld=("quiet field",),
    stage=with_room,
    recipe=settings(normalisation="minmax", contrast=0.0, noise=0.0),
    effect=Effect(
        what="the foreground that one hot pixel changes", of=answer_to(with_hot_pixel), least=0.05
    ),
)
