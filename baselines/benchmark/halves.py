"""A dataset named by one text, as two halves: images to train on, and images to test on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audit.datasets.open import open_dataset
from audit.errors import DataError, UsageError

if TYPE_CHECKING:
    from audit.datasets.sample import Sample
    from audit.datasets.simulated import Target

DISTANCE = "@distance"
"""Suffix of a simulated set whose truth is twelve classes of distance from the cell's border."""

PAIRS = (("01", "02"), ("train", "test"))
"""Names of the folders to train on and to test on, in one parent folder."""

LOOKED_AT = 4


@dataclass(frozen=True, kw_only=True)
class Halves:
    """Where the two halves of a dataset lie, as texts that `open_dataset` takes."""

    name: str
    train: str
    test: str
    target: Target = "mask"

    def learn(self) -> tuple[Sample, ...]:
        """Return the images to learn from that have truth; DataError where there is none."""
        found = open_dataset(self.train, part="train", target=self.target)
        kept = tuple(one for one in found.samples if one.mask is not None)
        if not kept:
            raise DataError(f"{self.train}: no image to learn from has a mask")
        return kept


def halves(text: str) -> Halves:
    """Return the halves that a text names; UsageError where it does not tell them apart.

    A simulated set, a challenge dataset (sequence 01 is learnt from, 02 tested on), or a folder
    with `train` and `test` in it.

    >>> halves("simulated:2k-10@distance").name
    'simulated:2k-10@distance'
    """
    place = text.removesuffix(DISTANCE)
    if place.startswith("simulated:"):
        target: Target = "distance" if text.endswith(DISTANCE) else "mask"
        return Halves(name=text, train=place, test=place, target=target)
    folder = Path(text).expanduser()
    for train, test in PAIRS:
        if (folder / train).is_dir() and (folder / test).is_dir():
            return Halves(name=folder.name, train=str(folder / train), test=str(folder / test))
    raise UsageError(
        f"{text}: no dataset of two halves; give simulated:SET, a challenge dataset with the "
        "sequences 01 and 02, or a folder with train and test in it"
    )


def classes(samples: tuple[Sample, ...]) -> int:
    """Return how many classes a few of the masks hold, background counted."""
    some = samples[:: max(1, len(samples) // LOOKED_AT)]
    return 1 + max(int(one.mask().max()) for one in some if one.mask is not None)
