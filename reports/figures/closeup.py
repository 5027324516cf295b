"""The typical and the worst image as they are, cut to where truth and prediction differ."""

from __future__ import annotations

import io
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from audit.role import AUDITED
from reports.figures.evidence import BASELINE, roles
from reports.figures.filmstrip import Album, inlined, nearest
from reports.words import number, short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.record.record import Record
    from reports.figures.filmstrip import Kept
    from reports.vocabulary import Vocabulary

SHARE = 0.62
"""The side of what is shown, as a part of the shorter side: enough to see what is around."""

LARGE_UM, SMALL_UM = 0.35, 0.1
"""A scale bar is at most the first share of what is shown; it is not drawn below the second."""

BARS_UM = (200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0)

TINTED = 28
"""By how much blue and red must differ where an error is tinted; the image itself is grey."""


@dataclass(frozen=True, kw_only=True)
class ScaleBar:
    """A scale bar: its length in px of the picture, and in words."""

    length: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Closeup:
    """A picture, the box (x, y, width, height) of it that is shown, and what it is of."""

    uri: str
    width: int
    height: int
    box: tuple[int, int, int, int]
    title: str
    value: str
    sample: str
    bar: ScaleBar | None = None


def closeups(record: Record, album: Album) -> tuple[Closeup, ...]:
    """Return the kept image nearest to the median score, and the one of the lowest."""
    digest, metric = roles(record).get(AUDITED, ""), record.main_metric
    kept = album.untouched(digest, metric)
    known = {name: one.value for name, one in kept.items() if one.value is not None}
    if not known:
        return ()
    worst = min(known, key=lambda name: (known[name], name))
    rest = {name: value for name, value in known.items() if name != worst}
    if not rest:
        return (closeup(record, album.words, kept[worst], "The only image"),)
    middle = median(album.means(BASELINE, digest, metric))
    typical = nearest(rest, middle)
    return (
        closeup(record, album.words, kept[typical], f"Typical (the median is {number(middle)})"),
        closeup(record, album.words, kept[worst], "Worst"),
    )


def closeup(record: Record, words: Vocabulary, kept: Kept, title: str) -> Closeup:
    """Return a kept picture cut to its largest error."""
    box = window(errors(kept.jpeg))
    return Closeup(
        uri=inlined(kept.jpeg),
        width=kept.width,
        height=kept.height,
        box=box,
        title=title,
        value=f"{words.metric(kept.metric)} {number(kept.value)}",
        sample=short(kept.sample, 40),
        bar=bar(record, kept, box[2]),
    )


def errors(jpeg: bytes) -> NDArray[np.float64]:
    """Return 1 where a drawn picture (Y, X) is tinted blue for missed or red for invented area."""
    from PIL import Image

    pixels = np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(int)
    red, green, blue = (pixels[..., plane] for plane in range(3))
    missed = (blue - red > TINTED) & (blue - green > 0)
    # The contour of the prediction is orange: its green is higher than the invented area's.
    invented = (red - blue > TINTED) & (red - green > TINTED)
    wrong: NDArray[np.float64] = (missed | invented).astype(float)
    return wrong


def window(found: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """Return the box (x, y, width, height) that holds most of what was found, near its middle.

    >>> errors = np.zeros((40, 60))
    >>> errors[30:34, 50:54] = 1
    >>> window(errors)
    (35, 15, 25, 25)
    """
    height = width = max(1, round(min(found.shape) * SHARE))
    total = np.pad(found.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    held = (total[height:, width:] - total[:-height, width:] - total[height:, :-width]) + total[
        :-height, :-width
    ]
    rows, columns = np.nonzero(held == held.max())
    # Of equal windows the one whose middle is nearest to that of the errors, else of the picture.
    where = np.argwhere(found) if found.any() else np.array([[s / 2 for s in found.shape]])
    y, x = where.mean(0) - (height / 2, width / 2)
    best = int(np.argmin((rows - y) ** 2 + (columns - x) ** 2))
    return int(columns[best]), int(rows[best]), width, height


def bar(record: Record, kept: Kept, shown: int) -> ScaleBar | None:
    """Return a scale bar of a round length; None where the pixel size is not known."""
    found = record.database.execute(
        "select s.pixel_um, h.width from samples s join shapes h on h.name = s.name "
        "where s.name = ?",
        (kept.sample,),
    ).fetchone()
    if found is None or not found[0]:
        return None
    um = found[0] * found[1] / kept.width
    fitting = [one for one in BARS_UM if SMALL_UM <= one / (um * shown) <= LARGE_UM]
    return ScaleBar(length=fitting[0] / um, words=f"{fitting[0]:g} µm") if fitting else None
