"""Controls of imbalance.classes: a class of half a percent that is ignored, and one that is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.policy.verdict import Verdict
from baselines.naive.team import naive_models
from suites.imbalance.classes import Classes
from suites.imbalance.neglected import Neglected
from tests.toys import Does, audit_of, held, judged_of, rows_of, segmenter

LEVELS = (100.0, 160.0, 220.0)


def rare(number: int):
    """Return a scene of class 1 with a few pixels of class 2: half a percent of the field."""
    stream = np.random.default_rng(number)
    mask = np.zeros((40, 40), int)
    mask[8:24, 8:24] = 1
    row, column = stream.integers(26, 36, 2)
    mask[row : row + 2, column : column + 4] = 2
    image = np.array(LEVELS)[mask] + 3 * stream.standard_normal(mask.shape)
    return held(f"rare/{number}", image[None], mask)


def three(*, ignores: bool):
    """Return a model that takes the nearest level, or one that has never heard of class 2."""

    def logits(images):
        far = torch.cat([-((images - level) ** 2) for level in LEVELS], 1) / 100
        far[:, 2] -= 1e6 * ignores
        return far

    return segmenter(Does(logits), classes=3, digest=f"three {ignores}")


SAMPLES = tuple(rare(number) for number in range(12))


def outcomes(model):
    """Return the verdicts of the default policy beside the naive predictors."""
    models = {"audited": model, **naive_models(SAMPLES, SAMPLES, 3)}
    return judged_of(replace(audit_of(model, SAMPLES), models=models), [Classes(), Neglected()])


def test_an_ignored_minority_fails():
    """Positive control: 99 % of the pixels are right, and the rare class is lost."""
    found = outcomes(three(ignores=True))
    rows = rows_of(Classes(), three(ignores=True), SAMPLES)
    assert min(row.value for row in rows if row.metric == "accuracy") > 0.99
    assert found["neglected class"].verdict is Verdict.FAIL
    assert found["neglected class"].estimate == 0


def test_a_minority_that_is_found_passes():
    """Negative control: the same scenes, the rare class found; better than any naive predictor."""
    found = outcomes(three(ignores=False))
    assert {one.verdict for one in found.values() if one.counts} == {Verdict.PASS}
    assert found["balanced accuracy beyond naive predictors"].estimate > 0.3


def test_a_constant_is_no_better_than_a_naive_predictor():
    """Positive control: a network that says background everywhere does not pass the comparison."""
    silent = segmenter(Does(lambda x: torch.cat([x * 0 + 9, x * 0, x * 0], 1)), classes=3)
    outcome = outcomes(silent)["balanced accuracy beyond naive predictors"]
    assert outcome.verdict is Verdict.FAIL
    assert outcome.estimate <= 0


def test_the_numbers_are_those_of_the_definitions():
    """Every row agrees with a count over pixels, one at a time."""
    stream = np.random.default_rng(0)
    mask = stream.integers(0, 2, (9, 9))
    guess = torch.from_numpy(stream.integers(0, 3, (9, 9)))
    model = segmenter(
        Does(lambda x: torch.nn.functional.one_hot(guess, 3).movedim(-1, 0)[None] * 9 + 0 * x),
        classes=3,
    )
    rows = rows_of(Classes(), model, (held("one", np.ones((1, 9, 9)), mask),))
    value = {(row.metric, *sorted(row.at.items())): row.value for row in rows}
    pairs = list(zip(mask.reshape(-1).tolist(), guess.reshape(-1).tolist(), strict=True))
    for number in range(3):
        there = [pair for pair in pairs if pair[0] == number]
        said = [pair for pair in pairs if pair[1] == number]
        both = [pair for pair in there if pair[1] == number]
        either = len(there) + len(said) - len(both)
        at = ("class", number)
        assert value["class_recall", at] == (len(both) / len(there) if there else None)
        assert value["class_precision", at] == len(both) / len(said)
        assert value["class_iou", at] == len(both) / either
        for other in range(3):
            taken = sum(pair == (number, other) for pair in pairs)
            key = ("confused_fraction", ("predicted", other), ("truth", number))
            assert value[key] == (taken / len(there) if there else None)
    right = np.mean([a == b for a, b in pairs])
    assert value["accuracy",] == pytest.approx(right)
    recalls = [value["class_recall", ("class", number)] for number in range(2)]
    assert value["balanced_accuracy",] == pytest.approx(np.mean(recalls))


def test_partial_truth_says_nothing_of_the_background():
    """Where truth is partial only recall of objects stands; the rest is undefined, with why."""
    rows = rows_of(Classes(), three(ignores=False), (replace(rare(0), complete=False),))
    known = {
        (row.metric, row.at.get("class", row.at.get("truth")))
        for row in rows
        if row.value is not None
    }
    assert known == {(m, n) for m in ("class_recall", "confused_fraction") for n in (1, 2)}
    assert all("only part" in row.undefined for row in rows if row.value is None)
