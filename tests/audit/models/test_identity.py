"""What identifies a model at hand: the same thing twice, another never."""

from __future__ import annotations

import threading
from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from audit.models.identity import identify


class Scaled(nn.Module):
    """A layer and a number that is in no state dict."""

    def __init__(self, scale: float) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Conv2d(1, 2, 1)
        self.scale = scale

    def forward(self, images):
        """Return logits."""
        return self.layer(images) * self.scale


def above(level):
    """Return a threshold."""
    return lambda image: image > level


def moved():
    """Return a module one of whose weights is another."""
    module = Scaled(1.0)
    with torch.no_grad():
        module.layer.weight[0] += 1
    return module


TABLE = {"level": 3}


def looks_up(image):
    """Return what is above the level of a table."""
    return image > TABLE["level"]


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (Scaled(1.0), Scaled(1.0), Scaled(2.0)),
        (Scaled(1.0), Scaled(1.0), Scaled(1.0).eval()),
        (Scaled(1.0), Scaled(1.0), moved()),
        (above(1), above(1), above(2)),
        (partial(above, level=1), partial(above, level=1), partial(above, level=2)),
        (above(np.zeros(3)), above(np.zeros(3)), above(np.array([0.0, 0, 1]))),
        (above(Scaled(1.0)), above(Scaled(1.0)), above(moved())),
        (lambda image: np.sin(image), lambda image: np.sin(image), lambda image: np.cos(image)),  # noqa: PLW0108
    ],
)
def test_equal_things_are_one_and_others_are_not(one, same, other):
    """Weights, mode, numbers, code, and all that code holds are told apart."""
    assert identify(one) == identify(same)
    assert identify(one).said == ""
    assert identify(one) != identify(other)


def test_what_a_function_names_is_part_of_it(monkeypatch):
    """A global that a function reads is followed."""
    before = identify(looks_up)
    monkeypatch.setitem(TABLE, "level", 4)

    assert identify(looks_up) != before


def test_what_is_declared_is_part_of_it():
    """The same function declared otherwise is another model."""
    assert identify(looks_up, "softmax") != identify(looks_up, "sigmoid")


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_the_same_network_compiled_twice_is_one():
    """What compiling leaves behind says nothing of a network."""
    image = torch.zeros(1, 1, 4, 4)
    first, second = (torch.jit.trace(Scaled(1.0), image) for _ in range(2))

    assert identify(first) == identify(second)
    assert identify(first) != identify(torch.jit.trace(Scaled(2.0), image))


def test_what_cannot_be_compared_is_drawn_anew_and_said():
    """A lock has no content: the digest is never the same, and a sentence says why."""
    one, again = (identify(above(threading.Lock())) for _ in range(2))

    assert one.digest != again.digest
    assert "holds an object of the kind lock, which cannot be compared" in one.said
