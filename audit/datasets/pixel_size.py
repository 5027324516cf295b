"""The pixel size of a set of images: what the user declares, else what the files state.

Both are said, and where they differ that is said too; what is declared wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import DataError
from audit.images.reading import header_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from audit.images.source import Source

SAME = 0.02
"""Sizes that differ by a smaller share are one."""

SHOWN = 3


def stated(image: Path | Source) -> float | None:
    """Return micrometres a pixel as an image's own file states them; None where it does not."""
    try:
        return header_of(image).pixel_um
    except DataError:
        return None


def said(images: Sequence[Path | Source], declared: float | None) -> str:
    """Return the sentence of where the pixel size comes from; "" where nobody states one."""
    found = [size for image in images if (size := stated(image)) is not None]
    if not found:
        return ""
    sizes = sorted(set(found))
    shown = ", ".join(f"{size:g}" for size in sizes[:SHOWN]) + (", …" if len(sizes) > SHOWN else "")
    files = f"{shown} um in {len(found)} of {len(images)} files"
    if declared is None:
        return f"as the files state: {files}"
    if all(abs(size - declared) <= SAME * declared for size in sizes):
        return f"{declared:g} um as declared, and as the files state"
    return f"{declared:g} um as declared, but the files state {files}: which is right?"
