"""Grey images that were saved in colour: three equal channels are one, for a model that takes one.

PNG and JPEG files of microscopes are often saved so. Nothing is lost, and nothing is guessed: an
image whose channels differ is not read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from audit.errors import ReadingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from audit.datasets.sample import Sample

COLOURS = 3


def as_grey(samples: Iterable[Sample], channels: int | None) -> tuple[Sample, ...]:
    """Return samples as a model of so many channels sees them; of one: colours as grey."""
    return tuple(grey(one) if channels == 1 and one.shape[0] == COLOURS else one for one in samples)


def grey(sample: Sample) -> Sample:
    """Return a sample whose three channels are read as one; ReadingError where they differ."""

    def image() -> NDArray[np.float32]:
        planes = sample.image()
        if not all(np.array_equal(planes[0], other) for other in planes[1:]):
            raise ReadingError(
                "it is in colour, and the model takes one channel; say --channel 0 for the first "
                "of every image (1 and 2 are the others), or move it away to audit without it"
            )
        return planes[:1]

    return replace(sample, image=image, shape=(1, *sample.shape[1:]))
