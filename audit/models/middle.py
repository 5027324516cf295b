"""Whether an output that is smaller than the image lies in its middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.errors import ModelError

if TYPE_CHECKING:
    from torch import Tensor

    from audit.models.manner import Manner
    from audit.models.torch_module import TorchSegmenter

SIDE = 66
"""The least side in px of what a network is tried on."""

PHASES, PRECISE = 8, 20
"""Places on the grid of poolings that are touched, and the part of it that they are precise to."""


def piece(shown: Tensor, size: tuple[int, int]) -> Tensor:
    """Return a piece (1, C, Y, X) of normalised images from their middle, mirrored where short."""
    height, width = shown.shape[-2:]
    top, left = max(0, height - size[0]) // 2, max(0, width - size[1]) // 2
    part = shown[:1, :, top : top + size[0], left : left + size[1]]
    if list(part.shape[-2:]) == list(size):
        return part
    repeat = [-(-want // have) for want, have in zip(size, part.shape[-2:], strict=True)]
    return part.repeat(1, 1, *repeat)[..., : size[0], : size[1]]


def centred(model: TorchSegmenter, shown: Tensor, manner: Manner) -> Manner:
    """Return the manner of a smaller output, once it lies in the middle of the image.

    Where one pixel is changed, the answer changes around it, to the grid of the poolings: over
    places spread evenly on the grid the centres of change are at their pixels. Raises ModelError
    where they are elsewhere; what does not change at all tells nothing.
    """
    image = piece(shown, (SIDE + 2 * manner.stride, SIDE + 2 * manner.stride))
    before = model.answer(image, manner)
    if before.shape[-2:] != image.shape[-2:]:
        return manner
    middle = image.shape[-1] // 2
    places = {middle + manner.stride * (n - PHASES // 2) // PHASES for n in range(PHASES)}
    off = [drift(model, image, before, place, manner) for place in places]
    drifts = torch.tensor([one for one in off if one is not None])
    if not len(drifts):
        return manner
    down, right = (float(one) for one in drifts.mean(0))
    if max(abs(down), abs(right)) > max(2, manner.stride / PRECISE):
        raise ModelError(
            f"gives an output that is smaller by {2 * manner.margin_px} px and does not lie in the "
            f"middle of the image, but {down:+.0f} px in y and {right:+.0f} px in x from there; "
            "let the network cut off as much on each side"
        )
    return manner


def drift(
    model: TorchSegmenter, image: Tensor, before: Tensor, place: int, manner: Manner
) -> tuple[float, float] | None:
    """Return how far (y, x) from a changed pixel the centre of the change in the answer lies."""
    touched = image.clone()
    touched[..., place, place] += 10 * (image.amax() - image.amin() + 1)
    change = (model.answer(touched, manner) - before).abs().sum(1)[0].double()
    if not float(change.sum()) > 0:
        return None
    return centre(change.sum(1)) - place, centre(change.sum(0)) - place


def centre(profile: Tensor) -> float:
    """Return the centre of mass of numbers in a row, in places from 0."""
    places = torch.arange(len(profile), device=profile.device)
    return float((profile * places).sum() / profile.sum())
