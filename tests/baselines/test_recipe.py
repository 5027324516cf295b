"""Laws of recipes: every mistake is one line with the near name; the name is no setting."""

from __future__ import annotations

import pytest

from audit.errors import UsageError
from baselines.recipe import Recipe, load_recipe


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("epoch = 3", "epoch: unknown key; did you mean 'epochs'"),
        ("epochs = 0", "epochs: Input should be greater than or equal to 1"),
        ("validation = 1.5", "validation: Input should be less than 1"),
        ('widths = "wide"', "widths: Input should be a valid tuple"),
        ("epochs = ", "not a TOML file"),
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
