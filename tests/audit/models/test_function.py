"""A function behind the contract of a segmenter: shapes, values, and what it may not give."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from audit.errors import ModelError
from audit.models.function import Function
from audit.models.handed import take

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
        (lambda image: image.no_such, "labels", "no attribute 'no_such'"),
        (Function(batch=lambda batch: batch[:1] > 0), "labels", "1 outputs for a batch of 2"),
    ],
)
def test_what_breaks_the_contract_is_named(model, output, says):
    """A wrong shape, a strange label or a wrong declaration is a ModelError with the remedy."""
    with pytest.raises(ModelError, match=says):
        take(model, output=output).predict(IMAGES)
