"""Laws of kept pictures: evidence of no image is kept too, a dozen at most."""

from __future__ import annotations

import io

from PIL import Image

from audit.measurement import Measurement, Picture
from audit.strips import LOOSE
from reports.evidence import Question
from reports.filmstrip import Album
from reports.probed import probed
from tests.toys import add, written


def picture() -> Picture:
    """Return a small grey square."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (90, 90, 90)).save(buffer, "JPEG")
    return Picture(buffer.getvalue(), 8, 8)


def row(number: int, sample: str | None = None) -> Measurement:
    """Return a row with evidence."""
    return Measurement("false_objects", 1.0, sample, {"draw": number}, picture=picture)


def test_evidence_of_no_image_is_kept_and_shown(tmp_path):
    """The first dozen of a unit; what another unit keeps does not drop them."""
    with written(tmp_path / "r.sqlite", [row(n) for n in range(20)], probe="toy.void") as record:
        add(record, [row(0, "a")], probe="toy.void")
        kept = record.database.execute("select count(*) from pictures where sample = 0").fetchone()
        question = Question(name="toy.void", asks="Is it?", source="", parameters={})
        figure = probed(record, question, [], Album(record)).figure

    assert kept == (LOOSE,)
    assert figure.strips[0].caption == "What was found"
    assert not figure.strips[0].of_images
    assert len(figure.strips[0].rows[0]) == LOOSE
