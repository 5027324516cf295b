"""Test images that were in the training set, or next to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.probe import Probe

PROBES: tuple[type[Probe], ...] = ()
