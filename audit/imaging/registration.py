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
        self.energies = [energy(one) for one in self.turns]


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
    smaller image. The canvas must hold both images side by side, else shifts would wrap around.
    Agrees with brute force. Source: doi:10.1117/12.421129 (fast normalised cross-correlation).
    """
    own, sums = spectrum(image, template.canvas), energy(image)
    products = torch.fft.irfft2(own * template.spectra, (template.canvas, template.canvas))
    best = Match(correlation=-1.0, turn=0, shift=(0, 0), overlap=0.0)
    fields: dict[tuple[int, int], Field] = {}
    for turn, other in enumerate(template.turns):
        size = (other.shape[0], other.shape[1])
        if size not in fields:
            fields[size] = Field((image.shape[0], image.shape[1]), size, least_overlap, sums)
        found = fields[size].peak(products[turn], template.energies[turn], turn)
        best = max(best, found, key=lambda match: match.correlation)
    return best


class Field:
    """The shifts at which two sizes overlap enough, and the first image's energy there."""

    def __init__(
        self, size: tuple[int, int], other: tuple[int, int], least_overlap: float, sums: Tensor
    ) -> None:
        self.size, self.other = size, other
        smaller = min(size[0] * size[1], other[0] * other[1])
        # Where the other axis overlaps in full, this one must overlap by so much.
        shorter = [min(a, b) for a, b in zip(size, other, strict=True)]
        least = [least_overlap * smaller / shorter[1], least_overlap * smaller / shorter[0]]
        self.spans = [span(a, b, c) for a, b, c in zip(size, other, least, strict=True)]
        lengths = [(stop - start).double() for _, start, stop in self.spans]
        self.overlap = lengths[0][:, None] * lengths[1][None] / smaller
        self.allowed = self.overlap >= least_overlap
        self.energy = rectangles(sums, [(start, stop) for _, start, stop in self.spans])

    def peak(self, products: Tensor, sums: Tensor, turn: int) -> Match:
        """Return the best shift of one turn."""
        (rows, *_), (columns, *_) = self.spans
        numerator = products[rows % len(products)][:, columns % len(products)]
        shifted = [(start - shift, stop - shift) for shift, start, stop in self.spans]
        power = (self.energy * rectangles(sums, shifted)).clamp(min=1e-12).sqrt()
        correlation = torch.where(self.allowed, numerator / power.to(numerator), -1.0)
        place = int(correlation.argmax())
        y, x = divmod(place, correlation.shape[1])
        return Match(
            correlation=float(correlation[y, x]),
            turn=turn,
            shift=(int(rows[y]), int(columns[x])),
            overlap=float(self.overlap[y, x]),
        )


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
    return rows[:, right] - rows[:, left]
