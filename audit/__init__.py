"""bioaudit: find out what a bioimage segmentation model gets wrong.

Importing this loads no torch; the names below are fetched when they are asked for.
"""

from __future__ import annotations

# Type checkers take this for True; importing `typing` would double the time of `bioaudit --help`.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from audit.application.interface import run
    from audit.application.result import Result
    from audit.application.settings import Settings
    from audit.measurement import Measurement

PLACES = {
    "Judgement": "audit.policy.verdict",
    "Measurement": "audit.measurement",
    "Result": "audit.application.result",
    "Settings": "audit.application.settings",
    "run": "audit.application.interface",
}

__all__ = ["Judgement", "Measurement", "Result", "Settings", "run"]


def __getattr__(name: str) -> object:
    if name not in PLACES:
        raise AttributeError(f"module 'audit' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(PLACES[name]), name)
