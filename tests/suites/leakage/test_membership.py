"""A model that knows its test images too well is found out; an honest one is never cleared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from audit.policy.verdict import Verdict
from suites.leakage import Membership
from suites.leakage.membership import BLIND, MEMORY
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

    return segmenter(Does(answer), output="sigmoid", digest="trained on the test")


def models(audited):
    """Return an audited model and a reference by role."""
    reference = segmenter(Threshold(MIDDLE + 2, 0.1), output="sigmoid", digest="reference")
    return {"audited": audited, "reference": reference}


def test_a_member_fails_and_an_honest_model_is_not_cleared(tmp_path):
    """Known too well: FAIL. Known as well as others: no verdict, and it does not count."""
    tests, others = parts()
    honest = segmenter(Threshold(MIDDLE, 0.1), output="sigmoid", digest="honest")
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
