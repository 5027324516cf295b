"""Changes of an image that are chosen to mislead the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.probe import Probe

PROBES: tuple[type[Probe], ...] = ()
