"""Laws of coverage, on what real networks scored on every frame of two real movies.

`series.csv` holds the IoU of a network on each frame (clean), and what each frame lost under eight
perturbations: 115 frames of PhC-C2DH-U373 02 and 84 of DIC-C2DH-HeLa 02.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from audit.statistics.estimate import estimate

TAKEN = (8, 12, 16, 30)
PHASES = 20


def series():
    """Return the values of every frame, by movie and quantity."""
    found = defaultdict(list)
    with (Path(__file__).parent / "series.csv").open() as lines:
        for row in csv.DictReader(lines):
            found[row["movie"], row["quantity"]].append(float(row["value"]))
    return {key: np.array(values) for key, values in found.items()}


SERIES = series()


def evenly(values, taken: int, phase: float):
    """Return frames taken evenly over a movie, from a phase (0 to 1) of the first step on."""
    return values[((np.arange(taken) + phase) * len(values) / taken).astype(int)]


def covered(values) -> list[float]:
    """Return the share of the phases whose interval holds the movie's own mean, by frames taken."""
    shares = []
    for taken in TAKEN:
        hits = []
        for phase in np.arange(PHASES) / PHASES:
            low, high = estimate(evenly(values, taken, phase), ["movie"] * taken).interval()
            hits.append(low <= values.mean() <= high)
        shares.append(float(np.mean(hits)))
    return shares


@pytest.mark.parametrize("key", SERIES, ids="-".join)
def test_here_covers_the_mean_of_its_movie(key):
    """8 to 30 frames taken evenly: at least 0.85 for each quantity, whatever its frames share."""
    assert np.mean(covered(SERIES[key])) >= 0.85


def test_here_covers_as_often_as_it_says():
    """On average over movies, quantities and numbers of frames at least 0.93 are covered."""
    assert len(SERIES) == 18
    assert np.mean([covered(values) for values in SERIES.values()]) >= 0.93


@pytest.mark.parametrize("movies", [2, 3, 5, 8, 12, 20])
@pytest.mark.parametrize("name", ["U373", "HeLa"])
def test_beyond_covers_the_mean_of_all_movies(name, movies, monkeypatch):
    """Movies as like each other as the halves of a real one: 0.92 to 0.97 of draws are covered."""
    monkeypatch.setattr("audit.statistics.estimate.DRAWS", 999)
    stream = np.random.default_rng(movies)
    values = SERIES[name, "clean"]
    residuals = values - values.mean()
    # What two halves of a movie differ by is the least that two movies differ by.
    halves = np.array_split(values, 2)
    between = max(abs(halves[0].mean() - halves[1].mean()) / 2**0.5, 0.02)
    hits = []
    for seed in range(600):
        found, names = [], []
        for movie in range(movies):
            level = between * stream.standard_normal()
            frames = evenly(residuals, 8, stream.random())
            found += [*(level + frames - residuals.mean())]
            names += [str(movie)] * 8
        low, high = estimate(found, names, "beyond", seed).interval()
        hits.append(low <= 0 <= high)
    assert 0.92 <= np.mean(hits) <= 0.98


def test_here_does_not_cover_other_movies():
    """The simulation has teeth: the interval of one movie misses the other movie's mean."""
    low, high = estimate(evenly(SERIES["HeLa", "clean"], 12, 0.0), ["movie"] * 12).interval()
    assert not low <= SERIES["U373", "clean"].mean() <= high
