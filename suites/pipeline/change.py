"""Rows that say how far a second prediction of the same images is from the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.imaging.overlay import draw
from audit.measurement import Measurement
from audit.metrics.agreement import agreement
from audit.models.segmenter import Prediction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from audit.measurement import Scalar
    from audit.probing.case import Case

EMPTY = "nothing is predicted, before or after"
NO_PROBABILITIES = "the model gives no probabilities"


def agreements(
    case: Case, before: Tensor, after: Tensor, within: Tensor | None = None, **at: Scalar
) -> Iterator[Measurement]:
    """Yield how far labels (B, Y, X) agree with those from before, image by image.

    A picture shows the prediction from before in white and the other in orange.
    """
    for number, sample in enumerate(case.samples):
        one, other = before[number], after[number]
        found = agreement(one, other, within)
        yield Measurement(
            "agreement",
            found.share,
            sample.id,
            at,
            float(found.either),
            None if found.either else EMPTY,
            lambda n=number, a=one, b=other: draw(  # type: ignore[misc]
                case.images[n], a, b, case.block.shades(n)
            ),
        )


def probability_changes(
    case: Case, before: Prediction, after: Prediction, **at: Scalar
) -> Iterator[Measurement]:
    """Yield the largest change of any pixel's probability, 0..1, image by image."""
    for number, sample in enumerate(case.samples):
        if before.probabilities is None or after.probabilities is None:
            yield Measurement("probability_change", None, sample.id, at, 0.0, NO_PROBABILITIES)
            continue
        moved = (before.probabilities[number] - after.probabilities[number]).abs().max()
        yield Measurement("probability_change", float(moved), sample.id, at)


def together(parts: Sequence[Prediction]) -> Prediction:
    """Return the predictions of several batches as that of one."""
    planes = [part.probabilities for part in parts if part.probabilities is not None]
    return Prediction(
        labels=torch.cat([part.labels for part in parts]),
        probabilities=torch.cat(planes) if len(planes) == len(parts) else None,
    )
