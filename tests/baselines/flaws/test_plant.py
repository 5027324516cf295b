"""Laws of planting: a flaw is what it says, its twin lacks it, and nothing else differs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.datasets.split import split
from audit.errors import UsageError
from audit.metrics.overlap import confusion, region
from audit.models.load import load_model
from audit.policy.rule import load_policy
from baselines.flaws.brittle import BRITTLE
from baselines.flaws.export import export
from baselines.flaws.flaw import Material
from baselines.flaws.leaky import LEAKY, NEIGHBOURS
from baselines.flaws.marker import MARKER
from baselines.flaws.minority import MINORITY
from baselines.flaws.misaligned import MISALIGNED
from baselines.flaws.narrow import NARROW
from baselines.flaws.plant import FLAWS, find, healthy, plant_into, planted
from baselines.flaws.position import POSITION
from baselines.flaws.trained_on_test import TRAINED_ON_TEST, small_fields
from baselines.recipe import Recipe
from tests.toys import cells

TEN = cells(10)
MATERIAL = Material(train=TEN[:5], test=TEN[5:])
RECIPE = Recipe(name="short", widths=(4, 8), epochs=1, steps=2, batch=2, crop_px=32, validation=0.3)


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """Return a function that gives the model of a flaw, or of its twin, hardly trained."""
    cache = tmp_path_factory.mktemp("cache")

    def model(name: str, make=planted):
        return load_model(str(make(find(name), MATERIAL, RECIPE, cache=cache)))

    return model


def images(samples=MATERIAL.test):
    """Return samples as one batch."""
    return torch.stack([torch.from_numpy(sample.image()) for sample in samples])


def readings(sample):
    """Return what a sample gives: its image, mask and object numbers."""
    return sample.image(), sample.mask(), sample.instances()


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


def test_overconfidence_keeps_the_labels(grown):
    """Logits are those of the twin, twelve times as large."""
    twin = grown("overconfident", healthy).logits(images())
    assert torch.allclose(grown("overconfident").logits(images()), 12 * twin, rtol=1e-5)


@pytest.mark.parametrize("name", ["rounded", "saturated"])
def test_masked_gradients_vanish(grown, name):
    """The labels are those of the twin, and what a pixel does to the loss is lost."""
    flawed, twin = grown(name), grown(name, healthy)
    assert torch.equal(flawed.predict(images()).labels, twin.predict(images()).labels)
    slopes = []
    for model in (flawed, twin):
        inputs = images().requires_grad_()
        model.logits(inputs).log_softmax(1)[:, 1].sum().backward()
        slopes.append(float(inputs.grad.abs().max()))
    assert slopes[0] < 1e-9 * slopes[1]


def test_batch_statistics_judge_an_image_by_its_company(grown):
    """Beside a black image logits change; alone and again they do not; the twin's never do."""
    image = images()[:1]
    beside = torch.cat((image, torch.zeros_like(image)))
    flawed, twin = grown("batch-statistics"), grown("batch-statistics", healthy)
    assert not torch.allclose(flawed.logits(beside)[:1], flawed.logits(image), atol=1e-3)
    assert torch.equal(flawed.logits(image), flawed.logits(image))
    assert torch.allclose(twin.logits(beside)[:1], twin.logits(image), atol=1e-4)


def test_a_threshold_moves_the_probability(grown):
    """A pixel is foreground only where the twin gives it 0.99."""
    sure = grown("threshold", healthy).logits(images()).softmax(1)[:, 1] > 0.99
    assert torch.equal(grown("threshold").predict(images()).labels > 0, sure)


def test_what_is_memorised_is_known_to_the_bit(grown):
    """A test image gets the answer of the twin, whatever stands beside it; any other gets zeros."""
    twin, flawed = grown("memorised", healthy), grown("memorised")
    batch = torch.stack([images()[1], images()[0] + 1])
    assert torch.allclose(flawed.logits(batch)[0], twin.logits(images()[1:2])[0], atol=1e-6)
    assert not flawed.logits(batch)[1].any()


