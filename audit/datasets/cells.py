"""Drawn cells: what a simulated field holds, and its picture through a microscope and a camera.

A field is drawn from (seed, index) alone, so that an image does not depend on how many there are.
Shapes are ellipses with harmonic outlines; light is in photons until the camera counts it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


GENERATOR = 1
"""Rises whenever the same parameters would give other pixels; part of every digest."""


@dataclass(frozen=True, kw_only=True)
class Simulation:
    """Every parameter of a simulated set; pairs are the ends of uniform distributions."""

    seed: int = 20
    size_px: int = 256
    pixel_um: float = 0.65
    species: int = 1
    cells: tuple[int, int] = (12, 26)
    diameter_um: tuple[float, float] = (12.0, 24.0)
    elongation: tuple[tuple[float, float], ...] = ((1.0, 1.6), (1.8, 2.8))
    irregularity: float = 0.07
    photons: tuple[float, float] = (45.0, 170.0)
    texture: tuple[float, ...] = (0.25, 0.45)
    texture_px: tuple[float, ...] = (2.5, 1.2)
    transparency: float = 0.3
    background_photons: tuple[float, float] = (20.0, 45.0)
    unevenness: tuple[float, float] = (0.3, 0.7)
    haze_photons: tuple[float, float] = (10.0, 35.0)
    haze_count: int = 3
    debris: tuple[int, int] = (2, 7)
    psf_um: tuple[float, float] = (0.6, 1.1)
    gain: float = 2.0
    pedestal: float = 100.0
    read_noise: float = 6.0
    overlap: float = 0.72


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell as drawn, in pixels, radians and photons; `harmonics` are (amplitude, phase)."""

    species: int
    y: float
    x: float
    radius: float
    elongation: float
    angle: float
    photons: float
    harmonics: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class DrawnField:
    """All that was drawn for one image, but the grain of its textures and of its noise."""

    cells: tuple[Cell, ...]
    background: float
    unevenness: float
    tilt: float
    haze: float
    psf_px: float
    debris: int


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A camera image float32 (Y, X), object numbers int32 (Y, X), and each object's species."""

    image: NDArray[np.float32]
    instances: NDArray[np.int32]
    species: tuple[int, ...]


def draw(simulation: Simulation, index: int) -> DrawnField:
    """Return what the field of this index holds; the later a cell, the nearer it lies."""
    stream = np.random.default_rng((simulation.seed, index, 0))
    count = int(stream.integers(simulation.cells[0], simulation.cells[1] + 1))
    cells: list[Cell] = []
    for _ in range(20 * count):
        cell = _draw_cell(simulation, stream)
        if len(cells) < count and all(_apart(simulation, cell, other) for other in cells):
            cells.append(cell)
    return DrawnField(
        cells=tuple(cells),
        background=float(stream.uniform(*simulation.background_photons)),
        unevenness=float(stream.uniform(*simulation.unevenness)),
        tilt=float(stream.uniform(0, 2 * math.pi)),
        haze=float(stream.uniform(*simulation.haze_photons)),
        psf_px=float(stream.uniform(*simulation.psf_um)) / simulation.pixel_um,
        debris=int(stream.integers(simulation.debris[0], simulation.debris[1] + 1)),
    )


def _draw_cell(simulation: Simulation, stream: np.random.Generator) -> Cell:
    """Return one cell anywhere in the field, the brightness drawn on a logarithmic scale."""
    species = int(stream.integers(1, simulation.species + 1))
    low, high = np.log(simulation.photons)
    strength = simulation.irregularity * stream.standard_normal(4) / np.arange(1, 5)
    phases = stream.uniform(0, 2 * math.pi, 4)
    return Cell(
        species=species,
        y=float(stream.uniform(0, simulation.size_px)),
        x=float(stream.uniform(0, simulation.size_px)),
        radius=float(stream.uniform(*simulation.diameter_um)) / 2 / simulation.pixel_um,
        elongation=float(stream.uniform(*simulation.elongation[species - 1])),
        angle=float(stream.uniform(0, math.pi)),
        photons=float(np.exp(stream.uniform(low, high))),
        harmonics=tuple((float(a), float(p)) for a, p in zip(strength, phases, strict=True)),
    )


def _apart(simulation: Simulation, one: Cell, other: Cell) -> bool:
    """Say whether two cells overlap no more than the simulation lets them."""
    distance = math.hypot(one.y - other.y, one.x - other.x)
    return distance > simulation.overlap * (one.radius + other.radius)


def render(simulation: Simulation, index: int) -> Rendered:
    """Return the image of this index in camera counts, with its exact truth."""
    stream = np.random.default_rng((simulation.seed, index, 1))
    return expose(simulation, draw(simulation, index), stream, stream)


