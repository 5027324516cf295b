"""The worst objects as pictures, cut from the kept pictures of their images."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from reports.figures.fates import ERRORS, LEDGER, WORDS, length
from reports.figures.filmstrip import Filmstrip, Frame, inlined
from reports.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.record.record import Record
    from reports.figures.fates import FatedObject
    from reports.figures.filmstrip import Album, Kept

MOST = 10
WIDE = 3.0
"""A crop is so many times as wide as its object."""

LEAST_PX, SHOWN_PX = 24, 160
"""A crop holds at least so many px of the picture, and is shown at about so many."""


def worst_objects(
    record: Record, album: Album, found: Sequence[FatedObject], digest: str, pixel_um: float | None
) -> tuple[Filmstrip, ...]:
    """Return the ten worst objects of the images whose pictures were kept; none without any."""
    kept = {one.sample: one for one in album.pictures(LEDGER, digest, ())}
    widths = shapes(record)
    wrong = [one for one in found if one.fate in ERRORS and one.sample in kept]
    chosen = sorted(wrong, key=lambda one: (one.iou, -one.diameter_px))[:MOST]
    frames = tuple(
        crop(one, kept[one.sample], widths[one.sample], pixel_um)
        for one in chosen
        if one.sample in widths
    )
    caption = "The worst objects of the kept images, each in the colour of what became of it"
    return (Filmstrip(caption=caption, rows=(frames,)),) if frames else ()


def shapes(record: Record) -> dict[str, int]:
    """Return the width in px of each image."""
    return dict(record.database.execute("select name, width from shapes"))


def crop(one: FatedObject, kept: Kept, width_px: int, pixel_um: float | None) -> Frame:
    """Return the surroundings of an object, cut from the picture of its image."""
    from PIL import Image

    picture = Image.open(io.BytesIO(kept.jpeg))
    scale = kept.width / width_px
    half = max(LEAST_PX, WIDE * one.diameter_px * scale) / 2
    y, x = one.y_px * scale, one.x_px * scale
    cut = picture.crop((round(x - half), round(y - half), round(x + half), round(y + half)))
    times = max(1, round(SHOWN_PX / cut.width))
    shown = cut.resize((cut.width * times, cut.height * times), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    shown.save(buffer, "JPEG", quality=85)
    wide = f"{length(one.diameter_px, pixel_um)} {'px' if pixel_um is None else 'µm'} wide"
    return Frame(
        uri=inlined(buffer.getvalue()),
        width=shown.width,
        height=shown.height,
        condition=f"{short(one.sample, 28)}, {wide}",
        value=WORDS[one.fate],
        number=one.iou,
    )
