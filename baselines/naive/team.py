"""Which naive predictors stand beside an audited model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.role import Role
from baselines.naive.predictors import Background, Frequent, MeanMask, Otsu
from baselines.naive.prior import Prior

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.datasets.sample import Sample
    from baselines.naive.predictors import Naive


def naive_models(
    train: Sequence[Sample], test: Sequence[Sample], classes: int
) -> Mapping[Role, Naive]:
    """Return naive predictors by role; no mask is read before a predictor is asked.

    Class frequencies are those of the training masks, else of the test masks, where they are an
    upper bound of what a constant can reach. The mean mask needs training masks of one shape.
    """
    learned = Prior(train, classes)
    known = learned if learned.samples else Prior(test, classes)
    models = {
        Role("naive", "background"): Background("background", Prior((), classes)),
        Role("naive", "frequent"): Frequent("frequent", known),
        Role("naive", "otsu"): Otsu("otsu", known),
    }
    if len({sample.shape[1:] for sample in learned.samples}) == 1:
        models[Role("naive", "mean-mask")] = MeanMask("mean-mask", learned)
    return models
