"""Laws of planting: a flaw is what it says, is found by name, and shares its training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.errors import UsageError
from audit.policy.reading import load_policy
from baselines.flaws.brittle import BRITTLE
from baselines.flaws.images import FlawImages
from baselines.flaws.leaky import NEIGHBOURS
from baselines.flaws.plant import FLAWS, find, healthy, plant_into, planted
from baselines.recipe import Recipe
from tests.baselines.flaws.material import MATERIAL, RECIPE, readings


@pytest.mark.parametrize("flaw", FLAWS.values(), ids=lambda flaw: flaw.name)
def test_a_flaw_says_what_it_is_and_changes_something(flaw):
    """One sentence says how it is planted; and something is planted: data, recipe or use."""
    spoilt = flaw.data(flaw.stage(MATERIAL))
    assert flaw.planted.endswith(".")
    assert flaw.flawed(RECIPE).name == f"short-{flaw.name}"
    assert (
        spoilt != flaw.stage(MATERIAL)
        or flaw.flawed(RECIPE).digest != flaw.healthy(RECIPE).digest
        or flaw.finish is not None
    )


@pytest.mark.parametrize("flaw", FLAWS.values(), ids=lambda flaw: flaw.name)
def test_the_rules_named_for_a_flaw_exist(flaw):
    """What must catch a flaw is a rule of the default policy."""
    assert {*flaw.caught_by, *flaw.withheld} <= {rule.name for rule in load_policy().rules}


@pytest.mark.parametrize("flaw", FLAWS.values(), ids=lambda flaw: flaw.name)
def test_changed_images_are_known_by_their_digest(flaw):
    """Samples that read otherwise have other digests, the same ones the same: caches rely on it."""
    before = {sample.digest: sample for sample in (*MATERIAL.train, *MATERIAL.test)}
    spoilt = flaw.data(flaw.stage(MATERIAL))
    for sample in (*spoilt.train, *spoilt.test):
        image, mask, objects = readings(sample)
        assert (image.shape, image.dtype) == (sample.shape, np.float32)
        assert (mask.shape, mask.dtype) == (sample.shape[1:], np.int64)
        assert (objects > 0).shape == mask.shape
        if known := before.get(sample.digest):
            assert all(map(np.array_equal, readings(known), (image, mask, objects)))
    ids = [sample.id for sample in spoilt.train]
    assert len(ids) == len(set(ids))


def test_flaws_are_found_by_name():
    """An unknown flaw names the nearest."""
    assert find("half-resolution").name == "half-resolution"
    with pytest.raises(UsageError, match="did you mean 'half-resolution'"):
        find("half-resolutoin")


def test_a_flaw_of_the_use_shares_its_training(grown, tmp_path):
    """The rounded and the overconfident network are their twin, trained once."""
    train = []
    for name in ("rounded", "overconfident"):
        flaw = find(name)
        planted(flaw, MATERIAL, RECIPE, cache=tmp_path, say=lambda *_: train.append(1))
    healthy(flaw, MATERIAL, RECIPE, cache=tmp_path, say=lambda *_: train.append(1))
    assert train == [1]


def test_flaws_that_cheat_ask_for_the_test_images(tmp_path):
    """Without test images they are refused rather than planted wrongly."""
    with pytest.raises(UsageError, match="'memorised' is planted with the test images"):
        plant_into(tmp_path / "net", find("memorised"), FlawImages(train=MATERIAL.train), RECIPE)


def test_movies_are_asked_for():
    """A flaw between frames is not planted where every image is alone."""
    movie = replace(MATERIAL, test=tuple(replace(one, group="movie") for one in MATERIAL.test))
    named = replace(NEIGHBOURS, caught_by=("any",))
    assert named.suits(movie)
    assert not named.suits(MATERIAL)


def test_the_brittle_twin_is_trained_against_an_adversary():
    """One is attacked in training, the other is not even turned."""
    assert BRITTLE.healthy(Recipe()).attack_spread > 0
    assert BRITTLE.flawed(Recipe()).attack_spread == 0
    assert not BRITTLE.flawed(Recipe()).turns
