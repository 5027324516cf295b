"""What the probes of this suite ask about: the objects of one image, true and predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.imaging.objects import components
from audit.meaning import IGNORE

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from audit.models.segmenter import Prediction
    from audit.probing.look import Look


def true_numbers(look: Look) -> NDArray[np.int64]:
    """Return the numbers (Y, X) of the true objects, IGNORE where nobody judged."""
    numbers = look.objects.where(look.known, IGNORE)
    return numbers.cpu().numpy()


def predicted_numbers(prediction: Prediction, number: int) -> NDArray[np.int64]:
    """Return the numbers (Y, X) of the objects predicted for one image of a batch.

    The model's own; where it gives classes alone, the connected areas of its foreground.
    """
    if prediction.instances is not None:
        return numbers_of(prediction.instances[number])
    return numbers_of(components(prediction.labels[number]))


def numbers_of(objects: Tensor) -> NDArray[np.int64]:
    """Return object numbers as an array."""
    return np.asarray(objects.cpu().numpy(), np.int64)


def count(numbers: NDArray[np.int64]) -> int:
    """Return how many objects occur among numbers; 0 and below are none.

    >>> count(np.array([0, 7, 7, 2, -1]))
    2
    """
    return len(np.unique(numbers[numbers > 0]))
