"""Frames of one movie are found on both sides, and the gap between them is measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter

from audit.policy.verdict import Verdict
from suites.leakage import Near, Neighbours
from tests.suites.leakage.material import flags, images, leakage_rows, outcomes
from tests.toys import held


def movie(name: str, frames, part: str, seed: int, side: int = 96):
    """Return frames of discs that each walk 1.5 px a frame in a direction of its own."""
    stream = np.random.default_rng(seed)
    places = stream.uniform(0, side, (30, 2))
    steps = stream.standard_normal((30, 2))
    made = []
    for frame in frames:
        image = np.zeros((side, side))
        for (y, x), step in zip(
            places, steps / np.linalg.norm(steps, axis=1)[:, None], strict=True
        ):
            row, column = (np.array([y, x]) + 1.5 * frame * step).astype(int) % side
            image[row, column] += 1
        noise = np.random.default_rng([seed, frame]).standard_normal(image.shape)
        pixels = 100 + 3e3 * gaussian_filter(image, 2.5, mode="wrap") + noise
        one = held(f"{name}/{frame:03d}", pixels[None])
        made.append(replace(one, group=name, frame=frame, part=part))
    return made


def test_a_split_of_frames_leaks_and_a_split_of_movies_does_not():
    """Every other frame finds its neighbours; another movie finds none."""
    train = movie("a", range(0, 8, 2), "train", 1)
    next_frames = movie("a", range(1, 8, 2), "test", 1)
    strangers = movie("b", range(4), "test", 2)
    rows = leakage_rows(Neighbours(), train, [*next_frames, *strangers])
    leaked, apart = flags(rows, "leaked"), flags(rows, "nearest_frames")
    assert [leaked[one.id] for one in next_frames] == [1] * 4
    assert [leaked[one.id] for one in strangers] == [0] * 4
    assert apart[next_frames[0].id] == 1
    assert apart[strangers[0].id] is None
    kinds = {row.at["kind"] for row in rows if row.metric == "pair_correlation"}
    assert kinds == {"neighbouring frame"}


def test_the_gap_is_where_frames_are_no_more_alike():
    """Correlation falls with the lag, and the gap is the first lag below the limit."""
    train, test = movie("a", range(0, 20, 2), "train", 1), movie("a", range(1, 20, 6), "test", 1)
    rows = leakage_rows(Neighbours(), train, test)
    lags = {
        row.at["lag_frames"]: row.value
        for row in rows
        if row.metric == "lag_correlation" and row.at["content"] == "moving"
    }
    assert lags[1] > lags[4] > lags[16]
    (gap,) = [r for r in rows if r.metric == "gap_frames" and r.at["content"] == "moving"]
    assert gap.value == min(lag for lag, value in lags.items() if value and value < 0.75)


def test_what_never_moves_has_no_gap():
    """A movie of the same scene stays alike at every lag: split by movie."""
    still = images(1)[0]
    frames = [
        replace(still, id=f"m/{n}", group="m", frame=n, part="train" if n % 2 else "test")
        for n in range(5)
    ]
    rows = leakage_rows(Neighbours(), frames[1::2], frames[::2])
    gap = next(r for r in rows if r.metric == "gap_frames" and r.at["content"] == "whole")
    assert gap.value is None
    assert "split by movie" in gap.undefined


def test_a_search_that_strangers_blind_says_so(tmp_path):
    """Movies of one scene raise the limits, which warns; movies of their own scenes do not."""
    found = {}
    for name, scenes in (("one", ["a"] * 4), ("own", "abcd")):
        (tmp_path / name).mkdir()
        made = [movie(scene, [number], "train", ord(scene)) for number, scene in enumerate(scenes)]
        train = [replace(m[0], id=f"t/{n}", group=f"g{n}") for n, m in enumerate(made)]
        test = movie("z", [0], "test", 5)
        found[name] = outcomes([Near(), Neighbours()], [*train, *test], tmp_path / name, models={})
    for search in ("search for copies", "search for neighbours"):
        assert found["one"][search].verdict is Verdict.WARN
        assert found["own"][search].verdict is Verdict.PASS
