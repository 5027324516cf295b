"""A sheet of a few images with their truth drawn on them, to see that it is read as meant."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from audit.files import write_whole
from reports.html import MARK, environment

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = 480
"""The longer side of a shown image in px."""

LOW, HIGH = 1.0, 99.8
"""Percentiles that are shown as black and white."""

COLOURS = ((230, 159, 0), (0, 114, 178), (0, 158, 115), (213, 94, 0), (204, 121, 167))
"""Okabe and Ito's colours, which outlines take in turn."""


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """An image as it is and with outlines of its truth, as data URIs, and a line about it."""

    name: str
    line: str
    plain: str = ""
    outlined: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactSheet:
    """What was found in a folder, and a few of its images."""

    name: str
    facts: tuple[tuple[str, str], ...]
    pictures: tuple[Exhibit, ...]


def write(path: Path, sheet: ContactSheet) -> Path:
    """Write a sheet as one HTML file; return its path."""
    style = (files("reports") / "templates" / "style.css").read_text("utf-8")
    page = environment().get_template("contact.html").render(sheet=sheet, style=style)
    return write_whole(path, page, MARK)


def drawn(name: str, image: NDArray[Any], truth: NDArray[Any] | None) -> Exhibit:
    """Return the card of an image (C, Y, X) with numbers (Y, X) of objects or classes."""
    plain = shown(np.repeat(stretched(image.mean(0))[..., None], 3, axis=-1))
    size = f"{image.shape[2]} x {image.shape[1]} px, {image.shape[0]} channel(s)"
    if truth is None:
        return Exhibit(name=name, line=f"{size}; no truth", plain=encoded(plain))
    numbers = np.unique(truth[truth > 0]).size
    share = float(np.mean(truth > 0))
    return Exhibit(
        name=name,
        line=f"{size}; {numbers} numbers beside 0, on {share:.0%} of the pixels",
        plain=encoded(plain),
        outlined=encoded(outlined(plain, shown(truth))),
    )


def unread(name: str, reason: str) -> Exhibit:
    """Return the card of an image that cannot be read."""
    return Exhibit(name=name, line=reason)


def stretched(grey: NDArray[Any]) -> NDArray[np.uint8]:
    """Return intensities (Y, X) as bytes between two percentiles."""
    low, high = np.percentile(grey, (LOW, HIGH))
    scaled = (grey - low) / max(float(high - low), 1e-12) * 255
    return np.asarray(np.clip(scaled, 0, 255), np.uint8)


def shown(pixels: NDArray[Any]) -> NDArray[Any]:
    """Return pixels (Y, X, ...) at about the size that is shown: every n-th, or each n times.

    Outlines are drawn on this grid, so that they are a pixel wide whatever the size of the image.
    """
    longer = max(pixels.shape[:2])
    if longer > SIDE:
        step = -(-longer // SIDE)
        return pixels[::step, ::step]
    times = SIDE // longer
    return pixels.repeat(times, 0).repeat(times, 1)


def outlined(picture: NDArray[np.uint8], truth: NDArray[Any]) -> NDArray[np.uint8]:
    """Return a picture (Y, X, 3) with the inner border of every number, in colours in turn."""
    edges = borders(truth)
    drawn_on = picture.copy()
    drawn_on[edges] = np.asarray(COLOURS, np.uint8)[(truth[edges].astype(int) - 1) % len(COLOURS)]
    return drawn_on


def borders(truth: NDArray[Any]) -> NDArray[np.bool_]:
    """Return the pixels (Y, X) of a number that have a neighbour of another."""
    padded = np.pad(truth, 1, mode="edge")
    around = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
    differs = np.any([truth != other for other in around], axis=0)
    return np.asarray(differs & (truth > 0))


def encoded(picture: NDArray[np.uint8]) -> str:
    """Return a picture (Y, X, 3) as the data URI of a PNG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
