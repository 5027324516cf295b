"""The doors by which models come in that are neither a card, nor code, nor a network's file.

A door recognises what a user names, and opens it. They are asked in order; the first that
recognises a name opens it, or says why it cannot.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from audit.models import command, keras, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audit.models.segmenter import Segmenter


class Door(NamedTuple):
    """What recognises a name, with what is declared of it, and what opens it on a device."""

    name: str
    recognises: Callable[[str, Mapping[str, Any]], bool]
    opens: Callable[[str, dict[str, Any], str], Segmenter]


def is_package(spec: str, declared: Mapping[str, Any]) -> bool:
    """Return whether a name is of a bioimage.io package."""
    from audit.models.package.opening import is_package as looks_so

    del declared
    return looks_so(Path(spec))


def open_package(spec: str, declared: dict[str, Any], device: str) -> Segmenter:
    """Return the model in a bioimage.io package."""
    from audit.models.package.segmenter import load_package

    return load_package(spec, declared, device)


DOORS = (
    Door("bioimage.io package", is_package, open_package),
    Door("command", command.recognises, command.open_command),
    Door("Keras", keras.recognises, keras.refuse),
    Door("recorded predictions", recorded.recognises, recorded.open_recorded),
)


def door_of(spec: str, declared: Mapping[str, Any]) -> Door | None:
    """Return the first door that recognises a name; None where it is a card, code or weights."""
    return next((one for one in DOORS if one.recognises(spec, declared)), None)
