"""A Python function of many images at once, told from one that takes a single image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function that takes a batch (B, Y, X[, C]) of images and gives one output for each.

    A function that takes one image (Y, X[, C]) needs no such wrapper.
    """

    batch: Callable[[NDArray[np.float32]], Any]
