"""`bioaudit train` and its recipes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from audit.cli.main import main
from audit.cli.train import conclude
from audit.models.card import read_card
from baselines.loop import Epoch
from baselines.recipe import Recipe, load_recipe, recipes


def test_recipes_are_listed_with_what_they_teach(capsys):
    """Every name, its sentence, and the settings that are its own; no images are needed."""
    assert main(["train", "--list-recipes"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for name in recipes():
        assert name in said
    assert "widths = [16, 32]" in said


def test_a_recipe_is_named(tmp_path):
    """`--recipe quick` trains by the stored recipe of that name, which the card remembers."""
    out = tmp_path / "net"
    asked = ["train", "simulated:2k-10", "--every", "4", "--recipe", "quick", "--epochs", "1"]
    assert main([*asked, "--out", str(out)]) == 0
    card = read_card(out / "model.toml")
    used = load_recipe("quick").model_copy(update={"epochs": 1})
    assert card.about["recipe"] == used.digest
    assert card.settings["widths"] == list(used.widths)


@pytest.mark.parametrize(("epochs", "early"), [(3, False), (9, True)])
def test_early_stopping_is_told(capsys, epochs, early):
    """A training that ended before its time says so, and one that did not says nothing of it."""
    log = tuple(Epoch(number, 0.5, loss, 0.8, 0.01) for number, loss in enumerate((3, 1, 2)))
    conclude(SimpleNamespace(log=log), Recipe(epochs=epochs), Path("net"))
    said = capsys.readouterr().out
    assert said.startswith("best epoch 1 of 3")
    assert (f"stopped early ({epochs} allowed)" in said) == early


def test_an_unknown_recipe_is_answered(capsys):
    """One line with the nearest name, and the exit code of a wrong call."""
    assert main(["train", "simulated:2k-10", "--recipe", "quik"]) == 2
    assert "did you mean 'quick'" in capsys.readouterr().err


def test_images_are_asked_for(capsys):
    """Without images, and without a wish for the list, the call is wrong."""
    assert main(["train"]) == 2
    assert "which images" in capsys.readouterr().err
