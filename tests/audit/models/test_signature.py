"""A builder and a function of an image are told apart before either is run."""

from __future__ import annotations

import functools

import pytest
from torch import nn

from audit.errors import ModelError
from audit.models.batch_function import Function
from audit.models.signature import taken


def annotated(stack: NDArray[np.float32]):  # noqa: F821
    """Take an array by its annotation, which need not be known here."""


def tensors(batch: Tensor):  # noqa: F821
    """Take a tensor by its annotation."""


def typed(count: int):
    """Take a number by its annotation."""


def gives(image) -> nn.Module:
    """Return a network, whatever the parameter is called."""


def options(image, *, diameter=30):
    """Take an image and what has a default."""


class Odd:
    """Something that is called, and does not say with what."""

    __signature__ = 3

    def __call__(self, *_):
        """Return nothing."""


class Segmenter:
    """An object that is called with an image."""

    def __call__(self, image):
        """Return a mask."""


def written(parameters):
    """Return a function of the parameters."""
    return eval(f"lambda {parameters}: None")  # noqa: S307


IMAGES = ["image", "img, diameter=30", "x", "input_image", "something", "image=None"]
SETTINGS = ["", "channels", "in_channels, n_classes", "classes=2, width=4", "config"]
SETTINGS += ["**settings", "weights_path"]


@pytest.mark.parametrize(
    "thing",
    [
        *map(written, IMAGES),
        annotated,
        tensors,
        options,
        Segmenter(),
        Function(batch=options),
        functools.partial(options, diameter=10),
    ],
)
def test_a_function_of_an_image_is_one(thing):
    """One parameter that must be given, or one that is called or annotated an image."""
    assert taken(thing).as_callable


@pytest.mark.parametrize(
    "thing", [*map(written, SETTINGS), typed, gives, nn.Identity, nn.Identity(), 3]
)
def test_a_builder_is_one(thing):
    """Settings, nothing that must be given, a class, a module, or a module that is returned."""
    assert not taken(thing).as_callable


def test_what_a_card_sets_is_no_image():
    """A parameter that is among the card's settings is one of a builder."""
    assert not taken(written("image"), {"image": 3}).as_callable


def test_a_signature_that_cannot_be_read_is_asked_for():
    """Some compiled functions have none; then the user says what it is."""
    with pytest.raises(ModelError, match="say --as callable"):
        taken(Odd())
