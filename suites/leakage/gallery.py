"""Images prepared to be searched: their structure, small, and codes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from audit.imaging.bandpass import structure
from audit.imaging.codes import field_code, landmark_codes
from suites.leakage.blank import is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    from audit.datasets.sample import Sample

SIDE_PX = 128
"""The longer side at which images are compared: next frames of a movie and crops were found as
well as at 256 px, in an eighth of the time, and it is enough to tell any two movies apart."""

LANDMARKS = 32
"""Landmarks of the largest image; a smaller one has fewer, so that they are equally dense."""


@dataclass(frozen=True, kw_only=True)
class Gallery:
    """Samples with their structures in half precision (32 KiB an image) and their codes.

    A `field` is the whole image stretched to SIDE_PX, as a rescaled copy is found. A `piece` has
    the pixel size that all images share, as a crop is found; it is the field where all images are
    of one size.
    """

    samples: tuple[Sample, ...]
    fields: tuple[Tensor, ...]
    pieces: tuple[Tensor, ...]
    codes: Tensor
    landmarks: Tensor

    def only(self, places: Sequence[int]) -> Gallery:
        """Return the gallery of some of the samples."""
        return Gallery(
            samples=tuple(self.samples[n] for n in places),
            fields=tuple(self.fields[n] for n in places),
            pieces=tuple(self.pieces[n] for n in places),
            codes=self.codes[list(places)],
            landmarks=self.landmarks[list(places)],
        )


def longest(samples: Sequence[Sample]) -> int:
    """Return the longest side of all images, in px: what is brought to SIDE_PX."""
    return max(max(sample.shape[1:]) for sample in samples)


def gallery(samples: Sequence[Sample], longest_px: int, *, crops: bool = True) -> Gallery:
    """Return the gallery of samples, each read once; without landmarks where no crop is sought."""
    fields, pieces, codes, landmarks = [], [], [], []
    for sample in samples:
        # Rounding alone would be the structure of a blank image, and like that of any other.
        pixels = sample.image()
        image = torch.from_numpy(0 * pixels if is_blank(pixels) else pixels)
        own = max(sample.shape[1:])
        field = structure(image, SIDE_PX / own)
        piece = field if own == longest_px else structure(image, SIDE_PX / longest_px)
        fields.append(field.half())
        pieces.append(piece.half() if piece is not field else fields[-1])
        codes.append(field_code(field, SIDE_PX))
        count = -(-LANDMARKS * piece.numel() // SIDE_PX**2) if crops else 0
        marks = landmark_codes(piece, count)
        landmarks.append(torch.nn.functional.pad(marks, (0, 0, 0, LANDMARKS - count)))
    return Gallery(
        samples=tuple(samples),
        fields=tuple(fields),
        pieces=tuple(pieces),
        codes=torch.stack(codes),
        landmarks=torch.stack(landmarks),
    )
