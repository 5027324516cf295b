"""A module at hand as a segmenter: a copy, in its mode, that says what its caller's says."""

from __future__ import annotations

import pytest
import torch

from audit.models.handed import name_of, take
from tests.toys import Tiny

IMAGES = torch.rand(2, 1, 16, 12)


def traced(module):
    """Return a module, compiled."""
    return torch.jit.trace(module, IMAGES)


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
@pytest.mark.parametrize("compiled", [lambda module: module, traced])
@pytest.mark.parametrize("training", [True, False])
def test_a_copy_says_what_the_module_says(compiled, training):
    """The copy gives the same logits in the same mode; the module can still be trained."""
    module = compiled(Tiny()).train(training)
    model = take(module)

    assert torch.allclose(model.logits(IMAGES), module(IMAGES).detach(), atol=1e-5)
    assert model.module.training is training
    assert not any(one.requires_grad for one in model.module.parameters())
    assert all(one.requires_grad for one in module.parameters())
    assert model.traits.access == "gradients"


def test_a_model_has_a_name():
    """A class or a function names what it is."""
    assert name_of(Tiny()) == "Tiny"
    assert name_of(traced) == "traced"
