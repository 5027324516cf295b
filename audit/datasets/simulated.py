"""Simulated fluorescent cells with exact truth: the workshop's three sets, and a crowded one.

    2k-10     10 + 10 images, background and cell
    2k-100   100 + 40 images, background and cell
    3k-100    70 + 30 images, background and two kinds of cell: round and smooth, long and grainy
    crowded   40 + 20 images, 160 to 230 small cells each, most of which touch another

The truth is a mask of classes, or twelve classes of distance from the cell's border. Each image is
a group of its own. Cells overlap (the later covers), specks and haze belong to no cell. Crowded
cells hardly overlap; which of them touch, `audit.metrics.neighbours.touching` tells by instances.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from audit.datasets.cells import GENERATOR, Simulation, render
from audit.datasets.sample import Dataset, Sample, thinned
from audit.errors import UsageError, suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.datasets.cells import Rendered

Target = Literal["mask", "distance"]

DISTANCE_CLASSES = 12
DISTANCE_STEP_PX = 1.5
"""Each class beyond the border is so many pixels deep; the twelfth holds all that is deeper."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A named set: its generator, and how many of its images train and test."""

    simulation: Simulation
    train: int
    test: int


CROWD = Simulation(
    seed=4100,
    cells=(160, 230),
    diameter_um=(8.0, 13.0),
    elongation=((1.0, 1.3),),
    irregularity=0.05,
    overlap=0.9,
)
"""Small, nearly round cells, packed until there is hardly room for another."""

SETS = {
    "2k-10": Plan(simulation=Simulation(seed=210), train=10, test=10),
    "2k-100": Plan(simulation=Simulation(seed=2100), train=100, test=40),
    "3k-100": Plan(simulation=Simulation(seed=3100, species=2), train=70, test=30),
    "crowded": Plan(simulation=CROWD, train=40, test=20),
}


def simulated(
    name: str,
    *,
    part: str = "test",
    target: Target = "mask",
    every: int = 1,
    limit: int | None = None,
) -> Dataset:
    """Return the part "train" or "test" of a set by name; rendered when asked for.

    >>> [sample.id for sample in simulated("2k-10", limit=2).samples]
    ['simulated-2k-10/010', 'simulated-2k-10/015']
    """
    if name not in SETS:
        raise UsageError(f"simulated:{name}: no such set; {suggest(name, SETS)}")
    plan = SETS[name]
    parts = {"train": range(plan.train), "test": range(plan.train, plan.train + plan.test)}
    if part not in parts:
        raise UsageError(f"simulated:{name}:{part}: no such part; {suggest(part, parts)}")
    if target not in ("mask", "distance"):
        raise UsageError(f"target: expected mask or distance, got {target!r}")
    return simulate(
        plan.simulation,
        thinned(parts[part], every, limit),
        name=f"simulated-{name}",
        part=part,
        target=target,
    )


def simulate(
    simulation: Simulation,
    indices: Sequence[int],
    *,
    name: str = "simulated",
    part: str = "test",
    target: Target = "mask",
) -> Dataset:
    """Return the images of these indices; image i is the same however many there are."""
    samples = tuple(
        _sample(simulation, index, name=name, part=part, target=target) for index in indices
    )
    parameters = {"target": target, "generator": GENERATOR, "simulation": asdict(simulation)}
    return Dataset(samples=samples, origin={"layout": "simulated", **parameters})


def _sample(simulation: Simulation, index: int, *, name: str, part: str, target: Target) -> Sample:
    """Return one simulated sample, not yet rendered."""
    text = json.dumps([GENERATOR, asdict(simulation), index, target], sort_keys=True)
    return Sample(
        id=f"{name}/{index:03d}",
        image=partial(_image, simulation, index),
        shape=(1, simulation.size_px, simulation.size_px),
        digest=hashlib.sha256(text.encode()).hexdigest()[:16],
        part=part,
        dataset=name,
        group=f"{name}/{index:03d}",
        frame=index,
        mask=partial(_distances if target == "distance" else _classes, simulation, index),
        instances=partial(_instances, simulation, index),
        pixel_um=simulation.pixel_um,
    )


@lru_cache(maxsize=16)
def _rendered(simulation: Simulation, index: int) -> Rendered:
    """Return the rendered field, kept for its image, mask and instances."""
    return render(simulation, index)


def _image(simulation: Simulation, index: int) -> NDArray[np.float32]:
    """Return the camera counts, float32 (1, Y, X): a copy, for the kept one is shared."""
    return _rendered(simulation, index).image[None].copy()


def _instances(simulation: Simulation, index: int) -> NDArray[np.int32]:
    """Return the object numbers, int32 (Y, X)."""
    return _rendered(simulation, index).instances.copy()


def _classes(simulation: Simulation, index: int) -> NDArray[np.int64]:
    """Return the kind of cell at each pixel, int64 (Y, X)."""
    rendered = _rendered(simulation, index)
    return np.array((0, *rendered.species), np.int64)[rendered.instances]


def _distances(simulation: Simulation, index: int) -> NDArray[np.int64]:
    """Return classes 1 to 11 by the distance from the border of the own cell, int64 (Y, X)."""
    return quantised_distance(_rendered(simulation, index).instances)


def quantised_distance(instances: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return 0 for background and 1 to 11 by the distance from the object's own border.

    Objects that touch have a border between them; the edge of the image is none.

    >>> quantised_distance(np.array([[0, 1, 1, 1, 1, 0]], np.int32))
    array([[0, 1, 2, 2, 1, 0]])
    """
    depth = depths(instances)
    levels = np.minimum(1 + (depth - 0.5) // DISTANCE_STEP_PX, DISTANCE_CLASSES - 1)
    return np.where(depth > 0, levels, 0).astype(np.int64)


def depths(instances: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return how far, in px, each pixel (Y, X) of an object lies from what is not that object.

    0 where there is none. The edge of the image is no border: a cell may go on beyond it.

    >>> depths(np.array([[0, 1, 1, 2, 2, 2]]))
    array([[0., 1., 1., 1., 2., 3.]])
    """
    from scipy.ndimage import distance_transform_edt, find_objects

    depth = np.zeros(instances.shape)
    for number, found in enumerate(find_objects(instances), start=1):
        if found is None:
            continue
        window = tuple(slice(max(0, axis.start - 1), axis.stop + 1) for axis in found)
        inside = instances[window] == number
        depth[window][inside] = distance_transform_edt(inside)[inside]
    return depth
