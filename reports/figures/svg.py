"""A matplotlib figure as inline SVG: the same bytes each time, in the colours of the page."""

from __future__ import annotations

import io
import re
import textwrap
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from reports.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

INK, MUTED, GRID = "#101418", "#80868b", "#d8dcde"
MODEL, BOUND, FLAW = "#0072b2", "#d55e00", "#cc79a7"
VARIABLES = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    GRID: "var(--line)",
    MODEL: "var(--blue)",
    BOUND: "var(--vermilion)",
    FLAW: "var(--purple)",
}
"""Colours that the style sheet names, so that a figure is readable in the dark as well."""

STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "bioaudit",
    "text.usetex": False,
    "text.parse_math": False,
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10.0,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "figure.facecolor": "none",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
}
WIDTH = 6.4
"""Inches; the page scales it."""


@contextmanager
def canvas(
    height: float, columns: int = 1, rows: int = 1, **more: Any
) -> Iterator[tuple[Figure, Any]]:
    """Yield a figure and its array of axes, in the style of the page."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(cast("Any", STYLE)):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure, figure.subplots(rows, columns, squeeze=False, **more)


def inline(figure: Figure, says: str) -> str:
    """Return a figure as an SVG element that stands in a page; `says` is read aloud."""
    buffer = io.StringIO()
    with warnings.catch_warnings():
        # The reader's browser draws the text, so a glyph that is missing here is not missing there.
        warnings.filterwarnings("ignore", message="Glyph")
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r' id="[a-zA-Z0-9.]+_\d+"', "", text)
    text = re.sub(r"'DejaVu Sans'(, [^;\"]*)?", "system-ui, sans-serif", text)
    for colour, variable in VARIABLES.items():
        text = text.replace(colour, variable)
    text = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", text, count=1)
    return text.replace("<svg ", f'<svg role="img" aria-label="{attribute(says)}" ', 1).strip()


def wrapped(words: str) -> str:
    """Return what stands along an upright axis in lines that are no longer than it.

    >>> wrapped("share of the image that a fixed map explains").splitlines()
    ['share of the image that', 'a fixed map explains']
    """
    return textwrap.fill(words, 24)


def attribute(text: str) -> str:
    """Return text that may stand between double quotes."""
    from html import escape

    return escape(clean(text), quote=True)
