"""What masks say before any image is looked at: how frequent each class is, and where."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from audit.datasets.sample import Sample


class Prior:
    """The classes of some masks, counted when first asked for; masks are read one at a time."""

    def __init__(self, samples: Sequence[Sample], classes: int) -> None:
        self.samples = [sample for sample in samples if sample.mask is not None]
        self.classes = classes

    @property
    def digest(self) -> str:
        """Sixteen hex digits of the samples and the number of classes; no mask is read."""
        text = " ".join([str(self.classes), *(sample.digest for sample in self.samples)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def pixels(self) -> NDArray[np.int64]:
        """Pixels of each class, (K,)."""
        total = np.zeros(self.classes, np.int64)
        for sample in self.samples:
            total += counted(sample, self.classes)
        return total

    @property
    def frequent(self) -> int:
        """The most frequent class, the lower where two tie."""
        return int(self.pixels.argmax())

    @property
    def foreground(self) -> int:
        """The most frequent class but the background."""
        return 1 + int(self.pixels[1:].argmax())

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """How often each class lies at each pixel, (K, Y, X); masks must be of one shape."""
        shape = self.samples[0].shape[1:]
        total = np.zeros((self.classes, *shape))
        for sample in self.samples:
            assert sample.mask is not None
            mask = sample.mask()
            for number in range(self.classes):
                total[number] += mask == number
        return total / len(self.samples)


def counted(sample: Sample, classes: int) -> NDArray[np.int64]:
    """Return the pixels of each class in a mask; classes that the model lacks are left out."""
    assert sample.mask is not None
    mask = sample.mask().reshape(-1)
    return np.bincount(mask[(mask >= 0) & (mask < classes)], minlength=classes)
