"""The same field found again: normalised cross-correlation over flips, quarter turns and shifts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from audit.imaging import turn as orientation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

NAMES = tuple(orientation.ORIENTATIONS)
"""The eight orientations by number: 0 is the image itself, from 4 on it is mirrored."""

TURNS = len(NAMES)


@dataclass(frozen=True, kw_only=True)
class Match:
    """How one image lies on another: pixel p of the turned second is pixel p + shift of the first.

    `correlation` is over the overlap, whose area is `overlap` of the smaller image.
    """

    correlation: float
    turn: int
    shift: tuple[int, int]
    overlap: float


def turned(image: Tensor, turn: int) -> Tensor:
    """Return an image (..., Y, X) in the orientation of a number, 0..7; 0 is the image itself."""
    return orientation.turned(image, NAMES[turn])


class Template:
    """An image prepared to be found in others: spectra and energies of its eight turns."""

    def __init__(self, image: Tensor, canvas: int) -> None:
        self.canvas = canvas
        self.turns = [turned(image, turn).contiguous() for turn in range(TURNS)]
        self.spectra = torch.stack([spectrum(one, canvas) for one in self.turns]).conj()
        self.laid: dict[tuple[tuple[int, int], float], list[Laid]] = {}

    def on(self, size: tuple[int, int], least_overlap: float) -> list[Laid]:
        """Return the turns of each outline as they lie on images of a size; kept for the next."""
        if (size, least_overlap) not in self.laid:
            outlines: dict[tuple[int, int], list[int]] = {}
            for turn, one in enumerate(self.turns):
                outlines.setdefault((one.shape[0], one.shape[1]), []).append(turn)
            self.laid[size, least_overlap] = [
                self.lay(turns, Overlaps(size, outline, least_overlap))
                for outline, turns in outlines.items()
            ]
        return self.laid[size, least_overlap]

    def lay(self, turns: list[int], field: Overlaps) -> Laid:
        """Return some turns of one outline with their energy at every shift of a field."""
        energies = [field.of_template(energy(self.turns[turn])) for turn in turns]
        return Laid(turns=turns, field=field, energies=torch.stack(energies))


@dataclass(frozen=True, kw_only=True)
class Laid:
    """Turns of one outline, the shifts that are looked at, and the energies there (T, Y, X)."""

    turns: list[int]
    field: Overlaps
    energies: Tensor

    def best(self, products: Tensor, sums: Tensor) -> Match:
        """Return the best turn and shift, from products (8, Y, X) and the image's own sums."""
        field = self.field
        numerator = products[self.turns][:, field.rows % len(products[0])]
        numerator = numerator[:, :, field.columns % products.shape[2]]
        power = (field.of_image(sums) * self.energies).clamp(min=LEAST_POWER).sqrt()
        correlation = torch.where(field.allowed, numerator / power, -1.0)
        index, place = divmod(int(correlation.argmax()), field.allowed.numel())
        y, x = divmod(place, field.allowed.shape[1])
        return Match(
            correlation=float(correlation[index, y, x]),
            turn=self.turns[index],
            shift=(int(field.rows[y]), int(field.columns[x])),
            overlap=float(field.overlap[y, x]),
        )


LEAST_POWER = 1e-12
"""Nothing correlates with what has no power."""


class Overlaps:
    """The shifts at which two sizes overlap enough, and the rectangles where they do."""

    def __init__(self, size: tuple[int, int], other: tuple[int, int], least_overlap: float) -> None:
        smaller = min(size[0] * size[1], other[0] * other[1])
        # Where the other axis overlaps in full, this one must overlap by so much.
        shorter = [min(a, b) for a, b in zip(size, other, strict=True)]
        least = [least_overlap * smaller / shorter[1], least_overlap * smaller / shorter[0]]
        self.spans = [span(a, b, c) for a, b, c in zip(size, other, least, strict=True)]
        (self.rows, top, bottom), (self.columns, left, right) = self.spans
        self.overlap = (bottom - top)[:, None] * (right - left) / smaller
        self.allowed = self.overlap >= least_overlap

    def of_image(self, sums: Tensor) -> Tensor:
        """Return the energy of the image under the template, at every shift."""
        return rectangles(sums, [(start, stop) for _, start, stop in self.spans])

    def of_template(self, sums: Tensor) -> Tensor:
        """Return the energy of that part of the template that lies on the image."""
        spans = [(start - shift, stop - shift) for shift, start, stop in self.spans]
        return rectangles(sums, spans)


def spectrum(image: Tensor, canvas: int) -> Tensor:
    """Return the Fourier transform of an image on an empty square of side `canvas`."""
    transformed: Tensor = torch.fft.rfft2(image, (canvas, canvas))
    return transformed


def energy(image: Tensor) -> Tensor:
    """Return sums of squares over all rectangles that begin at the origin (Y + 1, X + 1)."""
    sums = image.double().square().cumsum(0).cumsum(1)
    return torch.nn.functional.pad(sums, (1, 0, 1, 0))


def register(image: Tensor, template: Template, least_overlap: float) -> Match:
    """Return where the template fits an image best, over all turns and shifts.

    Images are (Y, X) of mean near 0. The overlap is at least `least_overlap` of the area of the
    smaller image. The canvas must be longer than an image and the largest shift together, else
    shifts wrap around. Agrees with brute force. Source: Padfield 2012,
    doi:10.1109/TIP.2011.2181402 (correlation of fields that only partly overlap).
    """
    canvas = (template.canvas, template.canvas)
    products = torch.fft.irfft2(spectrum(image, template.canvas) * template.spectra, canvas)
    sums = energy(image)
    laid = template.on((image.shape[0], image.shape[1]), least_overlap)
    found = [one.best(products, sums) for one in laid]
    return max(found, key=lambda match: match.correlation)


def span(size: int, other: int, least: float) -> tuple[Tensor, Tensor, Tensor]:
    """Return the shifts of a line over another with an overlap of `least`, its start and stop."""
    shifts = torch.arange(1 - other, size)
    start, stop = shifts.clamp(min=0), (shifts + other).clamp(max=size)
    enough = stop - start >= least
    return shifts[enough], start[enough], stop[enough]


def rectangles(sums: Tensor, spans: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    """Return the sums over rectangles of rows start..stop and columns start..stop."""
    (top, bottom), (left, right) = spans
    rows = sums[bottom] - sums[top]
    return (rows[:, right] - rows[:, left]).float()
