"""The doors by which models come in that are neither a card, code nor TorchScript.

A door recognises what a user names, and opens it. They are asked in order; the first that
recognises a name opens it, or says why it cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from audit.models import command, keras, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from audit.models.segmenter import Segmenter


class Door(NamedTuple):
    """What recognises a name, with what is declared of it, and what opens it on a device."""

    name: str
    recognises: Callable[[str, Mapping[str, Any]], bool]
    opens: Callable[[str, Mapping[str, Any], str], Segmenter]


DOORS = (
    Door("command", command.recognises, command.open_command),
    Door("Keras or TensorFlow model", keras.recognises, keras.refuse),
    Door("recorded predictions", recorded.recognises, recorded.open_recorded),
)


def door_of(spec: str, declared: Mapping[str, Any]) -> Door | None:
    """Return the first door that recognises a name; None where it is a card or TorchScript."""
    return next((one for one in DOORS if one.recognises(spec, declared)), None)
