"""The pictures that a record keeps, as strips: one image under every condition, or many once."""

from __future__ import annotations

import base64
import io
import json
import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from reports.figures.evidence import BASELINE
from reports.vocabulary import Vocabulary
from reports.words import number, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.measurement import Scalar
    from audit.record.record import Record
    from reports.figures.evidence import Panel

MOST, SHOWN = 16, 4
"""Of an image with more than MOST pictures the lowest of each level remain; a row shows SHOWN."""

SIDE = 320
"""The longer side in px at which a picture stands in a strip."""

BUDGET = 3_000_000
"""Bytes of pictures that a page carries at most, before they are written as text."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One picture with the number beneath it."""

    uri: str
    width: int
    height: int
    condition: str
    value: str
    number: float | None = None


def order(frame: Frame) -> float:
    """Return the value of a picture that has one."""
    assert frame.number is not None
    return frame.number


@dataclass(frozen=True, kw_only=True)
class Filmstrip:
    """Pictures in rows, one an axis of severity, and what they are of."""

    caption: str
    rows: tuple[tuple[Frame, ...], ...]
    of_images: bool = True

    @property
    def pair(self) -> tuple[Frame, ...]:
        """The pictures of the highest and of the lowest value; the first two where none has one."""
        every = [one for row in self.rows for one in row]
        known = sorted((one for one in every if one.number is not None), key=order)
        return (known[-1], known[0]) if len(known) > 1 else tuple(every[:2])


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One picture of a record with what it shows."""

    sample: str
    at: Mapping[str, Scalar]
    metric: str
    value: float | None
    jpeg: bytes
    width: int
    height: int


class Album:
    """The pictures of a record, given out until the page is full."""

    def __init__(self, record: Record, words: Vocabulary | None = None) -> None:
        self.record = record
        self.words = words or Vocabulary.of(record)
        self.left = BUDGET
        self.left_out = 0

    def strips(
        self, probe: str, digest: str, found: Sequence[Panel], *, typical: bool = False
    ) -> tuple[Filmstrip, ...]:
        """Return strips of the worst and, if wanted, the typical image; of one condition, a row."""
        every = self.pictures(probe, digest, found)
        loose = [one for one in every if not one.sample]
        pictures = [one for one in every if one.sample]
        evidence = self.afford("What was found", [loose]) if loose else ()
        return evidence + self.of_images(probe, digest, found, pictures, typical=typical)

    def of_images(
        self,
        probe: str,
        digest: str,
        found: Sequence[Panel],
        pictures: Sequence[Kept],
        *,
        typical: bool,
    ) -> tuple[Filmstrip, ...]:
        """Return the strips of the worst and, where wanted, of the most typical image."""
        scores = self.scores(probe, digest)
        if not scores or not pictures:
            return ()
        if len({str(one.at) for one in pictures}) == 1:
            return self.afford("Kept images, from worst to best", [from_worst(pictures)[:SHOWN]])
        untouched = {} if neutral(found) else self.untouched(digest, pictures[0].metric)
        chosen = {"Worst case": min(scores, key=lambda name: (scores[name], name))}
        middle = nearest(scores, median(self.means(probe, digest, pictures[0].metric)))
        if typical and middle != chosen["Worst case"]:
            chosen["Typical case"] = middle
        return tuple(
            strip
            for title, sample in chosen.items()
            for strip in self.afford(
                f"{title}: {short(sample, 60)}",
                rows_of(sample, pictures, found, untouched.get(sample)),
            )
        )

    def afford(self, caption: str, rows: list[list[Kept]]) -> tuple[Filmstrip, ...]:
        """Return the strip if the page has room for it."""
        pictures = [one for row in rows for one in row]
        size = sum(len(one.jpeg) for one in pictures)
        if size > self.left:
            self.left_out += len(pictures)
            return ()
        self.left -= size
        lone = len({str(one.at) for one in pictures}) == 1
        own = bool(pictures[0].sample)
        framed = tuple(
            tuple(shown(one, self.words, lone=lone and own) for one in row) for row in rows
        )
        return (Filmstrip(caption=caption, rows=framed, of_images=own),)

    def untouched(self, digest: str, metric: str) -> dict[str, Kept]:
        """Return the kept pictures of images as they are, by image."""
        found = self.pictures(BASELINE, digest, ())
        return {one.sample: one for one in found if one.metric == metric and not one.at}

    def scores(self, probe: str, digest: str) -> dict[str, float]:
        """Return the mean score of every image whose strip was kept."""
        query = (
            "select s.name, max(t.score) from strips t join samples s on s.id = t.sample "
            "where t.probe = ? and t.model = ? group by s.name order by s.name"
        )
        return dict(self.record.database.execute(query, (probe, digest)))

    def means(self, probe: str, digest: str, metric: str) -> list[float]:
        """Return the mean of every image of a probe over its conditions."""
        query = (
            "select avg(value) from measurements where probe = ? and model = ? and metric = ? "
            "and value is not null group by sample"
        )
        rows = self.record.database.execute(query, (probe, digest, metric))
        return [value for (value,) in rows] or [0.0]

    def pictures(self, probe: str, digest: str, found: Sequence[Panel]) -> list[Kept]:
        """Return the kept pictures of a probe, from mild to severe."""
        query = (
            "select coalesce(s.name, ''), t.at, t.metric, r.value, p.jpeg, p.width, p.height "
            "from pictures p join units u on u.id = p.unit join terms t on t.id = p.term "
            "left join samples s on s.id = p.sample left join rows r "
            "on (r.unit, r.term, r.sample) = (p.unit, p.term, p.sample) "
            "where u.probe = ? and u.model in (?, '') order by s.name, t.at"
        )
        rows = self.record.database.execute(query, (probe, digest))
        kept = [
            Kept(sample=n, at=json.loads(at), metric=m, value=v, jpeg=j, width=w, height=h)
            for n, at, m, v, j, w, h in rows
        ]
        return sorted(kept, key=lambda one: severity(one.at, found))


def severity(at: Mapping[str, Scalar], found: Sequence[Panel]) -> tuple[int, int]:
    """Return the place of a condition: its panel's, and its level's within it."""
    for index, panel in enumerate(found):
        if panel.holds(at):
            return index, panel.levels.index(at[panel.axis]) if panel.axis else 0
    return len(found), 0


def nearest(scores: Mapping[str, float], target: float) -> str:
    """Return the image whose score is nearest to a target."""
    return min(scores, key=lambda name: (abs(scores[name] - target), name))


def from_worst(pictures: Sequence[Kept]) -> list[Kept]:
    """Return kept images from worst to best."""
    return sorted(pictures, key=lambda one: (one.value is None, one.value or 0.0, one.sample))


def neutral(found: Sequence[Panel]) -> bool:
    """Return whether an axis passes through the untouched image, as a scale factor does."""
    return len(found) == 1 and 1.0 in found[0].levels and found[0].levels[0] != 1.0


def rows_of(
    sample: str, pictures: Sequence[Kept], found: Sequence[Panel], first: Kept | None
) -> list[list[Kept]]:
    """Return one image from mild to severe, in one row; of several panels, the worst."""
    mine = [one for one in pictures if one.sample == sample]
    if len(mine) > MOST:
        mine = lowest(mine, found)
    start = [first] if first else []
    rows = [[one for one in mine if panel.holds(one.at)] for panel in found]
    if len({panel.axis for panel in found}) > 1 or all(len(row) < 2 for row in rows):  # noqa: PLR2004
        # Rows of one picture each are joined to one row.
        return [some(start + mine)]
    worst = min((row for row in rows if row), key=lambda row: min(map(value, row)))
    return [some(start + worst)]


def value(kept: Kept) -> float:
    """Return the value of a picture; minus infinity where it has none."""
    return kept.value if kept.value is not None else -math.inf


def some(row: list[Kept]) -> list[Kept]:
    """Return a few pictures of a row, evenly from its first to its last.

    >>> some(list(range(11)))
    [0, 3, 7, 10]
    """
    last = len(row) - 1
    places = {round(place * last / (SHOWN - 1)) for place in range(SHOWN)} if last > 0 else {0}
    return [row[place] for place in sorted(places)] if len(row) > SHOWN else row


def lowest(mine: Sequence[Kept], found: Sequence[Panel]) -> list[Kept]:
    """Return the picture of the lowest value at each level of each axis."""
    axes = {panel.axis for panel in found}
    best: dict[str, Kept] = {}
    for one in mine:
        level = str({key: value for key, value in one.at.items() if key in axes})
        if level not in best or (one.value or 0.0) < (best[level].value or 0.0):
            best[level] = one
    return [one for one in mine if one in best.values()]


def inlined(jpeg: bytes) -> str:
    """Return a picture as an address that holds it."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


def shown(kept: Kept, words: Vocabulary, *, lone: bool) -> Frame:
    """Return a picture as a frame of the page: its data URI, its condition and its value."""
    jpeg, width, height = shrunk(kept)
    return Frame(
        uri=inlined(jpeg),
        width=width,
        height=height,
        condition=short(kept.sample, 28) if lone else words.condition(kept.at),
        value=f"{words.metric(kept.metric)} {number(kept.value)}",
        number=kept.value,
    )


def shrunk(kept: Kept) -> tuple[bytes, int, int]:
    """Return a picture that is kept large at the size of a strip, and its width and height."""
    if max(kept.width, kept.height) <= SIDE:
        return kept.jpeg, kept.width, kept.height
    from PIL import Image

    picture = Image.open(io.BytesIO(kept.jpeg))
    picture.thumbnail((SIDE, SIDE))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82)
    return buffer.getvalue(), *picture.size
