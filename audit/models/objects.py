"""Objects by number from masks and maps: connected components, and a seeded watershed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor


def components(mask: Tensor, smallest_px: int = 0) -> Tensor:
    """Return the numbers (B, Y, X) of the pieces of masks (B, Y, X); corners do not connect.

    >>> components(torch.tensor([[[True, False, True]]])).tolist()
    [[[1, 0, 2]]]
    """
    return each(pieces, (mask,), smallest_px)


def watershed(mask: Tensor, seeds: Tensor, land: Tensor, smallest_px: int = 0) -> Tensor:
    """Return the numbers (B, Y, X) of the basins of `land` in masks, one for each piece of seed.

    A piece of the mask without a seed is an object of its own: nothing of the foreground is lost.
    """

    def basins(inside: NDArray[Any], seed: NDArray[Any], height: NDArray[Any]) -> NDArray[Any]:
        from skimage.segmentation import watershed as flood

        found = flood(height, pieces(seed & inside), mask=inside)  # type: ignore[no-untyped-call]
        rest = pieces(inside & (found == 0))
        return np.asarray(np.where(rest > 0, rest + found.max(), found))

    return each(basins, (mask, seeds, land), smallest_px)


def pieces(mask: NDArray[np.bool_]) -> NDArray[Any]:
    """Return the numbers of the connected pieces of a mask (Y, X)."""
    from scipy.ndimage import label

    return np.asarray(label(mask)[0])


def each(made: Any, given: tuple[Tensor, ...], smallest_px: int) -> Tensor:
    """Return what is made of each image of a batch, without small objects, numbered anew."""
    arrays = [one.detach().cpu().numpy() for one in given]
    found = [numbered(made(*of), smallest_px) for of in zip(*arrays, strict=True)]
    return torch.from_numpy(np.stack(found)).to(given[0].device)


def numbered(objects: NDArray[Any], smallest_px: int) -> NDArray[np.int64]:
    """Return objects of so many pixels at least, numbered from 1 without gaps."""
    sizes = np.bincount(objects.ravel())
    keeps = (sizes >= max(smallest_px, 1)) & (np.arange(sizes.size) > 0)
    numbers = np.where(keeps, keeps.cumsum(), 0)
    return np.asarray(numbers[objects], dtype=np.int64)
