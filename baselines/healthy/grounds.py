"""Kinds of image that healthy networks learn from and are audited on, each with two sides.

Real images are read from the folder that is named; movies are halved in resolution or cut, so that
a network is trained and audited in minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from audit.datasets.cells import Simulation
from audit.datasets.open import open_dataset
from audit.datasets.sample import thinned
from audit.datasets.simulated import simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from audit.datasets.sample import Sample

SET, CHECK = "set", "check"
HALVES = (SET, CHECK)

LEARN, TEST = 24, 10
"""Images that a network learns from at most, and images that it is audited on at most."""


Pixel = TypeVar("Pixel", bound=np.generic)
Label = TypeVar("Label", bound=np.signedinteger)


@dataclass(frozen=True)
class ImagePart:
    """A part of an image, rows and columns, and by how much it is binned."""

    rows: slice
    columns: slice
    binned: int = 1


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What a network learns from, and what it is audited on."""

    train: tuple[Sample, ...]
    test: tuple[Sample, ...]


ROUND = Simulation(size_px=192, cells=(4, 8))
SMALL = Simulation(
    size_px=160, cells=(14, 28), diameter_um=(8.0, 15.0), photons=(30.0, 110.0), psf_um=(0.5, 0.9)
)
TWO = Simulation(size_px=192, cells=(5, 10), species=2)

SIMULATIONS = {
    "simulated-round": {
        SET: replace(ROUND, seed=7001),
        CHECK: replace(ROUND, seed=7002, photons=(60.0, 240.0), haze_count=5, irregularity=0.1),
    },
    "simulated-small": {
        SET: replace(SMALL, seed=7003),
        CHECK: replace(SMALL, seed=7004, gain=1.0, read_noise=3.0, debris=(4, 10), overlap=0.8),
    },
    "simulated-two-species": {
        SET: replace(TWO, seed=7005),
        CHECK: replace(TWO, seed=7006, pedestal=400.0, unevenness=(0.1, 0.4), texture=(0.2, 0.5)),
    },
}
MOVIES = {
    "phase-contrast": "ctc/PhC-C2DH-U373",
    "interference-contrast": "ctc/DIC-C2DH-HeLa",
    "fluorescent-nuclei": "ctc/Fluo-N2DL-HeLa",
}
KINDS = (*SIMULATIONS, *MOVIES, "nuclei-of-many-labs", "bacteria")

HALF = 0.5
CUT_PX = 192
FIELD_PX = 144


@lru_cache(maxsize=2)
def ground(kind: str, half: str, data: Path) -> Ground:
    """Return the images of a kind in a half; real ones lie in the folder `data`."""
    if kind in SIMULATIONS:
        return drawn(SIMULATIONS[kind][half], f"{kind}-{half}")
    sides = SIDES.get(kind, partial(movies, kind))(data)
    learnt, tested = sides if half == SET else sides[::-1]
    return Ground(
        train=tuple(replace(one, part="train") for one in thinned(learnt, 1, LEARN)),
        test=tuple(replace(one, part="test") for one in thinned(tested, 1, TEST)),
    )


def drawn(simulation: Simulation, name: str) -> Ground:
    """Return simulated images, all of one generator."""
    return Ground(
        train=simulate(simulation, range(LEARN), name=name, part="train").samples,
        test=simulate(simulation, range(LEARN, LEARN + TEST), name=name).samples,
    )


def movies(kind: str, data: Path) -> tuple[list[Sample], list[Sample]]:
    """Return the images made from the two movies of a challenge dataset: cut or halved."""
    make = windows if kind == "fluorescent-nuclei" else halved
    one, other = frames(kind, data)
    return make(one), make(other)


def frames(kind: str, data: Path) -> tuple[list[Sample], list[Sample]]:
    """Return the frames of two movies whose masks are complete."""
    one, other = (
        [s for s in open_dataset(data / MOVIES[kind] / name).samples if s.mask and s.complete]
        for name in ("01", "02")
    )
    return one, other


def halved(samples: Sequence[Sample]) -> list[Sample]:
    """Return images at half the resolution."""
    whole = ImagePart(slice(None), slice(None), binned=2)
    return [cut(one, whole) for one in samples]


def windows(samples: Sequence[Sample]) -> list[Sample]:
    """Return three squares out of every image, at places that change from image to image."""
    found = []
    for number, one in enumerate(samples):
        height, width = one.shape[1:]
        for place in range(3):
            top = (number + place) % 3 * (height - CUT_PX) // 2
            left = place * (width - CUT_PX) // 2
            rows, columns = slice(top, top + CUT_PX), slice(left, left + CUT_PX)
            found.append(cut(one, ImagePart(rows, columns)))
    return found


