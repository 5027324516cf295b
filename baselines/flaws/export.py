"""Samples written as a folder of images and masks, so that an audit can be pointed at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.datasets.sample import Sample


def export(samples: Sequence[Sample], folder: Path) -> str:
    """Write images/*.tif and masks/*.tif; return what numbers in masks mean.

    They are "instances" where every object is numbered and there is one kind, else "classes".
    """
    import tifffile

    numbered = all(sample.instances for sample in samples) and kinds(samples) == 1
    for name in ("images", "masks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for sample in samples:
        assert sample.mask is not None
        mask = sample.instances() if numbered and sample.instances else sample.mask()
        file = f"{sample.id.replace('/', '-').replace(' ', '-')}.tif"
        tifffile.imwrite(folder / "images" / file, sample.image()[0])
        tifffile.imwrite(folder / "masks" / file, np.asarray(mask, np.uint16))
    return "instances" if numbered else "classes"


def kinds(samples: Sequence[Sample]) -> int:
    """Return the highest class in any mask."""
    return max(int(sample.mask().max()) for sample in samples if sample.mask is not None)
