"""What a comma in a number is, the losses of a text tell; where they do not, it is refused."""

from __future__ import annotations

import pytest

from audit.errors import LogError
from audit.logs.commas import pointed


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("loss: 0,35; val_loss: 12,5", "loss: 0.35; val_loss: 12.5"),
        ("Epoch 1, loss 1,75, lr 0,001", "Epoch 1, loss 1.75, lr 0.001"),
        ("loss: 1,234.5 lr: 0.1", "loss: 1234.5 lr: 0.1"),
        ("loss: 0.5 cells: 1,234", "loss: 0.5 cells: 1234"),
        ("10:00:00,123 loss: 0.5,acc:0.9", "10:00:00,123 loss: 0.5,acc:0.9"),
        ("loss: 0.5 shape: 64,64", "loss: 0.5 shape: 64,64"),
    ],
)
def test_commas_are_read_by_the_losses(text, right):
    """A decimal comma becomes a point, thousands go, and commas of other meanings stay."""
    assert pointed(text) == right


@pytest.mark.parametrize("text", ["loss: 1,234", "loss: 0,5 val_loss: 0.6"])
def test_two_readings_are_refused(text):
    """A loss with a comma that may be a thousand, or beside points, is refused by its name."""
    with pytest.raises(LogError, match="decimal points alone"):
        pointed(text)
