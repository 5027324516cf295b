"""Laws of flaws of the images: what is spoilt in them, and what is left as it was."""

from __future__ import annotations

import numpy as np

from audit.datasets.split import split
from baselines.flaws.leaky import LEAKY, NEIGHBOURS
from baselines.flaws.marker import MARKER
from baselines.flaws.minority import MINORITY
from baselines.flaws.misaligned import MISALIGNED
from baselines.flaws.narrow import NARROW
from baselines.flaws.position import POSITION
from baselines.flaws.trained_on_test import TRAINED_ON_TEST, small_fields
from tests.baselines.flaws.material import MATERIAL, RECIPE


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
