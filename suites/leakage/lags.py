"""How alike the frames of one movie are, by the time between them."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

import torch

from audit.datasets.sample import thinned
from audit.imaging.windows import windowed
from audit.measurement import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor

    from audit.measurement import Scalar
    from suites.leakage.gallery import Gallery

CONTENTS = ("whole", "moving")
"""The images as they are, and without their movie's mean, which is dirt and what never moves."""

MOVIES, PAIRS = 4, 6
"""Movies that are looked at, and pairs of frames of each at each lag."""

LEAST_FRAMES = 3
"""A movie of fewer frames has no mean image of its own."""

NONE_SO_FAR = "no two frames of one movie are so far apart"
NEVER = "frames of one movie stay alike at every lag that was looked at: split by movie"

Movie = dict[int, "Tensor"]
"""The fields of a movie by frame."""


@dataclass(frozen=True)
class Lags:
    """The movies among the images of an audit, to be compared with themselves."""

    lag_frames: tuple[int, ...]
    parts: tuple[Gallery, ...]

    def rows(self, limit: float) -> Iterator[Measurement]:
        """Yield the mean correlation at each lag, and the first lag at which it is below limit."""
        movies = thinned(self.movies(), 1, MOVIES)
        for content in CONTENTS:
            shown = movies if content == "whole" else [without_mean(one) for one in movies]
            curve = {lag: self.at(shown, lag) for lag in self.lag_frames}
            for lag, value in curve.items():
                at: dict[str, Scalar] = {"content": content, "lag_frames": lag}
                yield found("lag_correlation", value, at, NONE_SO_FAR)
            below = [float(lag) for lag, one in curve.items() if one is not None and one < limit]
            seen = any(one is not None for one in curve.values())
            why = NEVER if seen else NONE_SO_FAR
            yield found("gap_frames", min(below, default=None), {"content": content}, why)

    def movies(self) -> list[Movie]:
        """Return the movies of enough frames, whichever part their frames are in."""
        movies: dict[str, Movie] = {}
        for part in self.parts:
            for sample, field in zip(part.samples, part.fields, strict=True):
                if sample.group:
                    movies.setdefault(sample.group, {})[sample.frame] = field
        return [one for one in movies.values() if len(one) >= LEAST_FRAMES]

    @staticmethod
    def at(movies: list[Movie], lag: int) -> float | None:
        """Return the mean correlation of frames a lag apart; None where there are none."""
        values = []
        for movie in movies:
            pairs = [(movie[one], movie[one + lag]) for one in movie if one + lag in movie]
            for one, other in thinned(sorted_pairs(pairs), 1, PAIRS):
                values.append(float(windowed(one.float(), other[None].float())[0]))
        return fmean(values) if values else None


def sorted_pairs(pairs: list[tuple[Tensor, Tensor]]) -> list[tuple[Tensor, Tensor]]:
    """Return the pairs of one outline; frames of another cannot be laid on each other."""
    return [pair for pair in pairs if pair[0].shape == pair[1].shape]


def without_mean(movie: Movie) -> Movie:
    """Return the frames of a movie less their mean; as they are where their outlines differ."""
    if len({field.shape for field in movie.values()}) > 1:
        return movie
    mean = torch.stack([field.float() for field in movie.values()]).mean(0)
    return {frame: field.float() - mean for frame, field in movie.items()}


def found(metric: str, value: float | None, at: Mapping[str, Scalar], why: str) -> Measurement:
    """Return a row of no image that is either a value, or undefined for a reason."""
    if value is None:
        return Measurement(metric, None, None, at, 0.0, why)
    return Measurement(metric, value, None, at)
