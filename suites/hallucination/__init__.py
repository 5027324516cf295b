"""Objects that the model sees where there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.probe import Probe

PROBES: tuple[type[Probe], ...] = ()
