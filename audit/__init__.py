"""bioaudit: find out what a bioimage segmentation model gets wrong.

Importing this loads no torch; the names below are fetched when they are asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.interface import Judgement, Result, Settings, run
    from audit.measurement import Measurement

__all__ = ["Judgement", "Measurement", "Result", "Settings", "run"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'audit' has no attribute {name!r}")
    place = "audit.measurement" if name == "Measurement" else "audit.interface"
    return getattr(import_module(place), name)
