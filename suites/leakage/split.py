"""The split itself: ids, files, tiles and movies that stand on both sides.

Pixels are read only of the same files, to tell blank ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe
from suites.leakage.blank import BLANK, is_blank

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audit.datasets.sample import Sample
    from audit.probing.case import Case

TILE = re.compile(r"(.+?)[_-](?:[xy]|row|col|r|c)_?\d+[_-](?:[xy]|row|col|r|c)_?\d+", re.IGNORECASE)
"""The name of a tile that was cut from a larger image: …_x0_y512, …_row1_col2."""

UNGROUPED = "no movie, plate or donor was named that holds two images"


@dataclass(frozen=True, kw_only=True)
class Split(Probe):
    """What names and files say: whether a test image, or what it was cut from, is in training.

    `same_id` is an id in both parts, `same_file` the same bytes of image and truth, undefined for
    an image of one number at every pixel, which is equal to any other, `same_field` a
    tile of an image whose other tiles were trained on, by the coordinates in its name; `leaked` is
    any of these. `same_movie` is a movie, plate or donor on both sides, undefined where no group
    holds two images: then nobody said what belongs together.
    """

    name: ClassVar[str] = "leakage.split"
    asks: ClassVar[str] = "Does the split itself put an image, a field or a movie on both sides?"
    source: ClassVar[str] = "doi:10.1016/j.patter.2023.100804"
    version: ClassVar[int] = 3
    needs: ClassVar[Needs] = Needs(model="none", parts=("test", "train"))
    scope: ClassVar = "audit"

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield five flags a test image."""
        trains = case.part("train")
        ids, files = {own(one) for one in trains}, {one.digest for one in trains}
        fields = {field(one) for one in trains} - {None}
        movies = {one.group for one in trains} - {""}
        grouped = told((*trains, *case.part("test")))
        for sample in case.part("test"):
            flags = {"same_id": own(sample) in ids, "same_field": field(sample) in fields}
            blank = sample.digest in files and is_blank(sample.image())
            if blank:
                yield Measurement("same_file", None, sample.id, undefined=BLANK)
            else:
                flags["same_file"] = sample.digest in files
            for metric, flag in flags.items():
                yield Measurement(metric, float(flag), sample.id)
            yield Measurement("leaked", float(any(flags.values())), sample.id)
            same = float(sample.group in movies) if grouped else None
            reason = None if grouped else UNGROUPED
            yield Measurement("same_movie", same, sample.id, undefined=reason)


def own(sample: Sample) -> str:
    """Return a sample's id as its dataset gives it, without the part that tells two apart.

    An audit that holds one id twice puts the part before one of them.
    """
    return sample.id.removeprefix(f"{sample.part}:")


def field(sample: Sample) -> str | None:
    """Return the name of the image that a tile was cut from; None where its name says none.

    Folders are left out: parts of one split lie in folders of other names.
    """
    match = TILE.fullmatch(sample.id.rpartition("/")[2])
    return match[1] if match else None


def told(samples: Sequence[Sample]) -> bool:
    """Return whether groups say anything: one of them holds two images."""
    return len({sample.group or sample.id for sample in samples}) < len(samples)