def expose(
    simulation: Simulation,
    field: DrawnField,
    stream: np.random.Generator,
    noise: np.random.Generator,
) -> Rendered:
    """Return the image of a field; its grain is drawn from one stream, its noise from another."""
    from scipy.ndimage import gaussian_filter

    light = _background(simulation, field, stream)
    instances = np.zeros(light.shape, np.int32)
    grains = [_grain(simulation.size_px, px, stream) for px in simulation.texture_px]
    for number, cell in enumerate(field.cells, start=1):
        grain = 1 + simulation.texture[cell.species - 1] * grains[cell.species - 1]
        through = simulation.transparency
        _add_cell(light, instances, cell, number=number, grain=grain, transparency=through)
    _add_debris(light, field, stream)
    light = gaussian_filter(light, field.psf_px, mode="reflect")
    counts = simulation.gain * noise.poisson(light) + simulation.pedestal
    counts = counts + noise.normal(0, simulation.read_noise, light.shape)
    image = np.clip(np.rint(counts), 0, 2**16 - 1).astype(np.float32)
    return Rendered(
        image=image, instances=instances, species=tuple(cell.species for cell in field.cells)
    )


def _grain(size: int, sigma_px: float, stream: np.random.Generator) -> NDArray[np.float64]:
    """Return smooth noise (Y, X) of mean 0 and deviation 1."""
    from scipy.ndimage import gaussian_filter

    noise = gaussian_filter(stream.standard_normal((size, size)), sigma_px, mode="wrap")
    return np.asarray(noise / noise.std())


def _background(
    simulation: Simulation, field: DrawnField, stream: np.random.Generator
) -> NDArray[np.float64]:
    """Return photons (Y, X) of the medium: a slope, a vignette, and cells far out of focus."""
    size = simulation.size_px
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    slope = math.cos(field.tilt) * y + math.sin(field.tilt) * x
    light = field.background * (1 + field.unevenness * (0.6 * slope - 0.4 * (y * y + x * x)))
    for _ in range(simulation.haze_count):
        centre_y, centre_x = stream.uniform(-1, 1, 2)
        width = stream.uniform(0.12, 0.3)
        distance = (y - centre_y) ** 2 + (x - centre_x) ** 2
        light += field.haze * np.exp(-distance / (2 * width * width))
    return np.asarray(np.maximum(light, 1.0))


def _add_cell(
    light: NDArray[np.float64],
    instances: NDArray[np.int32],
    cell: Cell,
    *,
    number: int,
    grain: NDArray[np.float64],
    transparency: float,
) -> None:
    """Lay one cell over what is there: its pixels become its own, a part of the light shines."""
    reach = math.ceil(cell.radius * math.sqrt(cell.elongation) * 1.5)
    top, left = (max(0, math.floor(at) - reach) for at in (cell.y, cell.x))
    window = (
        slice(top, math.floor(cell.y) + reach + 1),
        slice(left, math.floor(cell.x) + reach + 1),
    )
    depth = _depth(cell, top, left, light[window].shape)
    inside = depth > 0
    profile = 0.45 + 0.55 * np.sqrt(np.clip(depth, 0, 1))
    own = cell.photons * profile * np.clip(grain[window], 0.15, None)
    before = np.where(instances[window] > 0, transparency, 1.0) * light[window]
    light[window] = np.where(inside, before + own, light[window])
    instances[window][inside] = number


def _depth(cell: Cell, top: int, left: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return 1 - (distance / outline)^2 for a window of pixels: positive inside the cell."""
    y, x = np.mgrid[top : top + shape[0], left : left + shape[1]]
    y, x = y - cell.y, x - cell.x
    stretch = math.sqrt(cell.elongation)
    along = (x * math.cos(cell.angle) + y * math.sin(cell.angle)) / stretch
    across = (y * math.cos(cell.angle) - x * math.sin(cell.angle)) * stretch
    theta = np.arctan2(across, along)
    outline = np.ones(shape)
    for order, (strength, phase) in enumerate(cell.harmonics, start=2):
        outline += strength * np.cos(order * theta + phase)
    return np.asarray(1 - (along**2 + across**2) / (cell.radius * outline) ** 2)


def _add_debris(light: NDArray[np.float64], field: DrawnField, stream: np.random.Generator) -> None:
    """Add specks that no truth knows: two pixels wide and as bright as cells."""
    size = light.shape[0]
    for _ in range(field.debris):
        y, x = stream.integers(0, size - 2, 2)
        light[y : y + 2, x : x + 2] += stream.uniform(60, 260)
