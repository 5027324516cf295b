"""`bioaudit train` and its recipes."""

from __future__ import annotations

from audit.cli.main import main
from audit.models.card import read_card
from baselines.recipe import load_recipe, recipes


def test_recipes_are_listed_with_what_they_teach(capsys):
    """Every name, its sentence, and the settings that are its own; no images are needed."""
    assert main(["train", "--list-recipes"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for name in recipes():
        assert name in said
    assert "widths = (16, 32)" in said


def test_a_recipe_is_named(tmp_path):
    """`--recipe quick` trains by the stored recipe of that name, which the card remembers."""
    out = tmp_path / "net"
    asked = ["train", "simulated:2k-10", "--every", "4", "--recipe", "quick", "--epochs", "1"]
    assert main([*asked, "--out", str(out)]) == 0
    card = read_card(out / "model.toml")
    used = load_recipe("quick").model_copy(update={"epochs": 1})
    assert card.about["recipe"] == used.digest
    assert card.settings["widths"] == list(used.widths)


def test_an_unknown_recipe_is_answered(capsys):
    """One line with the nearest name, and the exit code of a wrong call."""
    assert main(["train", "simulated:2k-10", "--recipe", "quik"]) == 2
    assert "did you mean 'quick'" in capsys.readouterr().err


def test_images_are_asked_for(capsys):
    """Without images, and without a wish for the list, the call is wrong."""
    assert main(["train"]) == 2
    assert "which images" in capsys.readouterr().err
