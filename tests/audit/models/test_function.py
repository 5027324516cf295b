"""A function behind the contract of a segmenter: shapes, values, and what it may not give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.errors import DataError, ModelError
from audit.models.batch_function import Function
from audit.models.card import Card
from audit.models.function import FunctionSegmenter
from audit.models.handed import take
from audit.models.identity import Identity
from tests.toys import held

IMAGES = torch.arange(2 * 6 * 5, dtype=torch.float32).reshape(2, 1, 6, 5)
HALF = 29.5


def foreground(image):
    """Return the probability of the foreground, that of the last axes."""
    return 1 / (1 + np.exp(-(image - HALF)))


def both(image):
    """Return the probabilities of two classes, channels last."""
    found = foreground(image)
    return np.stack((1 - found, found), -1)


@pytest.mark.parametrize(
    ("model", "output"),
    [
        (foreground, "sigmoid"),
        (lambda image: image - HALF, "sigmoid-logits"),
        (both, "softmax"),
        (lambda image: np.moveaxis(both(image), -1, 0), "softmax"),
        (lambda image: np.log(both(image) + 1e-9), "logits"),
        (lambda image: torch.from_numpy(both(image)), "softmax"),
        (Function(batch=foreground), "sigmoid"),
        (Function(batch=both), "softmax"),
    ],
)
def test_every_form_of_probabilities_is_the_same(model, output):
    """Channels first or last, one or K, image by image or a batch: one prediction."""
    found = take(model, output=output).predict(IMAGES)
    expected = torch.sigmoid(IMAGES[:, 0] - HALF)

    assert found.probabilities is not None
    assert torch.allclose(found.probabilities[:, 1], expected, atol=1e-5)
    assert torch.equal(found.labels, (IMAGES[:, 0] > HALF).long())


def test_labels_have_no_probabilities():
    """Class numbers are taken as they are; nothing is made up beside them."""
    model = take(lambda image: image > HALF, output="labels")
    found = model.predict(IMAGES)

    assert torch.equal(found.labels, (IMAGES[:, 0] > HALF).long())
    assert found.probabilities is None
    assert (model.traits.access, model.traits.output) == ("live", "labels")
    with pytest.raises(ModelError, match="no logits"):
        model.logits(IMAGES)


def untold(function):
    """Return a function as a segmenter that nothing was declared of."""
    return FunctionSegmenter(function, Card(), Identity("digest"))


def sometimes(image):
    """Fail on dark images; the others have objects."""
    if image.max() < 10:
        raise ValueError("too dark")
    return (image > 12).astype(int) + (image > 20)


def test_what_is_given_is_told_by_the_images_that_have_an_answer():
    """One image on which a function fails, or that cannot be read, does not end an audit."""
    bands = np.zeros((1, 6, 5))
    bands[0, 2], bands[0, 4] = 15, 25
    dark, bright = held("dark", np.zeros((1, 6, 5))), held("bright", bands)
    model = untold(sometimes)
    model.meet([dark, replace(bright, image=unreadable), bright])

    assert model.traits.output == "objects"
    with pytest.raises(ModelError, match=r"dark: failed on images of shape .*too dark"):
        untold(sometimes).meet([dark, dark])


def test_training_images_do_not_say_what_is_given():
    """What is told is told by the test images, before anything is measured, and by no others."""
    seen = []

    def look(image):
        seen.append(float(image.max()))
        return image > 5

    flat = [held(str(n), np.full((1, 6, 5), n)) for n in range(9)]
    untold(look).meet([replace(flat[0], part="train"), *flat[1:]])
    assert seen == [1.0]


def unreadable():
    """Read an image that cannot be read."""
    raise DataError("not readable")


def test_objects_keep_their_numbers():
    """What lies above 0 is foreground, and each object keeps its number."""
    found = take(lambda image: image // 10, output="objects").predict(IMAGES)

    assert torch.equal(found.instances, (IMAGES[:, 0] // 10).long())
    assert torch.equal(found.labels, (IMAGES[:, 0] >= 10).long())
    assert found.probabilities is None
    with pytest.raises(ModelError, match="objects are of one class"):
        take(lambda image: image, output="objects", classes=3).predict(IMAGES)


def test_black_and_white_is_one_class():
    """A mask of 0 and 255 is that of the one class that there is; beside a 1 it is an error."""
    found = take(lambda image: (image > HALF) * 255, output="labels").predict(IMAGES)
    assert torch.equal(found.labels, (IMAGES[:, 0] > HALF).long())
    with pytest.raises(ModelError, match="gave the label 255"):
        take(lambda image: np.where(image % 2, 255, 1), output="labels").predict(IMAGES)


def test_channels_stand_last():
    """An image of several channels is shown as (Y, X, C)."""
    seen = []

    def look(image):
        seen.append(image.shape)
        return image[..., 0] > 0

    take(look, output="labels").predict(torch.rand(1, 3, 6, 5))

    assert seen == [(6, 5, 3)]


@pytest.mark.parametrize(
    ("model", "output", "says"),
    [
        (lambda image: image[1:] > 0, "labels", r"labels of shape \(6, 5\)"),
        (lambda image: image * 0 + 7, "labels", "gave the label 7, but the model has 2 classes"),
        (lambda image: image * 0 - 1, "labels", "gave the label -1"),
        (lambda image: image * 0 + 0.5, "labels", "fractions"),
        (lambda image: image > 0, "softmax", r"expected a shape of \(6, 5, 2\)"),
        (lambda image: image, "sigmoid", "declared as sigmoid, but the output runs"),
        (lambda image: image.astype(int), "sigmoid", "whole numbers up to 29; divide them by"),
        (lambda image: image * 0 - 1, "objects", "gave the object -1"),
        (lambda image: (image, image), "labels", "gave a tuple of 2"),
        (lambda image: image.no_such, "labels", "no attribute 'no_such'"),
        (Function(batch=lambda batch: batch[:1] > 0), "labels", "1 outputs for a batch of 2"),
    ],
)
def test_what_breaks_the_contract_is_named(model, output, says):
    """A wrong shape, a strange label or a wrong declaration is a ModelError with the remedy."""
    with pytest.raises(ModelError, match=says):
        take(model, output=output).predict(IMAGES)
