"""The laws of the list of healthy networks: both halves hold the same, and neither was chosen."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest
import torch

from audit.models.source import build
from baselines.healthy.bank import ARCHITECTURES, RECIPES, bank
from baselines.healthy.grounds import HALVES, KINDS
from baselines.network import Network


@pytest.mark.parametrize("half", HALVES)
def test_a_half_has_every_kind_architecture_and_recipe(half):
    """Each half holds 24 networks, three of each kind, and every architecture and recipe."""
    held = [entry for entry in bank() if entry.half == half]
    assert [sum(entry.kind == kind for entry in held) for kind in KINDS] == [3] * len(KINDS)
    assert {entry.architecture for entry in held} == set(ARCHITECTURES)
    assert {entry.recipe for entry in held} == set(RECIPES)


def test_no_two_networks_share_a_seed():
    """Every network has a seed of its own, and no attempt at one is an attempt at another."""
    assert len({entry.seed for entry in bank()}) == len({entry.name for entry in bank()}) == 48


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_an_architecture_answers_at_any_size(architecture):
    """Every architecture gives finite logits of each class at each pixel of an odd image."""
    made = next(entry for entry in bank() if entry.architecture == architecture).made()
    settings = {"channels": 1, "classes": 3, "widths": made.widths, "rescale": 0.7}
    network = build(made.network, settings, None).module
    assert isinstance(network, Network)
    logits = network.eval()(torch.rand(2, 1, 53, 66))
    assert logits.shape == (2, 3, 53, 66)
    assert torch.isfinite(logits).all()


def test_a_recipe_of_the_list_is_small_and_its_own():
    """Width, length and rate are changed; loss, optimiser and augmentation are the recipe's."""
    entry = next(one for one in bank() if one.architecture == "unnormalised")
    made = entry.made()
    assert made.learning_rate < 0.01
    assert made.crop_px == 64
    assert made.name == f"{entry.architecture}-{entry.recipe}"


def test_the_table_of_networks_is_of_this_list():
    """Every network that was dealt stands in the table, as it was dealt, by its own seeds."""
    text = files("baselines.healthy").joinpath("networks.csv").read_text("utf-8")
    dealt = {str(one.number): one for one in bank()}
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["number"] for row in rows} == set(dealt)
    for row in rows:
        one = dealt[row["number"]]
        held = (row["half"], row["kind"], row["architecture"], row["recipe"])
        assert held == (one.half, one.kind, one.architecture, one.recipe)
        assert int(row["seed"]) % 100 == one.seed
