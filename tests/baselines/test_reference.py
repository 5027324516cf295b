"""Laws of reference networks: trained once, repeatable, and complete in their folder."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from audit.datasets.cells import Simulation
from audit.datasets.simulated import simulate
from audit.errors import DataError
from audit.files import MARK
from audit.models.card import read_card
from audit.models.load import load_model
from baselines.preparation import working_scale
from baselines.recipe import Recipe
from baselines.reference import LOG, MANIFEST, train_into, trained
from baselines.training import train
from tests.toys import scene, scenes

RECIPE = Recipe(name="short", widths=(4, 8), epochs=4, steps=6, batch=4, crop_px=32, validation=0.3)
SAMPLES = simulate(Simulation(size_px=64, cells=(3, 5)), range(6)).samples


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Return a folder with one trained network, and that network's folder and history."""
    root = tmp_path_factory.mktemp("cache")
    told = []
    folder = trained(SAMPLES, RECIPE, cache=root, say=lambda epoch, _: told.append(epoch))
    return root, folder, told


def test_the_loss_falls(cache):
    """In four short epochs the training loss falls by a third."""
    _, _, told = cache
    assert [epoch.epoch for epoch in told] == [0, 1, 2, 3]
    assert told[-1].loss < 0.67 * told[0].loss


def test_the_same_seed_gives_the_same_weights(cache, tmp_path):
    """Training again gives the same bytes whatever the global stream; another seed other ones."""
    _, folder, _ = cache
    torch.manual_seed(99)
    state = torch.get_rng_state()
    train_into(tmp_path / "again", SAMPLES, RECIPE)
    assert torch.equal(torch.get_rng_state(), state)
    for name in ("best.safetensors", "last.safetensors"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
    train_into(tmp_path / "other", SAMPLES, RECIPE, seed=1)
    one, two = (load_file(f / "last.safetensors") for f in (folder, tmp_path / "other"))
    assert not all(torch.equal(one[key], two[key]) for key in one)


def test_dropout_is_of_the_seed(tmp_path):
    """What is dropped does not depend on the global stream, which stays; the card says how much."""
    dropping = RECIPE.model_copy(update={"dropout": 0.5, "epochs": 1})
    for name in ("one", "two"):
        state = torch.get_rng_state()
        train_into(tmp_path / name, SAMPLES, dropping)
        assert torch.equal(torch.get_rng_state(), state)
        torch.manual_seed(99)
    one, two = (tmp_path / name / "last.safetensors" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    model = load_model(str(tmp_path / "one"))
    image = torch.from_numpy(SAMPLES[0].image())[None]
    with torch.inference_mode():
        assert torch.equal(model.logits(image), model.logits(image))
    assert read_card(tmp_path / "one" / "model.toml").settings["dropout"] == 0.5


def test_what_is_cached_is_not_trained_again(cache):
    """A second call returns the folder without an epoch; other data, recipe or seed do not hit."""
    root, folder, _ = cache

    def never(epoch, _):
        raise AssertionError(f"trained again: {epoch}")

    assert trained(SAMPLES, RECIPE, cache=root, say=never) == folder
    assert trained(SAMPLES[::-1], RECIPE, cache=root, say=never) == folder
    changed = (replace(SAMPLES[0], digest="other"), *SAMPLES[1:])
    for given in (
        (changed, RECIPE, 0),
        (SAMPLES, Recipe(**RECIPE.model_dump() | {"steps": 7}), 0),
        (SAMPLES, RECIPE, 1),
    ):
        with pytest.raises(AssertionError, match="trained again"):
            trained(given[0], given[1], seed=given[2], cache=root, say=never)
    assert [one.name for one in root.iterdir()] == [folder.name]


def test_the_card_gives_the_trained_network(tmp_path):
    """Loaded by its card the network gives the logits that it gave when it was trained."""
    result = train_into(tmp_path / "net", SAMPLES, RECIPE)
    network = result.network
    network.load_state_dict(result.best)
    model = load_model(str(tmp_path / "net"))
    raw = torch.from_numpy(SAMPLES[0].image())[None]
    spread, mean = torch.std_mean(raw, (1, 2, 3), correction=0, keepdim=True)
    with torch.inference_mode():
        expected = network.eval()((raw - mean) / spread)
        assert torch.allclose(model.logits(raw), expected, atol=1e-4)
    assert model.traits.pixel_um == SAMPLES[0].pixel_um
    assert model.traits.classes == 2


def test_the_folder_is_complete(cache):
    """Weights, card, a log in Keras' columns, and a manifest whose parts are disjoint."""
    _, folder, told = cache
    names = {one.name for one in folder.iterdir()}
    weights = {"best.safetensors", "last.safetensors"}
    assert names == {*weights, "model.toml", LOG, MANIFEST, MARK}
    with (folder / LOG).open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert list(lines[0])[:3] == ["epoch", "loss", "val_loss"]
    assert [float(line["loss"]) for line in lines] == [epoch.loss for epoch in told]
    parts = json.loads((folder / MANIFEST).read_text())["parts"]
    listed = [name for names in parts.values() for name in names]
    assert sorted(listed) == sorted(sample.id for sample in SAMPLES)
    assert parts["train"]
    assert parts["validation"]


def test_an_interrupted_training_leaves_nothing(tmp_path):
    """A training that ends early leaves no folder that the next one would take for whole."""

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trained(SAMPLES, RECIPE, cache=tmp_path / "cache", say=stop)
    assert not list((tmp_path / "cache").glob("*"))


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (tuple(scene(n, mask=None) for n in range(4)), "no|needs|split"),
        (tuple(scene(n, mask=lambda: scene(0).mask() * 0) for n in range(4)), "background only"),
    ],
)
def test_data_that_teach_nothing_are_refused(tmp_path, samples, says):
    """Without masks, or with empty ones, training is refused rather than done."""
    with pytest.raises(DataError, match=says):
        trained(samples, RECIPE, cache=tmp_path)


def test_training_needs_both_parts():
    """Images for training and for validation are needed."""
    with pytest.raises(DataError, match="for training and for validation"):
        train(scenes(2), (), RECIPE)


def test_the_working_scale_is_of_the_objects():
    """The median object spans the recipe's pixels, never on finer pixels than there are."""
    samples = scenes(3, size=128, radius=20.0)
    assert working_scale(samples, Recipe(object_px=20.0)) == pytest.approx(0.5, rel=0.03)
    assert working_scale(samples, Recipe(object_px=200.0)) == 1.0
    assert working_scale(samples, Recipe(pixel_um=2.0)) == pytest.approx(0.25)
    with pytest.raises(DataError, match="state none"):
        working_scale(scenes(1, pixel_um=None), Recipe(pixel_um=2.0))
