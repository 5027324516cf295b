"""Controls of hallucination.scrambled: a drawing model draws into anything."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from audit.errors import UsageError
from suites.hallucination.scrambled import Scrambled
from tests.toys import Does, Threshold, mean_of, rows_of, scenes, segmenter


def drawing():
    """Return a model that draws an object into whatever it is shown."""

    def draw(images):
        out = torch.full_like(images, -1.0)
        out[..., 20:40, 20:40] = 1
        return out

    return segmenter(Does(draw), output="sigmoid-logits", digest="draws")


def discerning():
    """Return a model for which only a whole disc is bright enough."""
    smooth = nn.AvgPool2d(15, 1, 7, count_include_pad=False)
    return segmenter(
        nn.Sequential(smooth, Threshold(165.0)), output="sigmoid-logits", digest="whole"
    )


def test_a_drawing_model_is_seen():
    """Positive control: 400 px of foreground and one object in every copy."""
    rows = rows_of(Scrambled(), drawing(), scenes(2))
    for copy in ("phase", "tiles"):
        assert mean_of(rows, "foreground_fraction", copy=copy) == pytest.approx(400 / 64**2)
        counted = [
            row for row in rows if row.metric == "objects_per_mpx" and row.at["copy"] == copy
        ]
        assert [row.value * row.weight for row in counted] == pytest.approx([1, 1])


def test_a_discerning_model_draws_little():
    """Negative control: it finds the discs, and next to nothing in tiles smaller than they."""
    rows = rows_of(Scrambled(tile_px=4), discerning(), scenes(2))
    assert mean_of(rows, "foreground_fraction", copy="tiles") < 0.01
    found = discerning().predict(torch.from_numpy(scenes(1)[0].image())[None]).labels
    assert float(found.float().mean()) > 0.02


def test_unknown_copies_are_refused():
    """A copy that nobody knows is a mistake of the caller."""
    with pytest.raises(UsageError, match="mirror"):
        Scrambled(copy=("mirror",))
