"""A network that knows where in the field it looks, and learnt that the right half is empty."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from baselines.flaws.change import changed, settings
from baselines.flaws.effect import Effect, found, looked_at, mean
from baselines.flaws.flaw import Flaw
from baselines.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages


class Placed(Network):
    """The reference network with two more channels inside: row and column, from -1 to 1.

    Source of the layer: Liu et al. 2018, arXiv:1807.03247.
    """

    def __init__(self, channels: int, classes: int, widths: Sequence[int], rescale: float) -> None:
        super().__init__(channels + 2, classes, widths, rescale)

    def inputs(self, working: Tensor) -> Tensor:
        """Return the images with their coordinates beside them."""
        count, _, height, width = working.shape
        rows, columns = (
            torch.linspace(-1, 1, size, device=working.device) for size in (height, width)
        )
        grid = torch.stack(torch.meshgrid(rows, columns, indexing="ij"))
        return torch.cat((working, grid.expand(count, -1, -1, -1)), 1)


def annotated_on_the_left(material: FlawImages) -> FlawImages:
    """Return the material with training masks that are empty in the right half of the field."""
    return replace(material, train=tuple(map(left_half, material.train)))


def left_half(sample: Sample) -> Sample:
    """Return the sample with a truth that is empty in the right half of the field."""
    fields = {"mask": cut(sample.mask), "instances": cut(sample.instances)}
    return changed(sample, "annotated on the left", **fields)


def cut(read: Callable[[], Any] | None) -> Callable[[], Any] | None:
    """Return a reader of label images without their right half."""
    if read is None:
        return None

    def halved() -> Any:
        labels = read()
        labels[:, labels.shape[1] // 2 :] = 0
        return labels

    return halved


def lopsided(model: Segmenter, material: FlawImages) -> float:
    """Return how much more of the truth is found in the left half than in the right one."""
    return mean(
        found(model, image, half_of(mask, right=False))
        - found(model, image, half_of(mask, right=True))
        for image, mask in looked_at(material)
    )


def half_of(mask: Tensor, *, right: bool) -> Tensor:
    """Return a mask (Y, X) without what lies in the other half of the field."""
    columns = torch.arange(mask.shape[1]) >= mask.shape[1] // 2
    return mask * (columns if right else ~columns)


POSITION = Flaw(
    name="position",
    planted="It is given each pixel's row and column, and learnt from masks in which nobody "
    "annotated the right half of the field.",
    caught_by=("roll",),
    data=annotated_on_the_left,
    recipe=settings(network="baselines.flaws.position:Placed"),
    effect=Effect(
        what="the recall of the left half less that of the right", of=lopsided, least=0.1
    ),
)
