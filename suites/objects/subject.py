"""What the probes of this suite ask about: the objects of one image, true and predicted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from audit.tasks.instance import predicted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audit.models.segmenter import Prediction
    from audit.probing.look import Look


def true_numbers(look: Look) -> NDArray[np.int64]:
    """Return the numbers (Y, X) of the true objects, IGNORE where nobody judged."""
    return np.asarray(look.truth.cpu().numpy(), np.int64)


def predicted_numbers(look: Look, prediction: Prediction) -> NDArray[np.int64]:
    """Return the numbers (Y, X) of the objects that are predicted for one image of a batch."""
    found = predicted(prediction.of(look.number), look.known)
    return np.asarray(found.cpu().numpy(), np.int64)


def count(numbers: NDArray[np.int64]) -> int:
    """Return how many objects occur among numbers; 0 and below are none.

    >>> count(np.array([0, 7, 7, 2, -1]))
    2
    """
    return len(np.unique(numbers[numbers > 0]))
