"""Every exception that bioaudit raises on purpose.

BioauditError          names the file, probe or rule at fault, and the remedy
├── UsageError         the call or its specification is wrong          exit 2
├── DataError          an image, mask or dataset cannot be used        exit 2
│   └── ReadingError   a sample's file could not be read when asked for
├── LogError           a training log cannot be read                   exit 2
├── PolicyError        a policy cannot be used                         exit 2
├── RecordError        a record cannot be read, or must not be reused  exit 2
└── ModelError         the model could not be loaded or run            exit 2
"""

from __future__ import annotations

# As in audit/__init__.py: `bioaudit --help` imports this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import ClassVar


class BioauditError(Exception):
    """The root of the tree: one line for the user, and the exit code that it means."""

    exit_code: ClassVar[int] = 2


class UsageError(BioauditError):
    """The call or its specification is wrong."""


class DataError(BioauditError):
    """An image, a mask or a dataset cannot be used as it is."""


class ReadingError(DataError):
    """A sample's image or truth could not be read when it was asked for."""


class LogError(BioauditError):
    """A training log cannot be read, or holds no loss."""


class PolicyError(BioauditError):
    """A policy cannot be used: an unknown key, probe, metric or statistic."""


class RecordError(BioauditError):
    """A record cannot be read, or belongs to another audit."""


class ModelError(BioauditError):
    """The model could not be loaded, or broke its contract when it ran."""


def text_of(error: BaseException) -> str:
    """Return what an error says, fit for a record; a stranger's may fail to say anything.

    >>> text_of(ValueError("too bright"))
    'too bright'
    """
    try:
        return f"{error}".encode("utf-8", "replace").decode()
    except BaseException as again:  # noqa: BLE001
        return f"its text cannot be read ({type(again).__name__})"


def told(error: BaseException) -> str:
    """Return the kind of an error and what it says.

    >>> told(ValueError("too bright"))
    'ValueError: too bright'
    """
    return f"{type(error).__name__}: {text_of(error)}"


def suggest(name: str, known: Iterable[str]) -> str:
    """Return the end of an error about an unknown name: the nearest known ones.

    >>> suggest("shift.nose", ["shift.noise", "pipeline.score"])
    "did you mean 'shift.noise'?"
    """
    from difflib import get_close_matches

    choices = sorted(known)
    near = get_close_matches(name, choices, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(choices) or 'none'}"
