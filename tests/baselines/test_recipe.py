"""Laws of recipes: every mistake is one line with the near name; the name is no setting."""

from __future__ import annotations

from typing import get_args

import pytest

from audit.errors import UsageError
from baselines.recipe import Recipe, load_recipe, recipes


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("epoch = 3", "epoch: unknown key; did you mean 'epochs'"),
        ("epochs = 0", "epochs: Input should be greater than or equal to 1"),
        ("validation = 1.5", "validation: Input should be less than 1"),
        ('widths = "wide"', "widths: Input should be a valid tuple"),
        ("epochs = ", "not a TOML file"),
        ("widths = [8, 16, 32]\ncrop_px = 50", "3 scales need a multiple of 4, not 50"),
        ('loss = "dise"', "loss: Input should be 'cross-entropy'"),
        ("depth_px = 8", "depth_px: goes with network = 'baselines.ordinal:depth'"),
        (None, "no such"),
    ],
)
def test_a_broken_recipe_is_one_line(tmp_path, content, says):
    """The error names the file and the key, with the nearest known one."""
    path = tmp_path / "recipe.toml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(UsageError) as caught:
        load_recipe(path)
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_recipe_is_its_settings(tmp_path):
    """A file gives the same recipe as its settings; the digest is of all but the name."""
    path = tmp_path / "recipe.toml"
    path.write_text('name = "mine"\nepochs = 3')
    assert load_recipe(path) == Recipe(name="mine", epochs=3)
    assert Recipe(name="mine").digest == Recipe().digest != Recipe(epochs=3).digest


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("standard", "8a672629014682a4"),
        ("quick", "2f83c584e600957a"),
        ("strong-augmentation", "bf9712192c0a8486"),
    ],
)
def test_a_later_key_leaves_old_digests(name, digest):
    """A kept network is found again: strengths of 0 that came later are no part of its recipe."""
    recipe = load_recipe(name)
    assert recipe.digest == digest
    for key in ("rotation_deg", "dropout", "boundary_px"):
        assert recipe.model_copy(update={key: 0.5}).digest != digest


@pytest.mark.parametrize("name", recipes())
def test_a_stored_recipe_says_what_it_teaches(name):
    """Each is named as its file, has a sentence, and is no other one under another name."""
    recipe = load_recipe(name)
    assert recipe.name == name
    assert recipe.about.endswith(".")
    same = [other for other in recipes() if load_recipe(other).digest == recipe.digest]
    assert same == [name]


def test_the_standard_recipe_is_the_default():
    """What is trained without a word is what the file of that name says."""
    assert load_recipe("standard").digest == Recipe().digest


def test_an_unknown_name_is_answered_with_the_nearest():
    """One line with the name, and what it may have been meant to be."""
    with pytest.raises(UsageError, match=r"dise: no such recipe.*did you mean 'dice'"):
        load_recipe("dise")


def test_every_choice_of_the_workshop_has_a_recipe():
    """Each loss, optimiser, schedule, variation and normalisation is used by one at least."""
    stored = [load_recipe(name) for name in recipes()]
    fields = Recipe.model_fields
    for name in ("loss", "optimiser", "schedule"):
        assert {getattr(one, name) for one in stored} == set(get_args(fields[name].annotation))
    for name in (
        *("rotation_deg", "zoom", "elastic", "blur", "contrast", "noise", "erasing"),
        *("oversampling", "dropout"),
    ):
        assert max(getattr(one, name) for one in stored) > 0
    assert {one.normalisation for one in stored} >= {"zscore", "dataset", "batch"}
    assert {len(one.widths) for one in stored} == {2, 3, 4, 5}
    assert {one.patience for one in stored} > {None}
