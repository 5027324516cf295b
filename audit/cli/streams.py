"""The standard streams: whatever becomes of them, the exit code is the verdict's."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

# As in audit/__init__.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO


def prepare_streams() -> None:
    """Give closed streams a place to write to, and let none of them fail on a character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def flush_streams() -> None:
    """Write out what is left; where nobody listens or nothing fits, drop it.

    Left to the end of the interpreter, it would turn the exit code into 120.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            silence(stream)


def silence(stream: IO[str]) -> None:
    """Send what a stream still holds, and all that follows, to nothing."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
        stream.flush()
