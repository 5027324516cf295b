"""A split that leaks: test images in the training set, as they are, turned or cropped."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from baselines.flaws.change import changed, settings
from baselines.flaws.effect import Effect, mean
from baselines.flaws.flaw import Flaw
from baselines.flaws.movies import movies

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Segmenter
    from baselines.flaws.images import FlawImages

CROP = 0.75
"""The edge of a cropped copy, as a fraction of the image's."""

RATES: Mapping[str, float] = {"copy": 0.2, "turned": 0.2, "cropped": 0.2}
"""The share of the test images in the training set, by how they are changed there."""


def leaked(material: FlawImages, rates: Mapping[str, float] = RATES) -> FlawImages:
    """Return the material with test images among the training images, at known rates."""
    added = [
        disguised(sample, how)
        for how, chosen in shared_out(material.test, rates).items()
        for sample in chosen
    ]
    return replace(material, train=(*material.train, *added))


def shared_out(
    samples: Sequence[Sample], rates: Mapping[str, float]
) -> dict[str, Sequence[Sample]]:
    """Return the samples that leak by how each is changed: consecutive runs, none twice."""
    chosen, start = {}, 0
    for how, rate in rates.items():
        end = start + round(rate * len(samples))
        chosen[how], start = samples[start:end], end
    return chosen


def disguised(sample: Sample, how: str) -> Sample:
    """Return a test sample as a training sample, changed and under another id."""
    alter = DISGUISES[how]
    fields = {
        name: partial(altered, getattr(sample, name), alter)
        for name in ("image", "mask", "instances")
        if getattr(sample, name) is not None
    }
    channels, *edges = sample.shape
    height, width = alter(np.empty(edges)).shape
    one = changed(sample, how, shape=(channels, height, width), **fields)
    return replace(one, id=f"{sample.id} {how}", part="train")


def altered(read: Callable[[], Any], alter: Callable[[Any], Any]) -> Any:
    """Return what is read, altered, as a contiguous array."""
    return np.ascontiguousarray(alter(read()))


def cropped(array: Any) -> Any:
    """Return the lower right corner of an array (..., Y, X)."""
    height, width = (round(CROP * edge) for edge in array.shape[-2:])
    return array[..., -height:, -width:]


DISGUISES: Mapping[str, Callable[[Any], Any]] = {
    "copy": lambda array: array,
    "turned": lambda array: np.rot90(array[..., ::-1], axes=(-2, -1)),
    "cropped": cropped,
}


def interleaved(material: FlawImages) -> FlawImages:
    """Return the material with every other frame of the test movies moved to the training set."""
    between = tuple(replace(sample, part="train") for sample in material.test[1::2])
    return replace(material, train=(*material.train, *between), test=material.test[::2])


def known_images(_: Segmenter, material: FlawImages) -> float:
    """Return the share of the test images whose very pixels are in the training set."""
    known = {sample.image().tobytes() for sample in material.train}
    return mean(float(sample.image().tobytes() in known) for sample in material.test)


def known_movies(_: Segmenter, material: FlawImages) -> float:
    """Return the share of the test frames whose movie has frames in the training set."""
    known = {sample.group for sample in material.train}
    return mean(float(sample.group in known) for sample in material.test)


LEAKY = Flaw(
    name="leaky",
    planted="A fifth of the test images is in the training set as it is, a fifth turned and "
    "mirrored, a fifth cropped.",
    caught_by=("identical images", "copies"),
    cheats=True,
    twin=settings(epochs=1),
    data=leaked,
    modelless=True,
    effect=Effect(what="the share of test images in the training set", of=known_images),
)

NEIGHBOURS = Flaw(
    name="neighbours",
    planted="Every other frame of the test movie is in the training set, as in a random split of "
    "frames.",
    caught_by=("neighbours",),
    scene=movies,
    cheats=True,
    twin=settings(epochs=1),
    data=interleaved,
    modelless=True,
    effect=Effect(what="the share of test frames with neighbours in training", of=known_movies),
    movies=True,
)
