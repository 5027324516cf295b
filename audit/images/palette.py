"""Images whose pixels are places in a table of colours: what is meant, the place or the colour.

Programs that draw masks number the objects and colour the numbers; programs that make files small
number the colours as they come. Both write a palette. What is shown is the colour, so a palette of
greys is read as greys; of colours the numbers are read, unless their order was clearly lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLACK = 0


def greys(colours: NDArray[Any], used: NDArray[Any]) -> NDArray[Any] | None:
    """Return the grey of each place (N,), or None where a used colour (N, 3) is no grey."""
    shown = colours[used]
    return colours[:, 0] if np.all(shown == shown[:, :1]) else None


def intensities(places: NDArray[Any], colours: NDArray[Any]) -> NDArray[Any] | None:
    """Return the greys that are shown (Y, X), or None where colours are shown.

    Colours that brighten with their places are a lookup table: the places are the intensities.
    """
    used = np.unique(places)
    if (shown := greys(colours, used)) is not None:
        return np.asarray(shown[places])
    return places if np.all(np.diff(colours[used].astype(int).sum(1)) > 0) else None


def numbers(places: NDArray[Any], colours: NDArray[Any]) -> NDArray[Any] | None:
    """Return the label numbers (Y, X) that a palette mask holds, or None where that is unclear.

    Two greys are black and white. More greys are numbers where they rise with their places. Colours
    are numbers unless black is shown and is not at place 0: then somebody has sorted them.
    """
    used = np.unique(places)
    shown = greys(colours, used)
    if shown is not None:
        if used.size <= 2:  # noqa: PLR2004
            return np.asarray(shown[places])
        return places if np.all(np.diff(shown[used].astype(int)) > 0) else None
    black = used[np.all(colours[used] == BLACK, axis=1)]
    return None if black.size and black[0] != 0 else places
