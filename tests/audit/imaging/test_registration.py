"""Registration agrees with brute force, and finds what was turned, shifted and cut."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.imaging.registration import TURNS, Template, register, turned


def noise(*size: int, seed: int = 0):
    """Return white noise (Y, X) of mean near 0."""
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(size)).float()


def brute_force(image, other, least_overlap):
    """Return the best (correlation, turn, shift) by trying every turn and shift in loops."""
    best = (-2.0, 0, (0, 0))
    smaller = min(image.numel(), other.numel())
    for turn in range(TURNS):
        one = turned(other, turn).double().numpy()
        (height, width), (rows, columns) = image.shape, one.shape
        for y in range(1 - rows, height):
            for x in range(1 - columns, width):
                a = image.double().numpy()[max(0, y) : y + rows, max(0, x) : x + columns]
                b = one[max(0, -y) : height - y, max(0, -x) : width - x]
                if a.size >= least_overlap * smaller:
                    found = float((a * b).sum() / np.sqrt((a**2).sum() * (b**2).sum()))
                    best = max(best, (found, turn, (y, x)))
    return best


@pytest.mark.parametrize("sizes", [((9, 7), (6, 8)), ((6, 6), (6, 6))])
def test_it_agrees_with_brute_force(sizes):
    """Correlation, turn and shift are those of the search that tries everything."""
    image, other = noise(*sizes[0], seed=1), noise(*sizes[1], seed=2)
    match = register(image, Template(other, 32), 0.35)
    correlation, turn, shift = brute_force(image, other, 0.35)
    assert match.correlation == pytest.approx(correlation, abs=1e-5)
    assert (match.turn, match.shift) == (turn, shift)


@pytest.mark.parametrize("turn", range(TURNS))
def test_a_turned_crop_is_found_where_it_was_cut(turn):
    """The match says by which turn and where the second image lies on the first."""
    image = noise(40, 40)
    crop = image[5:33, 9:37]
    back = next(n for n in range(TURNS) if torch.equal(turned(turned(crop, turn), n), crop))
    match = register(image, Template(turned(crop, turn), 96), 0.35)
    assert match.correlation == pytest.approx(1.0, abs=1e-5)
    assert (match.turn, match.shift, match.overlap) == (back, (5, 9), 1.0)


def test_a_small_overlap_is_no_match():
    """An overlap below the least one is not looked at, however well it fits."""
    image, other = noise(32, 32, seed=3), noise(32, 32, seed=4)
    other[:8, :8] = image[-8:, -8:]
    assert register(image, Template(other, 64), 0.05).correlation > 0.99
    assert register(image, Template(other, 64), 0.35).correlation < 0.5


def test_nothing_correlates_with_an_empty_image():
    """A constant image has no structure, and so no likeness."""
    match = register(noise(16, 16), Template(torch.zeros(16, 16), 32), 0.35)
    assert match.correlation == 0.0