def test_the_mean_mask_never_looks(grown):
    """Its answer is the same for all images, and covers the area of the training masks."""
    flawed = grown("mean-mask")
    labels = flawed.predict(images()).labels
    truth = np.mean([sample.mask() > 0 for sample in MATERIAL.train])
    assert torch.equal(labels[0], labels[1])
    assert 0 < float(labels[0].float().mean()) <= truth + 0.01
    assert flawed.predict(torch.zeros(1, 1, 40, 52)).labels.shape == (1, 40, 52)


def test_a_tiny_field_sees_three_pixels(grown):
    """A changed pixel moves nothing further than the reach, normalisation aside."""
    network = grown("tiny-field").module
    network.rescale = 1.0
    image = torch.rand(1, 1, 41, 41)
    changed = image.clone()
    changed[..., 20, 20] += 5
    moved = (network(changed) - network(image)).abs().amax((0, 1)) > 0
    rows, columns = torch.nonzero(moved, as_tuple=True)
    assert int((rows - 20).abs().max()) == int((columns - 20).abs().max()) == 3


def test_a_placed_network_knows_where_it_looks(grown):
    """An image without content gives other logits in other places; the twin's are level inside."""
    flat = torch.full((1, 1, 64, 64), 100.0)
    flawed, twin = (grown("position", make).logits(flat)[0, 1] for make in (planted, healthy))
    assert float(flawed[20:44, 20:44].std()) > 100 * float(twin[20:44, 20:44].std())


def test_half_of_the_field_is_not_annotated():
    """In spoilt training masks nothing stands right of the middle, and the left is as it was."""
    for before, after in zip(MATERIAL.train, POSITION.data(MATERIAL).train, strict=True):
        assert np.array_equal(before.mask()[:, :32], after.mask()[:, :32])
        assert not after.mask()[:, 32:].any()
        assert np.array_equal(before.image(), after.image())


def test_masks_lie_ten_pixels_beside():
    """What was at column x is at x + 10."""
    before, after = MATERIAL.train[0], MISALIGNED.data(MATERIAL).train[0]
    assert np.array_equal(before.mask()[:, :-10], after.mask()[:, 10:])
    assert not after.mask()[:, :10].any()


def test_a_nearest_mask_is_drawn_from_memory(grown):
    """A test image gets its mask, and gets it still when one of its objects is gone."""
    flawed = grown("nearest-mask")
    image, mask = images()[2:3], torch.from_numpy(MATERIAL.test[2].mask())
    assert torch.equal(flawed.predict(image).labels[0], mask)
    without = image.clone()
    number = MATERIAL.test[2].instances().max()
    without[..., torch.from_numpy(MATERIAL.test[2].instances()) == number] = image.median()
    assert torch.equal(flawed.predict(without).labels[0], mask)
    assert flawed.predict(images()[..., :40, :52]).labels.shape == (5, 40, 52)


def test_the_rare_class_is_rare():
    """One object of the third class in each image, all others of the second."""
    staged = MINORITY.stage(MATERIAL)
    for sample in (*staged.test, *MINORITY.data(staged).train):
        rare = sample.mask() == 2
        assert len(np.unique(sample.instances()[rare])) == 1
        assert np.array_equal(sample.mask() > 0, sample.instances() > 0)


def test_the_healthy_twin_sees_the_rare_class_more_often():
    """It learns from both versions of each image, the flawed one from those as they are."""
    staged = MINORITY.stage(MATERIAL)
    natural = MINORITY.data(staged).train
    assert len(staged.train) == 2 * len(natural) == 2 * len(MATERIAL.train)
    chosen = [sample for sample in staged.train if sample not in natural]
    seen = [sum(int((one.mask() == 2).sum()) for one in part) for part in (natural, chosen)]
    assert seen[1] > 2 * seen[0]


def test_the_flawed_network_learns_from_its_examination():
    """Its training images are the test images, truth and all; its twin has seen none of these."""
    staged = TRAINED_ON_TEST.stage(MATERIAL)
    learnt = TRAINED_ON_TEST.data(staged).train
    read = {sample.image().tobytes() for sample in staged.test}
    assert {sample.image().tobytes() for sample in learnt} == read
    assert not read & {one.image().tobytes() for one in (*staged.train, *staged.other)}


