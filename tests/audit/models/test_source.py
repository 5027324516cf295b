"""Laws of a network's source: a card alone imports its own files only, and all are its identity."""

from __future__ import annotations

import sys

import pytest
import torch
from safetensors.torch import save_file

from audit.errors import ModelError
from audit.models.load import load_model
from tests.toys import Tiny

SOURCE = """\
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
import blocks
sys.path.pop(0)
from tests.toys import Tiny

def network(**settings):
    made = Tiny()
    made.width = blocks.WIDTH
    return made
"""


def model(folder, network="net.py:network", settings="", width=1):
    """Write a card, a network with a helper beside it, and weights; return the card."""
    folder.mkdir(exist_ok=True)
    (folder / "net.py").write_text(SOURCE)
    (folder / "blocks.py").write_text(f"WIDTH = {width}")
    save_file(Tiny().state_dict(), folder / "w.safetensors")
    card = folder / "model.toml"
    lines = (f'network = "{network}"', 'weights = "w.safetensors"', "[settings]", settings)
    card.write_text("\n".join(lines))
    return card


@pytest.mark.parametrize(
    ("network", "settings"),
    [
        ("os:system", 'command = "touch {hurt}"'),
        ("subprocess:run", 'args = ["touch", "{hurt}"]'),
        ("shutil:rmtree", 'path = "{hurt}"'),
        ("baselines.reference:shutil", ""),
        ("baselines.training:build", 'network = "os:system"\nfolder = "."\nnamed = true'),
        ("baselines.flaws.memorised:load_model", 'spec = "os:system"'),
    ],
)
def test_a_card_alone_imports_no_module(tmp_path, network, settings):
    """Neither a library's function nor one of ours that does as it is told is ever called."""
    hurt = tmp_path / "hurt"
    if network.startswith("shutil"):
        hurt.mkdir()
    before = hurt.exists()
    path = model(tmp_path / "m", network, settings.format(hurt=hurt))
    with pytest.raises(ModelError, match=f"a card may name .* say --network {network}"):
        load_model(str(path))
    assert hurt.exists() is before


@pytest.mark.parametrize("how", ["up", "absolute", "link"])
def test_a_card_names_no_file_outside_of_its_folder(tmp_path, how):
    """A way up, an absolute path and a link that leads out are refused; the user may name them."""
    model(tmp_path / "other")
    outside = tmp_path / "other" / "net.py"
    place = {"up": "../other/net.py", "absolute": str(outside), "link": "linked.py"}[how]
    path = model(tmp_path / "m", f"{place}:network")
    (tmp_path / "m" / "linked.py").symlink_to(outside)
    with pytest.raises(ModelError, match="in its own folder only"):
        load_model(str(path))
    named = load_model(str(path), network=f"{outside}:network")
    assert named.logits(torch.rand(1, 1, 8, 8)).shape == (1, 2, 8, 8)


def test_what_the_user_names_is_imported(tmp_path):
    """A module that is named beside the card, or as the model, is the network; its code counts."""
    path = model(tmp_path / "m")
    named = load_model(str(path), network="tests.toys:Tiny")
    weights = str(tmp_path / "m" / "w.safetensors")
    alone = load_model("tests.toys:Tiny", weights=weights)
    assert type(named.module) is type(alone.module) is Tiny
    assert named.traits.digest != load_model(str(path)).traits.digest


def test_our_own_networks_are_named_by_cards():
    """What a card of ours names is a network: the list is that of our own source."""
    from audit.models.source import is_ours

    assert is_ours("baselines.network", "reference")
    assert is_ours("baselines.ordinal", "ordinal")
    assert is_ours("baselines.flaws.overconfident", "Overconfident")
    assert not is_ours("baselines.training", "build")
    assert not is_ours("baselines.network", "nn")


def test_a_helper_is_part_of_the_digest(tmp_path):
    """Another line in a module that the network's file imports is another model."""
    one = load_model(str(model(tmp_path / "m", width=1)))
    same = load_model(str(model(tmp_path / "m", width=1)))
    other = load_model(str(model(tmp_path / "m", width=22)))
    assert one.traits.digest == same.traits.digest != other.traits.digest
    assert (one.module.width, other.module.width) == (1, 22)


@pytest.mark.parametrize(
    "line",
    [
        "raise SystemExit(0)",
        "raise KeyboardInterrupt",
        "raise GeneratorExit",
        "class Mute(Exception):\n    def __str__(self): raise SystemExit(0)\nraise Mute",
    ],
)
def test_a_file_cannot_end_the_program(tmp_path, line):
    """What is raised on import to end the process is a model that cannot be loaded."""
    path = model(tmp_path / "m")
    (tmp_path / "m" / "net.py").write_text(line)
    with pytest.raises(ModelError, match=r"cannot be (loaded|run): "):
        load_model(str(path))


def test_helpers_of_one_name_stay_apart(tmp_path):
    """Two models with a helper of the same name have each their own, and leave none behind."""
    models = [load_model(str(model(tmp_path / name, width=n))) for n, name in enumerate("ab")]
    assert [one.module.width for one in models] == [0, 1]
    assert "blocks" not in sys.modules
