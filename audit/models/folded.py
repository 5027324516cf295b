"""A model of several classes where the truth knows one: everything but its background is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.models.decoder import folded
from audit.models.segmenter import Prediction, Segmenter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


class Folded(Segmenter):
    """A model whose classes beyond the first are judged together as foreground.

    Its logits are those of background and of any other class; labels follow from these, where
    there are probabilities.
    """

    def __init__(self, model: Segmenter) -> None:
        self.model = model
        self.several = list(range(1, model.traits.classes))
        self.traits = model.traits.with_found({"folded": self.several}, classes=2)

    def logits(self, images: Tensor) -> Tensor:
        """Return logits (B, 2, Y, X) of raw images (B, C, Y, X)."""
        return folded(self.model.logits(images), [0], self.several)

    def predict(self, images: Tensor) -> Prediction:
        """Return the prediction in two classes for raw images (B, C, Y, X)."""
        found = self.model.predict(images)
        if found.probabilities is None:
            return Prediction(labels=(found.labels > 0).long(), instances=found.instances)
        behind = found.probabilities[:, :1]
        two = torch.cat((behind, 1 - behind), 1)
        labels = (two[:, 1] > two[:, 0]).long()
        return Prediction(labels=labels, probabilities=two, instances=found.instances)

    def otherwise(self) -> Mapping[str, Segmenter]:
        """Return the same model in two classes under other readings of its description."""
        return {name: Folded(one) for name, one in self.model.otherwise().items()}

    def evaluated(self) -> Folded | None:
        """Return a copy on which eval() was called; None where nothing is left to be switched."""
        inner = self.model.evaluated()
        return Folded(inner) if inner else None
