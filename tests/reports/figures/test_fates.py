"""What the page tells of objects: shares by size, sentences from counts, crops of the worst."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from audit.measurement import Measurement, Picture
from audit.record.record import Record
from audit.record.unit import Unit
from reports.figures.crops import worst_objects
from reports.figures.fates import (
    LEDGER,
    WORDS,
    FatedObject,
    by_size,
    draw,
    note_of,
    objects,
    percent,
    title_of,
)
from reports.figures.filmstrip import Album
from reports.vocabulary import Vocabulary


def one(number: int, fate: str, diameter: float = 10.0, iou: float = 0.0) -> FatedObject:
    """Return an object of a fate and a size."""
    return FatedObject(
        sample="a",
        number=number,
        diameter_px=diameter,
        y_px=30.0,
        x_px=30.0,
        iou=iou,
        fate=fate,
    )


MANY = [
    *(one(n, "missed" if n < 20 else "kept", 5.0 + n / 100) for n in range(40)),
    *(one(n, "kept", 20.0 + n / 100) for n in range(40, 100)),
]
"""A hundred objects; half of the forty small ones are missed."""


def test_the_title_counts_what_became_of_all():
    """Kept first, then what goes wrong, from the most frequent on."""
    assert title_of(MANY) == "Of 100 objects 80 % are kept; 20 % are missed"
    fates = ["kept"] * 6 + ["merged"] * 3 + ["split"]
    assert title_of([one(n, fate) for n, fate in enumerate(fates)]) == (
        "Of 10 objects 60 % are kept; 30 % are merged and 10 % are split"
    )


def test_groups_hold_every_object_once():
    """Sizes are shared out evenly, and the shares of a group's fates sum to one."""
    groups = by_size(MANY)
    assert sum(group.many for group in groups) == 100
    assert all(sum(group.shares.values()) == pytest.approx(1) for group in groups)
    assert [group.low_px for group in groups] == sorted(group.low_px for group in groups)
    assert len(by_size(MANY[:7])) == 1


def test_an_error_of_small_objects_is_told_by_size():
    """Where one size is hit more than the others by far, the note says which and how often."""
    note = note_of(MANY, None)
    assert note.startswith("Missed are 100 % of those up to 5.2 px wide, against 4 %")
    assert "up to 2.6 µm wide" in note_of(MANY, 0.5)


def test_what_strikes_all_sizes_alike_is_not_told_by_size():
    """Every fifth object missed, whatever its size, makes no sentence."""
    even = [one(n, "kept" if n % 5 else "missed", 5.0 + n) for n in range(100)]
    assert note_of(even, None) == ""


def test_shares_are_never_rounded_to_nothing():
    """One in a thousand is not told as none."""
    assert (percent(0.001), percent(0.0), percent(0.996)) == ("under 1 %", "0 %", "100 %")


@pytest.fixture
def kept(tmp_path):
    """Return a record of one image with three objects, of which one is missed, and its picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), (0, 114, 178)).save(buffer, "JPEG")
    fates = ["kept", "missed", "kept"]
    rows = [
        Measurement(
            "kept_fraction", 2 / 3, "a", {}, picture=lambda: Picture(buffer.getvalue(), 64, 64)
        )
    ]
    for number, fate in enumerate(fates, 1):
        at = {"object": number}
        known = {"diameter_px": 9.0, "centre_y_px": 40.0, "centre_x_px": 40.0, "object_iou": 0.5}
        known |= {f"is_{name}": float(name == fate) for name in WORDS}
        rows += [Measurement(name, value, "a", at) for name, value in known.items()]
    with Record(tmp_path / "r.sqlite") as record:
        sample = SimpleNamespace(
            id="a",
            part="test",
            dataset="",
            group="",
            frame=0,
            pixel_um=None,
            complete=True,
            digest="d",
            shape=(1, 128, 128),
        )
        record.enlist([sample])
        record.write(Unit(key="k", model="m", probe=LEDGER, block=0), rows)
        yield record


def test_the_worst_objects_are_cut_from_the_kept_pictures(kept):
    """What went wrong is shown in its surroundings, with its fate and its size."""
    found = objects(kept, "m")
    assert [one.fate for one in found] == ["kept", "missed", "kept"]
    (strip,) = worst_objects(kept, Album(kept, Vocabulary()), found, "m", 0.5)
    ((frame,),) = strip.rows
    assert frame.value == "missed"
    assert "4.5 µm wide" in frame.condition
    assert frame.uri.startswith("data:image/jpeg;base64,")


def test_a_record_without_a_ledger_has_no_objects(kept):
    """Another model's rows are not read."""
    assert objects(kept, "other") == []


def test_the_drawing_is_read_aloud():
    """The figure says its finding to who cannot see it."""
    assert 'aria-label="what became of them"' in draw(MANY, None, "what became of them")
