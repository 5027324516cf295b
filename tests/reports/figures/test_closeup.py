"""Laws of close-ups: cut to the largest error, in the picture, with a true scale."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from reports.figures.closeup import bar, closeups, errors, window
from reports.figures.evidence import roles
from reports.figures.filmstrip import Album
from reports.vocabulary import Vocabulary

if TYPE_CHECKING:
    from audit.record.record import Record


def jpeg(*tints: tuple[slice, slice, tuple[int, int, int]]) -> bytes:
    """Return a grey picture, parts of it tinted as errors are."""
    pixels = np.full((120, 160, 3), 90, np.uint8)
    for rows, columns, colour in tints:
        pixels[rows, columns] = 0.55 * 90 + 0.45 * np.array(colour)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


@pytest.mark.parametrize("colour", [(0, 114, 178), (213, 94, 0)])
def test_errors_are_found_by_their_tint(colour: tuple[int, int, int]) -> None:
    """Missed and invented area are found where they were drawn; the grey image is none."""
    found = errors(jpeg((slice(20, 50), slice(90, 140), colour)))
    assert found[24:46, 94:136].mean() > 0.99
    assert found[60:].sum() == 0
    assert not errors(jpeg()).any()


def test_a_window_holds_the_largest_error() -> None:
    """Of two errors the larger one is shown whole; a window never leaves the picture."""
    found = errors(
        jpeg(
            (slice(5, 12), slice(5, 12), (0, 114, 178)),
            (slice(80, 110), slice(110, 150), (213, 94, 0)),
        )
    )
    x, y, width, height = window(found)
    assert x <= 110
    assert y <= 80
    assert 150 <= x + width <= 160
    assert 110 <= y + height <= 120


def test_typical_and_worst_are_shown(record: Record) -> None:
    """Two pictures stand side by side: of the median score and of the lowest, in its own words."""
    typical, worst = closeups(record, Album(record, Vocabulary.of(record)))
    assert worst.value == "IoU 0.80"
    assert worst.sample in ("image-0", "image-5")
    assert typical.title.startswith("Typical")
    assert typical.sample != worst.sample


def test_a_scale_bar_is_as_long_as_it_says(record: Record) -> None:
    """The bar spans its micrometres at the picture's own scale; without a pixel size is none."""
    kept = Album(record, Vocabulary.of(record)).untouched(next(iter(roles(record).values())), "iou")
    record.database.execute("update shapes set width = 800, height = 600")
    one = kept["image-0"]
    # 0.5 um a pixel over 800 px in a picture of 8 px: 50 um a pixel of the picture.
    found = bar(record, one, one.width)
    assert found is not None
    assert float(found.words.removesuffix(" µm")) == pytest.approx(50 * found.length)
    record.database.execute("update samples set pixel_um = null")
    assert bar(record, one, one.width) is None
