"""`bioaudit model --look`: what a network gives, before anything is declared of it."""

from __future__ import annotations

import pytest
import torch
from torch import nn


class Maps(nn.Module):
    """Maps of background and foreground, each by itself."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return two probabilities that do not sum to one."""
        score = (images - 125) * 0.05
        return torch.cat((-score - 1, score), 1).sigmoid()


@pytest.fixture
def script(tmp_path):
    """Return a TorchScript file of two maps."""
    torch.jit.script(Maps()).save(str(tmp_path / "maps.pt"))
    return tmp_path / "maps.pt"


def test_channels_are_shown_with_what_they_seem(bioaudit, script, images):
    """Each channel has a line, and the declaration that the numbers would bear is named."""
    code, shown, _ = bioaudit("model", "--look", script, "--test", images, "--device", "cpu")
    said = " ".join(shown.split())
    assert code == 0
    assert "--output sigmoid --heads background,foreground" in said
    assert "its channels seem to be background,foreground" in said


@pytest.mark.parametrize(
    ("declared", "code", "says"),
    [
        (("--output", "sigmoid", "--heads", "background,foreground"), 0, ""),
        (("--output", "softmax"), 2, "do not sum to one"),
        (("--output", "sigmoid", "--heads", "foreground,boundary"), 2, "--heads boundary,fore"),
    ],
)
def test_a_declaration_is_held_against_the_numbers(bioaudit, script, images, declared, code, says):
    """What the numbers cannot be is refused with exit code 2; what they can be stands."""
    found, _, errors = bioaudit(
        "model", "--look", script, "--test", images, "--device", "cpu", *declared
    )
    assert found == code
    assert says in errors
