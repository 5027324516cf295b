"""What it costs to decide what masks mean: a mask's share of the census, and no memory with many.

Run with `tox -e bench`.
"""

from __future__ import annotations

import tracemalloc
from functools import partial

import numpy as np
import pytest

from audit.datasets.census import SURE, Census
from audit.datasets.labels import LabelHints, meaning
from tests.audit.datasets.drawn import discs

MIB = 2**20


@pytest.mark.parametrize("looked_at", [True, False], ids=["pieces", "numbers-alone"])
@pytest.mark.parametrize("side", [256, 1024])
def test_a_mask_is_counted(benchmark, side, looked_at):
    """The cost of one mask, while pieces are looked at and after they are clear."""
    scale = -(-side // 96)
    mask = discs(0, scale=scale)[:side, :side].astype(np.int32)
    census = Census({})
    for _ in range(0 if looked_at else SURE + 1):
        census.add(mask, "a")

    def add():
        if looked_at:
            census.filled = 0
        census.add(mask, "a")

    benchmark(add)


def test_memory_does_not_grow_with_the_set(benchmark):
    """Ten times the masks take no more memory at their peak."""

    def peak(count: int) -> float:
        masks = ((str(n), partial(discs, n % 7)) for n in range(count))
        tracemalloc.start()
        meaning(masks, LabelHints(), "set")
        found = tracemalloc.get_traced_memory()[1] / MIB
        tracemalloc.stop()
        return found

    few = peak(20)
    assert benchmark.pedantic(peak, (200,), rounds=1) < few + 1
