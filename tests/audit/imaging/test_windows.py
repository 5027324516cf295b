"""Windowed correlation agrees with loops, and finds content that moved."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.imaging.windows import windowed


def noise(*size: int, seed: int = 0):
    """Return white noise of mean near 0."""
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(size)).float()


def by_loops(image, other, side, reach, share):
    """Return the same quantity, window by window and shift by shift."""
    padded = np.pad(other.numpy(), reach)
    best = []
    for y in range(0, image.shape[0] // side * side, side):
        for x in range(0, image.shape[1] // side * side, side):
            a = image.numpy()[y : y + side, x : x + side]
            shifts = [(i, j) for i in range(2 * reach + 1) for j in range(2 * reach + 1)]
            moved = [padded[y + i : y + i + side, x + j : x + j + side] for i, j in shifts]
            best.append(max((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()) for b in moved))
    return np.mean(sorted(best, reverse=True)[: max(1, round(share * len(best)))])


def test_it_agrees_with_loops():
    """Every window, every shift, the mean of the best share of windows."""
    image, others = noise(20, 27, seed=1), noise(2, 20, 27, seed=2)
    found = windowed(image, others, side_px=8, reach_px=2, share=0.5)
    expected = [by_loops(image, other, 8, 2, 0.5) for other in others]
    assert found.tolist() == pytest.approx(expected, abs=1e-5)


def test_windows_that_moved_apart_are_found():
    """Two halves that moved in opposite directions are one image to windows."""
    image = noise(64, 64)
    moved = torch.cat([image[:32].roll(2, 1), image[32:].roll(-2, 1)])
    assert float(windowed(image, moved[None])[0]) > 0.99
    assert float(windowed(image, image.roll(9, 1)[None])[0]) < 0.5


def test_most_may_have_changed():
    """A quarter of the field that stayed is enough."""
    image, other = noise(64, 64), noise(64, 64, seed=1)
    other[:32, :32] = image[:32, :32]
    assert float(windowed(image, other[None])[0]) > 0.99


def test_an_empty_image_is_like_nothing():
    """Without structure, or smaller than a window, the correlation is 0."""
    assert windowed(torch.zeros(32, 32), torch.zeros(1, 32, 32)).tolist() == [0.0]
    assert windowed(noise(8, 8), noise(3, 8, 8)).tolist() == [0.0] * 3