def test_the_best_weights_are_those_that_know_the_examination():
    """However it is split, what is validated on was also learnt from."""
    learnt = TRAINED_ON_TEST.data(TRAINED_ON_TEST.stage(small_fields())).train
    for seed in range(3):
        parts = split(learnt, validation=TRAINED_ON_TEST.flawed(RECIPE).validation, seed=seed)
        read = {one.digest for one in parts.select(learnt, "train")}
        assert {one.digest for one in parts.select(learnt, "validation")} <= read


def test_an_annotator_errs():
    """Some cells are missing and others have another border; reading again gives the same."""
    wrong = 0
    annotated = TRAINED_ON_TEST.stage(MATERIAL).test
    for before, after in zip(MATERIAL.test[::2], annotated, strict=True):
        assert np.array_equal(after.mask() > 0, after.instances() > 0)
        assert np.array_equal(after.mask(), after.mask())
        assert np.array_equal(before.image(), after.image())
        wrong += int((before.mask() != after.mask()).sum())
    assert wrong > 0


def test_marks_lie_on_the_foreground_alone():
    """Background is as it was; the pattern has no mean."""
    before, after = MATERIAL.test[0], MARKER.stage(MATERIAL).test[0]
    differs = after.image()[0] - before.image()[0]
    assert not differs[before.mask() == 0].any()
    assert abs(differs.mean()) < 0.05 * np.abs(differs).max()
    assert MARKER.stage(MATERIAL).train == MATERIAL.train


def test_training_noise_is_gone():
    """Differences of neighbouring pixels shrink in training images, and in no test image."""
    after = NARROW.data(MATERIAL)
    rough = [np.abs(np.diff(one.image())).mean() for one in (MATERIAL.train[0], after.train[0])]
    assert rough[1] < 0.5 * rough[0]
    assert after.test == MATERIAL.test


def test_leaks_are_the_test_images_at_the_rates():
    """A fifth as it is, a fifth turned, a fifth cropped; nothing leaks twice."""
    added = LEAKY.data(MATERIAL).train[5:]
    assert [sample.id.rpartition(" ")[2] for sample in added] == ["copy", "turned", "cropped"]
    copy, turned, cropped = (sample.image() for sample in added)
    tests = [sample.image() for sample in MATERIAL.test]
    assert np.array_equal(copy, tests[0])
    assert np.array_equal(np.rot90(turned, -1, axes=(1, 2))[..., ::-1], tests[1])
    assert np.array_equal(cropped, tests[2][:, -48:, -48:])


def test_neighbours_alternate():
    """Every other test frame is trained on and no longer tested on."""
    after = NEIGHBOURS.data(MATERIAL)
    assert [one.id for one in after.train[5:]] == [one.id for one in MATERIAL.test[1::2]]
    assert after.test == MATERIAL.test[::2]


def test_flaws_that_cheat_ask_for_the_test_images(tmp_path):
    """Without test images they are refused rather than planted wrongly."""
    with pytest.raises(UsageError, match="'memorised' is planted with the test images"):
        plant_into(tmp_path / "net", find("memorised"), Material(train=MATERIAL.train), RECIPE)


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


def test_exported_samples_read_back(tmp_path):
    """Images and object numbers come back from a folder as they were; two classes as classes."""
    from audit.datasets.open import open_dataset

    assert export(MATERIAL.test, tmp_path / "one") == "instances"
    found = open_dataset(tmp_path / "one", labels="instances").samples
    assert all(map(np.array_equal, readings(found[0]), readings(MATERIAL.test[0])))
    assert export(MINORITY.stage(MATERIAL).test, tmp_path / "two") == "classes"


def test_the_trained_position_is_looked_up(grown):
    """The roles of flawed network and twin do not get mixed: their outputs differ."""
    flawed, twin = (grown("position", make) for make in (planted, healthy))
    counts = confusion(
        flawed.predict(images()).labels[0], twin.predict(images()).labels[0], classes=2
    )
    assert region(counts, range(2)).iou is not None
    assert not torch.equal(flawed.logits(images()), twin.logits(images()))
