"""A picture of what became of each object: filled or outlined in the colour of its fate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.imaging.overlay import (
    LARGE,
    contrast,
    encode,
    nearest,
    outlines,
    paint,
    shown_size,
    shrink,
    tint,
)
from audit.metrics.ledger import Fate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from audit.measurement import Picture
    from audit.metrics.ledger import Ledger

COLOURS = {
    Fate.KEPT: (0, 158, 115),
    Fate.WOBBLE: (86, 180, 233),
    Fate.MERGED: (204, 121, 167),
    Fate.SPLIT: (240, 228, 66),
    Fate.MISSED: (0, 114, 178),
    Fate.INVENTED: (213, 94, 0),
    Fate.CUT: (150, 150, 150),
    Fate.OUTSIDE: (150, 150, 150),
}
"""Okabe and Ito's colours and grey: told apart by those who see fewer colours, too."""

ERRORS = (Fate.MERGED, Fate.SPLIT, Fate.MISSED, Fate.INVENTED)
"""Fates whose objects are tinted whole."""


def draw_fates(
    image: Tensor,
    truth: NDArray[np.int64],
    predicted: NDArray[np.int64],
    found: Ledger,
    shades: tuple[float, float],
) -> Picture:
    """Return an image (C, Y, X) with its objects in the colours of their fates, as a small JPEG.

    True objects (Y, X) that were kept or drawn otherwise are outlined; merged, split and missed
    ones are tinted as well, and so are the predicted objects (Y, X) that are invented. What is
    predicted is outlined in white.
    """
    size = shown_size(truth.shape[0], truth.shape[1], LARGE)
    picture = contrast(shrink(image.mean(0)[None].cpu(), size), shades).repeat(3, 1, 1)
    true, seen = (nearest(torch.from_numpy(numbers), size) for numbers in (truth, predicted))
    paint(picture, outlines(seen), (255, 255, 255))
    of_true = dict(zip(found.pairs.true.numbers.tolist(), found.true_fates, strict=True))
    of_seen = dict(zip(found.pairs.predicted.numbers.tolist(), found.predicted_fates, strict=True))
    for fate, colour in COLOURS.items():
        numbers = [number for number, one in of_true.items() if one is fate]
        colour_in(picture, true, numbers, fate, colour)
    extra = [number for number, one in of_seen.items() if one is Fate.INVENTED]
    colour_in(picture, seen, extra, Fate.INVENTED, COLOURS[Fate.INVENTED])
    return encode(picture)


def colour_in(
    picture: Tensor, objects: Tensor, numbers: list[int], fate: Fate, colour: tuple[int, int, int]
) -> None:
    """Outline the objects of these numbers; tint them where their fate is an error."""
    there = torch.isin(objects, torch.tensor(numbers, dtype=objects.dtype))
    if fate in ERRORS:
        tint(picture, there, colour)
    paint(picture, outlines(objects) & there, colour)
