"""Laws of weights: what training programs wrap around them is taken off where one way fits."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from audit.errors import ModelError
from audit.models.weights import load_into


def network(*, zero=False):
    """Return a small network with batch statistics."""
    module = nn.Sequential(nn.Conv2d(1, 3, 1), nn.BatchNorm2d(3), nn.Conv2d(3, 2, 1)).eval()
    if zero:
        for one in module.parameters():
            nn.init.zeros_(one)
    return module


SOURCE = network()
STATE = SOURCE.state_dict()
IMAGE = torch.rand(1, 1, 4, 5)


def behind(prefix, state=None):
    """Return a state dict whose names have a prefix."""
    return {prefix + name: one for name, one in (state or STATE).items()}


@pytest.mark.parametrize(
    ("saved", "facts"),
    [
        (STATE, {}),
        (behind("module."), {"weights_prefix": "module."}),
        (behind("_orig_mod."), {"weights_prefix": "_orig_mod."}),
        (behind("module._orig_mod."), {"weights_prefix": "module._orig_mod."}),
        (
            {"state_dict": behind("model."), "epoch": 3},
            {"weights_key": "state_dict", "weights_prefix": "model."},
        ),
        (
            {"state_dict": behind("net.") | {"loss.weight": torch.ones(2)}},
            {"weights_key": "state_dict", "weights_prefix": "net.", "weights_left": "loss.weight"},
        ),
        ({"network_weights": STATE, "current_epoch": 5}, {"weights_key": "network_weights"}),
        ({"net": STATE}, {"weights_key": "net"}),
        ({"model": STATE, "ema": STATE}, {"weights_key": "model"}),
        ({"generator": STATE, "epoch": 3}, {"weights_key": "generator"}),
        ({k: v for k, v in STATE.items() if "num_batches" not in k}, {}),
        ({k: v.half() if v.is_floating_point() else v for k, v in STATE.items()}, {}),
    ],
)
def test_weights_are_found_in_what_programs_leave(tmp_path, saved, facts):
    """The network answers as it did, and what was taken off its weights' names is told."""
    torch.save(saved, tmp_path / "w.pth")
    module = network(zero=True)
    assert load_into(module, tmp_path / "w.pth") == facts
    assert torch.allclose(module(IMAGE), SOURCE(IMAGE), atol=1e-2)


@pytest.mark.parametrize(
    ("saved", "says"),
    [
        (behind("student.") | behind("teacher."), "several prefixes, student., teacher.; save"),
        (
            {"params": STATE, "params_ema": STATE},
            "several state dicts, params, params_ema; save by",
        ),
        (dict(list(behind("model.").items())[1:]), "does not fit the network: Missing key"),
        (behind("model.") | {"model.more": torch.ones(1)}, "does not fit .* Unexpected key"),
        ({"epoch": 3, "lr": 0.1}, "does not fit|expected a state dict"),
    ],
)
def test_what_does_not_fit_in_one_way_is_refused(tmp_path, saved, says):
    """Two that fit, one that is missing and one too many are errors, never a choice."""
    torch.save(saved, tmp_path / "w.pth")
    with pytest.raises(ModelError, match=says) as caught:
        load_into(network(), tmp_path / "w.pth")
    assert "\n" not in str(caught.value)


def test_a_pickled_network_is_refused_by_the_class_that_it_names(tmp_path):
    """Weights in a whole pickled module are not read: the sentence says why, in one line."""
    torch.save(SOURCE, tmp_path / "w.pth")
    with pytest.raises(ModelError, match=r"would run code \(torch.nn.*\); save its state_dict"):
        load_into(network(), tmp_path / "w.pth")
