"""Naive predictors as segmenters: they give labels only, no gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import interpolate

from audit.models.segmenter import Prediction, Segmenter, Traits

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from baselines.naive.prior import Prior


class Naive(Segmenter):
    """A predictor that learnt nothing from images: it knows masks at most."""

    def __init__(self, name: str, prior: Prior) -> None:
        self.prior = prior
        self.traits = Traits(
            digest=f"naive:{name}:{prior.digest}",
            classes=prior.classes,
            output="labels",
            access="live",
            isolation="none: part of bioaudit",
        )

    def predict(self, images: Tensor) -> Prediction:
        """Return one label image (Y, X) an image."""
        labels = [self.labels(image).to(images.device) for image in images]
        return Prediction(labels=torch.stack(labels))

    def labels(self, image: Tensor) -> Tensor:
        """Return the class (Y, X), int64, at each pixel of an image (C, Y, X)."""
        raise NotImplementedError


class Background(Naive):
    """Class 0 everywhere."""

    def labels(self, image: Tensor) -> Tensor:
        """Return class 0 at every pixel (Y, X)."""
        return torch.zeros(image.shape[-2:], dtype=torch.int64)


class Frequent(Naive):
    """The most frequent class everywhere."""

    def labels(self, image: Tensor) -> Tensor:
        """Return the most frequent class at every pixel (Y, X)."""
        return torch.full(image.shape[-2:], self.prior.frequent)


class MeanMask(Naive):
    """Where foreground mostly lies in the training masks, whatever the image shows.

    The pixels that are most often foreground are predicted: as many as give the best pooled IoU
    with the training masks. Images of another shape get the same map, stretched.
    """

    def labels(self, image: Tensor) -> Tensor:
        """Return the same labels for every image."""
        labels = torch.from_numpy(best_labels(self.prior.shares))
        size = tuple(image.shape[-2:])
        return interpolate(labels[None, None].float(), size, mode="nearest-exact")[0, 0].long()


class Otsu(Naive):
    """Otsu's threshold on each image: foreground is the side that covers less of it.

    Source: Otsu 1979, doi:10.1109/TSMC.1979.4310076.
    """

    def labels(self, image: Tensor) -> Tensor:
        """Return the most frequent foreground class on the rarer side of the threshold."""
        from skimage.filters import threshold_otsu

        grey = image.mean(0)
        level: float = threshold_otsu(grey.cpu().numpy())  # type: ignore[no-untyped-call]
        bright = grey > float(level)
        rarer = bright if float(bright.float().mean()) <= 1 / 2 else ~bright
        labels: Tensor = rarer.long() * self.prior.foreground
        return labels


def best_labels(shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the labels (Y, X) of best pooled foreground IoU with masks of these shares (K, Y, X).

    >>> best_labels(np.array([[[0.1, 0.7, 1.0]], [[0.9, 0.3, 0.0]]])).tolist()
    [[1, 0, 0]]
    """
    there = shares[1:].sum(0)
    order = np.argsort(-there, axis=None, kind="stable")
    hits = np.cumsum(there.reshape(-1)[order])
    unions = np.arange(1, len(order) + 1) + hits[-1] - hits
    kept = order[: 1 + int((hits / unions).argmax())] if hits[-1] else order[:0]
    labels = np.zeros(there.size, np.int64)
    labels[kept] = 1 + shares[1:].argmax(0).reshape(-1)[kept]
    return labels.reshape(there.shape)
