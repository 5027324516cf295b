"""The doors by which models come in that are neither a card nor TorchScript.

A door recognises what a user names, and opens it. They are asked in order; the first that
recognises a name opens it, or says why it cannot.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audit.models.torch_module import TorchSegmenter


class Door(NamedTuple):
    """What recognises a name, with what is declared of it, and what opens it on a device."""

    name: str
    recognises: Callable[[str, Mapping[str, Any]], bool]
    opens: Callable[[str, Mapping[str, Any], str], TorchSegmenter]


def is_package(spec: str, declared: Mapping[str, Any]) -> bool:
    """Return whether a name is of a bioimage.io package."""
    from audit.models.package.opening import is_package as looks_so

    del declared
    return looks_so(Path(spec))


def open_package(spec: str, declared: Mapping[str, Any], device: str) -> TorchSegmenter:
    """Return the model in a bioimage.io package."""
    from audit.models.package.segmenter import load_package

    return load_package(spec, declared, device)


DOORS = (Door("bioimage.io package", is_package, open_package),)


def door_of(spec: str, declared: Mapping[str, Any]) -> Door | None:
    """Return the first door that recognises a name; None where it is a card or TorchScript."""
    return next((one for one in DOORS if one.recognises(spec, declared)), None)
