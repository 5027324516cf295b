"""A model of several classes held to a truth that tells foreground only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from audit.models.segmenter import Prediction, Segmenter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

    from audit.models.decoder import Turned


class Folded(Segmenter):
    """A model whose classes but the background are one: what is inside, boundary or cell alike.

    A pixel is foreground where the model's likeliest class is not 0, as it is without folding. Its
    logits are that of the background and the highest of the others; its probabilities are summed.
    """

    def __init__(self, inner: Segmenter) -> None:
        self.inner = inner
        several = list(range(1, inner.traits.classes))
        self.traits = inner.traits.with_found({"folded": several}, classes=2)

    def logits(self, images: Tensor) -> Tensor:
        """Return differentiable logits (B, 2, Y, X) of raw images (B, C, Y, X)."""
        logits = self.inner.logits(images)
        return torch.stack((logits[:, 0], logits[:, 1:].amax(1)), 1)

    def predict(self, images: Tensor) -> Prediction:
        """Return the prediction for raw images (B, C, Y, X), its classes 0 and 1."""
        return self.folded(self.inner.predict(images))

    def redecoded(self, images: Tensor, turns: Sequence[Turned]) -> list[Prediction]:
        """Return the predictions of one pass, in two classes, under other parameters."""
        return [self.folded(one) for one in self.inner.redecoded(images, turns)]

    @staticmethod
    def folded(found: Prediction) -> Prediction:
        """Return a prediction whose classes are 0 and 1."""
        shares = found.probabilities
        if shares is not None:
            shares = torch.stack((shares[:, 0], shares[:, 1:].sum(1)), 1)
        return replace(found, labels=(found.labels > 0).long(), probabilities=shares)

    def otherwise(self) -> Mapping[str, Segmenter]:
        """Return the same model in two classes under other readings of its description."""
        return {name: Folded(one) for name, one in self.inner.otherwise().items()}

    def evaluated(self) -> Segmenter | None:
        """Return the folded copy on which eval() was called, if there is one."""
        inner = self.inner.evaluated()
        return None if inner is None else Folded(inner)
