"""A background plate: a field of which some parts are covered by its own background."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy import ndimage
from torch.nn.functional import avg_pool2d, pad

from audit.imaging.blur import gaussian_blur

if TYPE_CHECKING:
    from torch import Generator, Tensor

SIDES_PX = (64, 32, 16)
"""Sides of background patches; the largest with enough ground is used, for few seams."""

LEAST_SHARE, LEAST_PATCHES = 0.125, 4
"""Patches must come from an eighth of the covered area, and from as much as four of them hold."""

FEATHER = 0.25
"""The share of a patch's side over which it mixes with the next."""

LEVEL_PX = 16.0
"""Background is level where this Gaussian sees no change: what is finer is texture."""

QUIET_PX = 16
"""The side of windows of ground; the half that varies least is quiet: no dust, no debris."""

FAR = 0.05
"""The weight of the fitted plane in the level of light; it decides only far from any ground."""


def plate(image: Tensor, hole: Tensor, ground: Tensor, generator: Generator) -> Tensor | None:
    """Return an image (C, Y, X) whose hole (Y, X) is covered by its own background.

    `ground` (Y, X) is background outside the hole. The level of light is carried on from there;
    onto it comes texture, in random patches of the ground. Where patches meet one another or the
    image, they mix so that their variance is kept, since a smooth seam would itself be a
    structure. None where there is too little ground. Source: Heitz and Neyret 2018,
    doi:10.1145/3233304.
    """
    side = fitting_side(hole, ground)
    if side is None:
        return None
    feather = int(FEATHER * side)
    light = level(image, ground)
    texture = patched(image - light, ground, side, generator)
    away = ndimage.distance_transform_edt(~hole.cpu().numpy())
    share = torch.from_numpy(np.clip(1 - away / (feather + 1), 0, 1).astype(np.float32)).to(image)
    mixed = share * texture + (1 - share) * (image - light)
    covered = light + mixed / (share**2 + (1 - share) ** 2).sqrt()
    return torch.where(share > 0, covered.clamp(image.min(), image.max()), image)


def fitting_side(hole: Tensor, ground: Tensor) -> int | None:
    """Return the side in px of the largest patches of which there are enough, if any is.

    >>> fitting_side(torch.zeros(40, 40), torch.ones(40, 40, dtype=torch.bool))
    16
    """
    for side in SIDES_PX:
        needed = max(LEAST_SHARE * float(hole.sum()), float(LEAST_PATCHES * side**2))
        if reached(ground, side) >= needed:
            return side
    return None


def reached(ground: Tensor, side_px: int) -> int:
    """Return how many pixels of ground (Y, X) lie in a square window that is all ground."""
    whole = pad(box_sums(~ground, side_px) == 0, [side_px - 1] * 4)
    return int((box_sums(whole, side_px) > 0).sum())


def quiet(image: Tensor, ground: Tensor) -> Tensor:
    """Return the part of an image's ground (Y, X) where it varies least: half of its windows.

    What is left lacks dust, debris and cells that the truth misses, up to half of the ground.
    """
    if not reached(ground, QUIET_PX):
        return torch.zeros_like(ground)
    texture = (image - level(image, ground)).square().mean(0)
    inside = box_sums(~ground, QUIET_PX) == 0
    power = avg_pool2d(texture[None], QUIET_PX, 1)[0]
    calm = inside & (power <= power[inside].median())
    return box_sums(pad(calm, [QUIET_PX - 1] * 4), QUIET_PX) > 0


def level(image: Tensor, ground: Tensor) -> Tensor:
    """Return the light (C, Y, X) of an image's ground (Y, X), carried on to where no ground is.

    A plane through all of the ground, and near ground the mean of what differs from it.
    """
    flat = plane(image, ground)
    seen = ground.to(image)
    both = torch.cat(((image - flat) * seen, seen[None]))[None]
    near = gaussian_blur(both, LEVEL_PX)[0]
    return flat + near[:-1] / (near[-1] + FAR)


def plane(image: Tensor, ground: Tensor) -> Tensor:
    """Return the plane (C, Y, X) that fits an image's ground (Y, X) best, by least squares."""
    y, x = (torch.linspace(-1, 1, size, device=image.device) for size in ground.shape)
    flat = torch.ones(*ground.shape).to(y)
    terms = torch.stack((flat, flat * y[:, None], flat * x))
    known = terms[:, ground].double()
    shape = torch.linalg.solve(known @ known.T, known @ image[:, ground].double().T)
    return torch.einsum("kc,kyx->cyx", shape.to(image), terms.to(image))


def patched(texture: Tensor, ground: Tensor, side_px: int, generator: Generator) -> Tensor:
    """Return a field (C, Y, X) of random square patches of a texture's ground (Y, X).

    They overlap by FEATHER of their side, and mix there with the variance kept.
    """
    corners = torch.nonzero(box_sums(~ground, side_px) == 0)
    feather = int(FEATHER * side_px)
    ramp = (torch.arange(side_px) + 1).clamp(max=feather + 1) / (feather + 1)
    edge = torch.minimum(ramp, ramp.flip(0)).to(texture)
    weight = edge[:, None] * edge[None]
    height, width = texture.shape[-2:]
    total = pad(texture.new_zeros(texture.shape), [side_px] * 4)
    power = torch.zeros_like(total[0])
    tops, lefts = (
        range(side_px - feather, side_px + end, side_px - feather) for end in ground.shape
    )
    for top, left in product(tops, lefts):
        y, x = corners[int(torch.randint(len(corners), (), generator=generator))].tolist()
        here = (slice(top, top + side_px), slice(left, left + side_px))
        total[:, *here] += weight * texture[:, y : y + side_px, x : x + side_px]
        power[here] += weight**2
    inside = (slice(side_px, side_px + height), slice(side_px, side_px + width))
    return total[:, *inside] / power[inside].sqrt()


def box_sums(mask: Tensor, side_px: int) -> Tensor:
    """Return how many pixels of a mask (Y, X) each square window holds, by its upper left corner.

    >>> box_sums(torch.tensor([[True, False, True], [True, False, False]]), 2).tolist()
    [[2, 1]]
    """
    total = pad(mask.long().cumsum(0).cumsum(1), (1, 0, 1, 0))
    lower, upper = total[side_px:], total[:-side_px]
    both: Tensor = lower[:, side_px:] - lower[:, :-side_px] - upper[:, side_px:]
    return both + upper[:, :-side_px]
