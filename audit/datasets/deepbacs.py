"""What the records of DeepBacs state of their archives, where an archive is surely theirs.

The pixel size stands in no file, and the truth of S. aureus leaves cells out. Both are taken for
archives that `bioaudit data fetch` unpacked from pinned bytes, and for nothing else: a folder may
bear a bacterium's name and be anybody's.

Source: Spahn et al. 2022, doi:10.1038/s42003-022-03634-z; CC-BY-4.0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.datasets.fetch import fetched

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from audit.datasets.sample import Dataset, Sample


@dataclass(frozen=True)
class RecordFacts:
    """The edge of a pixel in micrometres, and whether the truth annotates every cell."""

    pixel_um: float
    complete: bool = True


STATED: Mapping[str, Mapping[str, RecordFacts]] = {
    "deepbacs-s-aureus": {"": RecordFacts(0.08, complete=False)},
    "deepbacs-e-coli": {"": RecordFacts(0.079)},
    "deepbacs-mixed": {
        "JE2": RecordFacts(0.08, complete=False),
        "pos": RecordFacts(0.079),
        "train_": RecordFacts(0.065),
    },
}
"""What is stated of each archive, by the start of an image's name."""


def as_stated(found: Dataset, folder: Path, pixel_um: float | None) -> Dataset:
    """Return a dataset with what its record states, where its folder is one that was fetched."""
    stated = STATED.get(fetched(folder), {})
    if not stated:
        return found
    samples = tuple(placed(sample, stated, pixel_um) for sample in found.samples)
    return replace(found, samples=samples, origin={**found.origin, "record": "DeepBacs"})


def placed(sample: Sample, stated: Mapping[str, RecordFacts], pixel_um: float | None) -> Sample:
    """Return a sample with what is stated of its image; a pixel size that was given wins."""
    name = sample.id.rpartition("/")[2]
    own = next((one for start, one in stated.items() if name.startswith(start)), None)
    if own is None:
        return sample
    return replace(sample, pixel_um=pixel_um or own.pixel_um, complete=own.complete)
