"""Told by its signature: a function that builds a network, or one that takes an image.

A builder has settings (channels, classes, width), or nothing that must be given, and returns a
torch module; a callable has one parameter that must be given, and that is an image. Nothing is run
to know it. `--as network` and `--as callable` say it where this cannot.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from torch import nn

from audit.errors import ModelError
from audit.models.batch_function import Function

if TYPE_CHECKING:
    from collections.abc import Iterable

IMAGES = {"image", "images", "img", "imgs", "im", "arr", "array", "frame", "pixels", "picture"}
IMAGES |= {"plane", "photo", "micrograph", "x"}
"""Words for an image in the name of a parameter."""

SETTINGS = {"channel", "channels", "ch", "class", "classes", "width", "depth", "config", "cfg"}
SETTINGS |= {"features", "filters", "levels", "layers", "encoder", "backbone", "pretrained", "name"}
SETTINGS |= {"weights", "checkpoint", "path", "device", "size", "num", "n"}
"""Words for what a network is built with."""

ARRAYS = re.compile(r"ndarray|NDArray|ArrayLike|Tensor|\bArray\b")
MODULES = re.compile(r"Module\b|\bNetwork\b")

POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class Taken(NamedTuple):
    """Whether something takes an image, and the parameter or the annotation that says so."""

    as_callable: bool
    because: str


def taken(thing: Any, settings: Iterable[str] = ()) -> Taken:
    """Return whether a thing takes an image, or builds a network with some settings.

    >>> taken(lambda image: image > 0)
    Taken(as_callable=True, because='its parameter `image`')
    >>> taken(lambda classes=2: None).as_callable
    False
    """
    if isinstance(thing, Function):
        return Taken(as_callable=True, because="its type, a function of a batch")
    if isinstance(thing, type | nn.Module) or not callable(thing):
        return Taken(as_callable=False, because="it is no function")
    try:
        known = inspect.signature(thing)
    except (TypeError, ValueError):
        raise ModelError(
            "its signature cannot be read; say --as callable where it takes an image, or --as "
            "network where it builds a network"
        ) from None
    if MODULES.search(written(known.return_annotation)):
        return Taken(as_callable=False, because="it returns a module")
    return by_parameters(list(known.parameters.values()), {*settings})


def by_parameters(parameters: list[inspect.Parameter], settings: set[str]) -> Taken:
    """Return what the parameters say."""
    first = next((one for one in parameters if one.kind in POSITIONAL), None)
    if first is None or first.name in settings:
        return Taken(as_callable=False, because="no parameter takes an image")
    because = f"its parameter `{first.name}`"
    words = {*re.findall(r"[a-z]+", first.name.lower())}
    if ARRAYS.search(written(first.annotation)) or words & IMAGES:
        return Taken(as_callable=True, because=because)
    owed = [one for one in parameters if one.default is one.empty and one.kind in POSITIONAL]
    alone = owed == [first] and not words & SETTINGS and written(first.annotation) in UNSAID
    return Taken(as_callable=alone, because=because)


UNSAID = ("", "Any", "object")
"""Annotations that say nothing of what a parameter is."""


def written(annotation: Any) -> str:
    """Return an annotation as text; nothing where there is none.

    >>> written(int), written("NDArray[np.float32]"), written(inspect.Parameter.empty)
    ('int', 'NDArray[np.float32]', '')
    """
    if annotation is inspect.Parameter.empty:
        return ""
    if isinstance(annotation, type):
        return annotation.__name__
    return str(annotation)
