"""Controls of hallucination.insertion: a place shortcut misses what was moved, sight finds it."""

from __future__ import annotations

import torch

from suites.hallucination.insertion import Insertion
from tests.toys import BRIGHT, DARK, Does, raw_threshold, rows_of, scenes, segmenter

SMALL = Insertion(halo_px=3, feather_px=2)


def placed():
    """Return a model that finds discs only where discs always are: the corners, not between."""

    def see(images):
        out = images - (DARK + BRIGHT) / 2
        out[..., 40:56, :] = -1
        out[..., :, 40:56] = -1
        return out

    return segmenter(Does(see), output="sigmoid-logits", digest="placed")


def values(rows, metric):
    """Return the values of a metric."""
    return [row.value for row in rows if row.metric == metric]


def test_a_place_shortcut_is_caught():
    """Positive control: where the model does not expect discs it finds less than half of them."""
    found = values(rows_of(SMALL, placed(), scenes(4, size=96)), "found_fraction")
    assert sum(found) / len(found) < 0.7
    assert min(found) < 0.2


def test_sight_finds_what_was_moved():
    """Negative control: a threshold finds every moved disc, and nothing where none was put."""
    rows = rows_of(SMALL, raw_threshold(), scenes(4, size=96))
    assert min(values(rows, "found_fraction")) > 0.98
    assert set(values(rows, "control_fraction")) == {0.0}


def test_a_move_keeps_the_histogram():
    """The image holds as many bright pixels after a move as before, up to the soft rim."""
    seen = []
    model = segmenter(
        Does(lambda x: seen.append(x.detach().clone()) or x - 140),
        output="sigmoid-logits",
        digest="spy",
    )
    rows_of(SMALL, model, scenes(1, size=96))
    bright = [float((image > (DARK + BRIGHT) / 2).sum()) for image in seen]
    clean, *_ = bright
    assert bright[1] == bright[3] == clean
    assert bright[2] < clean - 150
    assert not torch.equal(seen[0], seen[1])
