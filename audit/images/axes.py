"""Which axis of a file is which: named by the file or by the user, never by its size alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.images.headers import MOST_CHANNELS, refusal

if TYPE_CHECKING:
    from audit.images.source import Source

UNNAMED = "QI"
"""What tifffile calls an axis that nobody named."""

READ = ("YX", "CYX", "YXC", "TYX", "TCYX", "TYXC", "CTYX")
"""The orders of axes that are read."""

DEPTH = "Z"


def squeezed(axes: str, stored: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Return axes and sizes without those of length one, keeping Y and X.

    >>> squeezed("TCYX", (1, 3, 8, 1))
    ('CYX', (3, 8, 1))
    """
    kept = [(axis, n) for axis, n in zip(axes, stored, strict=True) if n != 1 or axis in "YX"]
    return "".join(axis for axis, _ in kept), tuple(n for _, n in kept)


def named(source: Source, axes: str, stored: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Return the axes of a file with their sizes, as the user names them or else as it does.

    Raises DataError with the candidates where an axis has no name, and for what is no image.
    """
    axes, sizes = squeezed(axes, stored)
    colours, axes = axes.find("S"), axes.replace("S", "C")
    if fits(source.axes, axes, colours):
        axes = source.axes
    elif source.axes and len(source.axes) != len(axes) and axes != "YX" and axes not in READ:
        raise refusal(
            source, f"shape {sizes} has not the axes {source.axes}", "name them as they lie in it"
        )
    if axes in READ:
        return axes, sizes
    if DEPTH in axes:
        raise refusal(
            source,
            f"shape {sizes} with axes {axes} is a z-stack, a 3-D image",
            "save each plane (Y, X) as a file, or a projection; --axes TYX if these are frames",
        )
    if set(axes) & set(UNNAMED):
        raise refusal(source, candidates(sizes), remedy(sizes))
    raise refusal(
        source, f"shape {sizes} with axes {axes} is a stack", "save each plane (Y, X) as a file"
    )


def fits(said: str, own: str, colours: int) -> bool:
    """Say whether names that the user gave are for the axes of a file: colours stay colours.

    >>> fits("TYX", "QYX", -1), fits("CYX", "YXC", 2)
    (True, False)
    """
    return bool(said) and len(said) == len(own) and (colours < 0 or said[colours] == "C")


def candidates(sizes: tuple[int, ...]) -> str:
    """Return the sentence of a stack whose first axis has no name."""
    last = ", (Y, X, C)" if sizes[-1] <= MOST_CHANNELS else ""
    return f"shape {sizes} could be (C, Y, X), (Z, Y, X), (T, Y, X){last}"


def remedy(sizes: tuple[int, ...]) -> str:
    """Return what is to be done about a stack whose first axis has no name."""
    known = "--axes CYX" if len(sizes) == len("CYX") else "--axes TCYX"
    return f"say {known} or --axes TYX, or save it with its axes named (ImageJ or OME-TIFF)"
