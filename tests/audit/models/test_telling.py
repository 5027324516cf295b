"""What an output is, told by its numbers, or refused with what can be declared."""

from __future__ import annotations

import numpy as np
import pytest

from audit.errors import ModelError
from audit.models.card import Card
from audit.models.telling import ImageAnswer, tell

SIZE = (24, 20)
STREAM = np.random.default_rng(0)
TWO = np.zeros(SIZE, int)
TWO[2:9, 2:9], TWO[12:20, 10:18] = 1, 2
HALF = np.zeros(SIZE, int)
HALF[:, :10] = 1
SHARE = np.linspace(0, 1, 480).reshape(SIZE)
NOISE = STREAM.integers(0, 256, SIZE)
KINDS = np.where(STREAM.random(SIZE) > 0.5, 1, 2) * (STREAM.random(SIZE) > 0.3)


def told(*outputs, size=SIZE, **card):
    """Return what some outputs are told to be."""
    answers = [ImageAnswer(f"image {n}", size, np.asarray(one)) for n, one in enumerate(outputs)]
    return tell(answers, Card(**card))


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        ([HALF > 0], "labels"),
        ([HALF], "labels"),
        ([HALF.astype(float)], "labels"),
        ([HALF * 255], "labels"),
        ([HALF * 65535], "labels"),
        ([HALF[None]], "labels"),
        ([TWO], "objects"),
        ([TWO.astype(np.float32)], "objects"),
        ([TWO * 0, TWO], "objects"),
        ([HALF, TWO], "objects"),
        ([HALF * 7], "objects"),
        ([SHARE], "sigmoid"),
        ([SHARE[..., None]], "sigmoid"),
        ([HALF.astype(float), SHARE], "sigmoid"),
        ([np.stack((SHARE, 1 - SHARE))], "softmax"),
        ([np.stack((SHARE, 1 - SHARE), -1)], "softmax"),
    ],
)
def test_numbers_say_what_they_are(outputs, expected):
    """Masks, objects and probabilities are told by their numbers, alone or together."""
    assert told(*outputs).output == expected


def test_declared_classes_are_class_numbers():
    """Whole numbers below the classes that were declared are these, in however many pieces."""
    assert told(KINDS, classes=3).output == "labels"


def test_nothing_predicted_says_nothing():
    """Where nothing is predicted nothing is told, and further images are wanted."""
    assert told(TWO * 0, TWO * 0) is None
    assert not told(HALF).sure
    assert told(TWO).sure


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (KINDS, "in .* pieces are neither objects"),
        (NOISE, "--output sigmoid|say what it gives"),
        (TWO + 1, "without a 0, so which is the background"),
        (TWO - 1, "below 0"),
        (SHARE * 9 - 3, "numbers from -3 to 6 are neither labels nor probabilities"),
        (np.stack((SHARE, SHARE)), "do not sum to one"),
        (np.stack((SHARE,) * 3), "3, 24, 20.* and 2 classes"),
        (SHARE[1:], "it must be as large as the image"),
        (SHARE * np.nan, "NaN"),
        (np.full(SIZE, None), "expected an array of numbers, got object"),
    ],
)
def test_a_doubt_is_a_refusal(output, says):
    """What could be several things, or nothing known, names the image and what to declare."""
    with pytest.raises(ModelError, match=says) as caught:
        told(output)
    assert "image 0" in str(caught.value)
