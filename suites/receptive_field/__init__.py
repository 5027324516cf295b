"""How far the model sees, and whether that suffices for its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.probe import Probe

PROBES: tuple[type[Probe], ...] = ()
