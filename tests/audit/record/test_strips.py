"""Laws of kept pictures: whole strips of a few images, a dozen that belong to none, no more."""

from __future__ import annotations

import io

from PIL import Image

from audit.measurement import Measurement, Picture
from audit.record.record import Record
from audit.record.strips import LOOSE
from audit.record.unit import Unit
from reports.figures.evidence import Question
from reports.figures.filmstrip import Album
from reports.page.probed import probed
from tests.audit.pictures import jpeg, pictured
from tests.toys import add, written


def row(number: int, sample: str | None = None) -> Measurement:
    """Return a row with evidence."""
    return Measurement("false_objects", 1.0, sample, {"draw": number}, picture=lambda: jpeg(90))


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


def test_pictures_are_constant_in_n(tmp_path):
    """Whole strips of the lowest, the highest and the first five images are kept, no others."""
    scores = [0.5, 0.6, 0.4, 0.55, 0.45, 0.7, 0.1, 0.9, 0.2, 0.8, *[0.5] * 20]
    with Record(tmp_path / "r.sqlite") as record:
        for number, score in enumerate(scores):
            name = f"{number:02d}"
            add(record, [pictured(name, score, x=1.0), pictured(name, score / 2, x=2.0)])
        kept = record.database.execute(
            "select s.name, count(*) from pictures p join samples s on s.id = p.sample group by 1"
        ).fetchall()
    assert kept == [(name, 2) for name in ("00", "01", "02", "03", "04", "06", "07")]


def test_kept_pictures_decode(tmp_path):
    """A kept picture is a JPEG of the stated size."""
    with Record(tmp_path / "r.sqlite") as record:
        add(record, [pictured("s", 0.5)])
        ((data, width, height),) = record.database.execute(
            "select jpeg, width, height from pictures"
        )
    assert Image.open(io.BytesIO(data)).size == (width, height) == (4, 3)


def test_no_pictures_are_drawn_where_none_are_wanted(tmp_path):
    """With pictures off no picture is encoded."""

    def never() -> Picture:
        raise AssertionError("a picture was drawn")

    with Record(tmp_path / "r.sqlite") as record:
        unit = Unit(key="k", model="m", probe="p.q", block=0)
        record.write(unit, [Measurement("iou", 1.0, "s", picture=never)], pictures=False)
        assert record.finished() == {"k"}


def test_a_dropped_strip_frees_its_place(tmp_path):
    """Where one of the first five units is written again, five are still kept."""
    with Record(tmp_path / "r.sqlite") as record:
        for number in (0, 1, 2, 3, 4, 1):
            unit = Unit(key=str(number), model="m", probe="p.q", block=number)
            record.write(unit, [pictured(str(number), 0.5)])
        (count,) = record.database.execute(
            "select count(*) from strips where role like 'first%'"
        ).fetchone()
    assert count == 5
