"""Rows that say how far a second prediction of the same images is from the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.metrics.agreement import agreement
from audit.models.segmenter import Prediction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from audit.measurement import Measurement, Scalar
    from audit.probing.case import Case

EMPTY = "nothing is predicted, before or after"
NO_PROBABILITIES = "the model gives no probabilities"


def agreements(
    case: Case, before: Tensor, after: Tensor, within: Tensor | None = None, **at: Scalar
) -> Iterator[Measurement]:
    """Yield how far labels (B, Y, X) agree with those from before, image by image.

    A picture shows the prediction from before in white and the other in orange.
    """
    for look, one, other in zip(case.looks(**at), before, after, strict=True):
        found = agreement(one, other, within)
        row = look.row("agreement", found.share, weight=found.either, why=EMPTY)
        yield look.drawn(row, look.image, one, other)


def probability_changes(
    case: Case, before: Prediction, after: Prediction, **at: Scalar
) -> Iterator[Measurement]:
    """Yield the largest change of any pixel's probability, 0..1, image by image."""
    for number, look in enumerate(case.looks(**at)):
        moved = None
        if before.probabilities is not None and after.probabilities is not None:
            change = before.probabilities[number] - after.probabilities[number]
            moved = float(change.abs().max())
        yield look.row("probability_change", moved, why=NO_PROBABILITIES)


def together(parts: Sequence[Prediction]) -> Prediction:
    """Return the predictions of several batches as that of one."""
    return Prediction(
        labels=torch.cat([part.labels for part in parts]),
        probabilities=joined([part.probabilities for part in parts]),
        instances=joined([part.instances for part in parts]),
    )


def joined(planes: Sequence[Tensor | None]) -> Tensor | None:
    """Return planes of several batches as one; None where a batch has none."""
    there = [plane for plane in planes if plane is not None]
    return torch.cat(there) if len(there) == len(planes) else None
