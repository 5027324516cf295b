"""The edge of a pixel as image files state it: OME, ImageJ, and resolution tags with a unit.

A resolution of 72 or 300 dots an inch is what programs write that know nothing, so a tag is
believed only where it speaks of a microscope: below 20 micrometres a pixel. So is an edge of
exactly 1, the size of an uncalibrated microscope.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS = {
    **dict.fromkeys(("um", "µm", "μm", "micron", "microns", "micrometer", "micrometre"), 1.0),
    **dict.fromkeys(("micrometers", "micrometres", "âµm", "\\u00b5m"), 1.0),
    **dict.fromkeys(("nm", "nanometer", "nanometre", "nanometers", "nanometres"), 1e-3),
    **dict.fromkeys(("mm", "millimeter", "millimetre"), 1e3),
    **dict.fromkeys(("cm", "centimeter", "centimetre"), 1e4),
}
"""Micrometres in a unit, by its name in lower case."""

UNIT, INCH, CENTIMETRE = 296, 2, 3
TAG_UM = {INCH: 25_400.0, CENTIMETRE: 10_000.0}
"""Micrometres in the unit of a TIFF's resolution: inch, centimetre."""

MOST_UM = 20.0
"""A tag that states more is of a printer or a screen."""

UNCALIBRATED = 1.0
"""What is written where nobody measured."""

SAME = 0.01
"""Edges that differ by less are one."""

_PIXELS = re.compile(r"<(?:\w+:)?Pixels\b[^>]*>")
_SIZE = re.compile(r'PhysicalSize([XY])(Unit)?="([^"]*)"')


def from_ome(text: str) -> float | None:
    """Return micrometres a pixel of OME-XML; a unit that only X bears holds for Y.

    >>> from_ome('<Pixels PhysicalSizeX="325" PhysicalSizeXUnit="nm" PhysicalSizeY="325">')
    0.325
    """
    element = _PIXELS.search(text)
    found = {
        axis + unit: value for axis, unit, value in _SIZE.findall(element[0] if element else "")
    }
    x = in_um(found.get("X"), found.get("XUnit", "um"))
    y = in_um(found.get("Y"), found.get("YUnit", found.get("XUnit", "um")))
    return square(x, y if "Y" in found else x)


def from_imagej(unit: object, x: float | None, y: float | None) -> float | None:
    """Return micrometres a pixel of an ImageJ file, whose tags count pixels in a named unit."""
    return square(in_um(x and 1 / x, str(unit)), in_um(y and 1 / y, str(unit)))


def from_tags(unit: int, x: float | None, y: float | None) -> float | None:
    """Return micrometres a pixel of resolution tags; None where they speak of no microscope.

    >>> from_tags(3, 20000, 20000), from_tags(2, 72, 72)
    (0.5, None)
    """
    if unit not in TAG_UM or not x or not y:
        return None
    edge = square(TAG_UM[unit] / x, TAG_UM[unit] / y)
    return edge if edge and edge < MOST_UM else None


def from_tiff(tif: Any) -> float | None:
    """Return micrometres a pixel as an open TIFF states them; None where it does not."""
    if tif.is_ome and (stated := from_ome(tif.ome_metadata or "")):
        return stated
    tags = tif.pages[0].tags
    x, y = (ratio(tags[code].value) if code in tags else None for code in (282, 283))
    if tif.is_imagej and (unit := (tif.imagej_metadata or {}).get("unit")):
        return from_imagej(unit, x, y)
    return from_tags(int(tags[UNIT].value) if UNIT in tags else INCH, x, y)


def from_pillow(info: Mapping[Any, Any]) -> float | None:
    """Return micrometres a pixel of a PNG or JPEG that states dots an inch."""
    dots = info.get("dpi")
    return from_tags(2, float(dots[0]), float(dots[1])) if dots else None


def ratio(value: tuple[int, int]) -> float | None:
    """Return a fraction of a tag; None where it is none."""
    return value[0] / value[1] if value[0] and value[1] else None


def in_um(length: float | str | None, unit: str) -> float | None:
    """Return a length in micrometres; None where it has no number or an unknown unit."""
    factor = UNITS.get(unit.strip().lower())
    try:
        edge = float(length or 0) * (factor or 0)
    except ValueError:
        return None
    return edge if 0 < edge < math.inf else None


def square(x: float | None, y: float | None) -> float | None:
    """Return the edge of a square pixel to six digits; None where it is not square."""
    if not x or not y or abs(x - y) > SAME * max(x, y):
        return None
    edge = float(f"{x:.6g}")
    return None if edge == UNCALIBRATED else edge
