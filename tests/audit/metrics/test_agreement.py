"""Laws of agreement: between no foreground and the same foreground, class by class."""

from __future__ import annotations

import torch

from audit.metrics.agreement import agreement
from audit.metrics.overlap import confusion, region


def test_with_two_classes_it_is_the_jaccard_index():
    """Agreement of two random masks is the IoU of one as the truth of the other."""
    stream = torch.Generator().manual_seed(0)
    one, other = (torch.randint(0, 2, (20, 30), generator=stream) for _ in range(2))
    assert agreement(one, other).share == region(confusion(one, other, 2), range(1, 2)).iou


def test_another_class_is_no_agreement():
    """Two predictions of foreground agree only where they name the same class."""
    one, other = torch.tensor([[1, 2, 0, 1]]), torch.tensor([[1, 1, 0, 0]])
    found = agreement(one, other)
    assert (found.same, found.either) == (1, 3)
    part = agreement(one, other, torch.tensor([[True, False, True, False]]))
    assert part.share == 1


def test_two_empty_predictions_have_none():
    """Without any foreground there is nothing to agree on."""
    empty = torch.zeros(4, 4, dtype=torch.int64)
    assert agreement(empty, empty).share is None
