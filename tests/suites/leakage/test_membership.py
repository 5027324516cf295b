"""A model that knows its test images too well is found out; an honest one is never cleared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.stats import binomtest

from audit.policy.verdict import Verdict
from suites.leakage import Membership
from suites.leakage.membership import BLIND, LEAST_LOSS, MEMORY, calibrated
from tests.suites.leakage.material import outcomes
from tests.toys import BRIGHT, DARK, Does, Threshold, scenes, segmenter

MIDDLE = (DARK + BRIGHT) / 2


def parts(count: int = 8):
    """Return test images and others, of equal difficulty."""
    made = scenes(2 * count, noise=25.0)
    tests = made[::2]
    return tests, tuple(replace(one, part="other") for one in made[1::2])


def trained_on(samples):
    """Return a model that knows the truth of some images and thresholds all others."""
    known = [(torch.from_numpy(s.image()), torch.from_numpy(s.mask()).float()) for s in samples]
    plain = Threshold(MIDDLE, 0.1)

    def answer(images):
        logits = plain(images).clone()
        for number, image in enumerate(images):
            for mine, mask in known:
                if torch.equal(image, mine):
                    logits[number, 0] = 8 * mask - 4
        return logits

    return segmenter(Does(answer), output="sigmoid-logits", digest="trained on the test")


def models(audited):
    """Return an audited model and a reference by role."""
    reference = segmenter(Threshold(MIDDLE + 2, 0.1), output="sigmoid-logits", digest="reference")
    return {"audited": audited, "reference": reference}


def test_a_member_fails_and_an_honest_model_is_not_cleared(tmp_path):
    """Known too well: FAIL. Known as well as others: no verdict, and it does not count."""
    tests, others = parts()
    honest = segmenter(Threshold(MIDDLE, 0.1), output="sigmoid-logits", digest="honest")
    (tmp_path / "honest").mkdir()
    found = outcomes([Membership()], (*tests, *others), tmp_path, models(trained_on(tests)))
    assert found["membership"].verdict is Verdict.FAIL
    kept = outcomes([Membership()], (*tests, *others), tmp_path / "honest", models(honest))
    assert kept["membership"].verdict is Verdict.UNDECIDED
    assert not kept["membership"].counts
    assert "clears no split" in kept["membership"].because


def test_frames_of_the_same_movie_prove_nothing():
    """Members cannot be told from their neighbours in time."""
    tests, others = parts(3)
    samples = [replace(one, group="movie") for one in (*tests, *others)]
    alike = {one.id: 1.0 for one in samples}
    said = list(Membership().test(samples, alike, alike))
    assert {row.undefined for row in said} == {MEMORY}


def said_of(values, difficulty=1.0):
    """Return the rows of the test for losses of test images and of others, by metric."""
    tests, others = parts(len(values) // 2)
    samples = [*tests, *others]
    mine = {one.id: float(value) for one, value in zip(samples, values, strict=True)}
    rows = Membership().test(samples, mine, dict.fromkeys(mine, difficulty))
    return {row.metric: row for row in rows}


def test_losses_that_only_scatter_more_are_no_memory():
    """A lower loss is detected; the same mean with a wider scatter is not, however surely."""
    near = np.linspace(-1, 1, 12)
    lower = said_of([*(0.5 + 0.1 * near), *(0.9 + 0.1 * near)])
    assert lower["detected"].value == 1.0
    wider = said_of([*(0.9 - 0.001 + near), *(0.9 + 0.001 * near)])
    assert wider["membership_p"].value > 0.5
    assert wider["detected"].value is None


def test_what_too_few_movies_cannot_show_is_not_said_to_be_absent():
    """Four images a side have no p value below 0.01: nothing was asked, nothing was not found."""
    rows = said_of([0.1, 0.2, 0.15, 0.12, 0.9, 0.8, 0.95, 0.85])
    assert {row.undefined for row in rows.values()} == {BLIND}


def healthy_losses(count: int, stream, slope: float = 1.0):
    """Return losses of an honest network and logarithms of those of references, by image."""
    hard = stream.normal(-3.5, 1.0, count)
    own = np.exp(0.4 + slope * hard + stream.normal(0, 0.25, count))
    names = [str(number) for number in range(count)]
    return dict(zip(names, own.tolist(), strict=True)), dict(zip(names, hard.tolist(), strict=True))


def p_of(losses, difficulty, tests):
    """Return the p value where the images of these names are the test images."""
    one = scenes(1)[0]
    samples = [
        replace(one, id=name, group=name, part="test" if name in tests else "other")
        for name in losses
    ]
    rows = Membership().test(samples, calibrated(losses, difficulty), difficulty)
    return {row.metric: row.value for row in rows}["membership_p"]


def test_honest_networks_are_accused_no_more_often_than_the_level():
    """Of 200 random splits of images that were not trained on, about 5 % have p below 0.05."""
    stream = np.random.default_rng(5)
    found = []
    for _ in range(200):
        losses, difficulty = healthy_losses(24, stream)
        tests = set(stream.permutation(list(losses))[:12])
        found.append(p_of(losses, difficulty, tests))
    below = [p for p in found if p is not None and p < 0.05]
    assert binomtest(len(below), len(found), 0.05, alternative="greater").pvalue > 0.01


def test_members_are_found_through_their_difficulty():
    """Half the loss on members is found, though images differ by far more than that."""
    stream = np.random.default_rng(6)
    found = []
    for _ in range(40):
        losses, difficulty = healthy_losses(40, stream)
        tests = set(list(losses)[:20])
        known = {name: value / (2 if name in tests else 1) for name, value in losses.items()}
        found.append(p_of(known, difficulty, tests))
    assert np.mean([p < 0.01 for p in found]) > 0.9


def test_a_network_that_finds_hard_images_harder_still_is_not_accused_for_easy_ones():
    """Easy test images and a steeper loss look like memory in nats, and beside the line do not."""
    stream = np.random.default_rng(7)
    accused = 0
    for _ in range(40):
        losses, difficulty = healthy_losses(40, stream, slope=1.5)
        ranked = sorted(difficulty, key=difficulty.__getitem__)
        easier = set(ranked[2:22])
        accused += p_of(losses, difficulty, easier) < 0.05
    assert binomtest(accused, 40, 0.05, alternative="greater").pvalue > 0.01


def test_losses_of_nothing_are_counted():
    """A loss of exactly 0 has no logarithm, and a single difficulty no line: both are numbers."""
    left = calibrated({"a": 0.0, "b": 1.0}, {"a": -2.0, "b": -2.0})
    assert left["b"] == -left["a"] == pytest.approx(-np.log(LEAST_LOSS) / 2)
    assert calibrated({}, {}) == {}
