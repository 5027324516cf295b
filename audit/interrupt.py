"""The user's own Ctrl-C, told from the KeyboardInterrupt that a stranger's code raises."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Interrupted(KeyboardInterrupt):
    """The user pressed Ctrl-C."""


@contextmanager
def heeded() -> Iterator[None]:
    """Raise Interrupted after a Ctrl-C of the user, even if the code inside catches it."""
    usual = signal.getsignal(signal.SIGINT)
    # Signals reach the main thread only, and Python only where nobody ignores them.
    if threading.current_thread() is not threading.main_thread() or not callable(usual):
        yield
        return
    pressed = []

    def press(number: int, frame: FrameType | None) -> None:
        try:
            usual(number, frame)
        except KeyboardInterrupt:
            pressed.append(number)
            raise

    signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if pressed:
            raise Interrupted
