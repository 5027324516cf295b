"""Predictions made on another grid, and brought back to that of the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn.functional import interpolate, one_hot

from audit.imaging.resample import resample
from audit.models.segmenter import Prediction, highest

if TYPE_CHECKING:
    from torch import Tensor

    from audit.probing.case import Case

Size = tuple[int, int]
"""Rows and columns of a grid."""


def predicted_at(case: Case, size: Size) -> Prediction:
    """Return the prediction for a unit's images on a grid of another size, on their own grid."""
    own = (int(case.images.shape[-2]), int(case.images.shape[-1]))
    if size == own:
        return case.clean
    return on_grid(case.predict(resample(case.images, size)), own)


def on_grid(prediction: Prediction, size: Size) -> Prediction:
    """Return a prediction on another grid: the class that covers most of each pixel.

    Objects take the number that lies nearest: of numbers there is no majority between two grids.
    """
    planes = prediction.probabilities
    if planes is None:
        planes = one_hot(prediction.labels).movedim(-1, 1).float()
    objects = prediction.instances
    return Prediction(
        labels=highest(resample(planes, size)),
        instances=None if objects is None else nearest(objects, size),
    )


def nearest(objects: Tensor, size: Size) -> Tensor:
    """Return object numbers (B, Y, X) on another grid."""
    found: Tensor = interpolate(objects[:, None].double(), size, mode="nearest-exact")
    return found[:, 0].to(objects.dtype)