def nuclei(data: Path) -> tuple[list[Sample], list[Sample]]:
    """Return squares of fluorescent nuclei of many labs."""
    one, other = fields(data)
    square = ImagePart(slice(0, 256), slice(0, 256))
    return [cut(field, square) for field in one], [cut(field, square) for field in other]


def fields(data: Path) -> tuple[list[Sample], list[Sample]]:
    """Return fluorescent nuclei of many labs, every other image on either side."""
    table = (data / "nuclei/dsb2018_subset/manifest.csv").read_text("utf-8").splitlines()
    fluorescent = {line.split(",")[0] for line in table if ",fluo," in line}
    found = open_dataset(data / "nuclei/dsb2018_subset").samples
    chosen = [one for one in found if one.id.rpartition("/")[2] in fluorescent]
    return chosen[::2], chosen[1::2]


def bacteria(data: Path) -> tuple[list[Sample], list[Sample]]:
    """Return the squares of the left and of the right half of one field of bacteria."""
    return halves(data, FIELD_PX)


def halves(data: Path, side_px: int) -> tuple[list[Sample], list[Sample]]:
    """Return the squares of so many px in the left and in the right half of a field."""
    (field,) = open_dataset(data / "bacteria/ecoli_dapi").samples
    rows, columns = (range(0, size - side_px + 1, side_px) for size in field.shape[1:])
    half = len(columns) // 2
    left, right = squares(field, rows, columns[:half], "left"), columns[-half:]
    return left, squares(field, rows, right, "right")


def squares(field: Sample, rows: range, columns: range, side: str) -> list[Sample]:
    """Return the squares of a field that begin at these rows and columns, as one group."""
    found = [
        cut(field, ImagePart(slice(top, top + rows.step), slice(left, left + columns.step)))
        for top in rows
        for left in columns
    ]
    return [
        replace(one, group=f"{field.group}/{side}", frame=number)
        for number, one in enumerate(found)
    ]


SIDES: dict[str, Callable[[Path], tuple[list[Sample], list[Sample]]]] = {
    "nuclei-of-many-labs": nuclei,
    "bacteria": bacteria,
}


def cut(sample: Sample, window: ImagePart) -> Sample:
    """Return a window of a sample, binned, of one channel: grey images are often stored as RGB."""
    rows, columns = (
        len(range(*part.indices(size))) // window.binned
        for part, size in zip((window.rows, window.columns), sample.shape[1:], strict=True)
    )
    place = f"{window.rows.start or 0}-{window.columns.start or 0}-by-{window.binned}"
    assert sample.mask is not None
    return replace(
        sample,
        id=f"{sample.id}@{place}",
        digest=f"{sample.digest}@{place}-{rows}-{columns}",
        shape=(1, rows, columns),
        image=partial(light, sample.image, window),
        mask=partial(covered, sample.mask, window),
        instances=partial(covered, sample.instances, window) if sample.instances else None,
        pixel_um=sample.pixel_um * window.binned if sample.pixel_um else None,
    )


def blocks(plane: NDArray[Pixel], window: ImagePart) -> NDArray[Pixel]:
    """Return a window's pixels as (..., Y, X, n * n), where n by n pixels are binned into one."""
    part, n = plane[..., window.rows, window.columns], window.binned
    height, width = (size // n for size in part.shape[-2:])
    part = part[..., : height * n, : width * n]
    split = part.reshape(*part.shape[:-2], height, n, width, n)
    return np.moveaxis(split, -3, -2).reshape(*part.shape[:-2], height, width, n * n)


def light(image: Callable[[], NDArray[np.float32]], window: ImagePart) -> NDArray[np.float32]:
    """Return the first channel (1, Y, X), binned to means and rounded to whole counts."""
    mean: NDArray[np.float32] = np.rint(blocks(image()[:1], window).mean(-1)).astype(np.float32)
    return mean


def covered(labels: Callable[[], NDArray[Label]], window: ImagePart) -> NDArray[Label]:
    """Return labels (Y, X), binned: a block's highest, where labels cover half of it, else 0."""
    found = blocks(labels(), window)
    kept: NDArray[Label] = np.where((found > 0).mean(-1) >= HALF, found.max(-1), 0)
    return kept.astype(found.dtype)
