"""Laws of a contrast: its family's risk, its direction, and what it rules out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from audit.quantities.contrast import Contrast, held_to
from audit.quantities.networks import difference
from tests.audit.quantities.shown import seen

VALUES = np.linspace(0.5, 0.9, 12)


def contrast(change, better="higher", level=0.05, small=0.02):
    """Return the contrast of a network with one that differs by so much on each image."""
    answer = difference([seen(VALUES + change)], [seen(VALUES)])
    return Contrast(answer=answer, better=better, held_to=level, small=small)


@pytest.mark.parametrize(
    ("moved", "better", "word", "lost"),
    [
        (0.1, "higher", "better", False),
        (0.1, "lower", "worse", True),
        (-0.1, "higher", "worse", True),
        (-0.1, "lower", "better", False),
        (-0.01, "higher", "worse", False),
        (0.1, "", "", False),
    ],
)
def test_the_direction_is_the_metrics(moved, better, word, lost):
    """More is better where more is good; beyond the margin it is a loss; else neither."""
    one = contrast(moved + np.tile([-0.001, 0.001], 6), better)
    assert (one.word, one.lost) == (word, lost)


@pytest.mark.parametrize(("size", "ruled_out"), [(0.002, True), (0.1, False)])
def test_what_is_ruled_out_is_told_from_what_was_not_seen(size, ruled_out):
    """A narrow interval rules a small difference out; a wide one does not."""
    one = contrast(np.tile([-size, size], 6))
    assert (one.word, one.negligible) == ("", ruled_out)


def test_a_family_asks_more_of_each_comparison():
    """Beside others the same difference is held to less risk, and less could be seen."""
    answer = contrast(np.tile([-0.01, 0.012], 6)).answer
    (alone,), together = held_to([answer], [[0.0]]), held_to([answer] * 4, [[0.0]] * 4)
    assert together == [alone / 4] * 4
    seen_from = [
        Contrast(answer=answer, better="higher", held_to=one).seen_from
        for one in (alone, together[0])
    ]
    assert seen_from[0] < seen_from[1]


def test_all_that_a_family_says_shares_its_risk():
    """Of 20 comparisons that differ by chance alone one is marked in at most 5 % of families.

    So it is where each is tested for a loss beyond a margin too, which none comes near.
    """
    stream = np.random.default_rng(6)
    marked = 0
    for _ in range(200):
        answers = [contrast(stream.normal(0, 0.001, 12)).answer for _ in range(20)]
        levels = held_to(answers, [(0.0, -0.02)] * 20)
        marked += any(
            Contrast(answer=one, better="higher", held_to=level).sure
            for one, level in zip(answers, levels, strict=True)
        )
    assert marked <= stats.binom.ppf(0.99, 200, 0.05)


def test_what_could_have_been_seen_is_seen_four_times_in_five():
    """Of simulated comparisons with a difference so large about 80 % are sure."""
    stream = np.random.default_rng(5)
    hits = []
    for _ in range(400):
        noise = stream.normal(0, 0.05, 12)
        size = (2.201 + 0.876) * 0.05 / 12**0.5  # Student's t with 11 degrees of freedom
        hits.append(contrast(noise + size).sure)
    assert np.mean(hits) == pytest.approx(0.8, abs=0.06)
