"""How far the model sees, and whether that suffices for its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from suites.receptive_field.context import Context
from suites.receptive_field.effective import Effective
from suites.receptive_field.halo import Halo
from suites.receptive_field.objects import Objects
from suites.receptive_field.reach import Reach

if TYPE_CHECKING:
    from audit.probing.probe import Probe

PROBES: tuple[type[Probe], ...] = (Reach, Effective, Context, Objects, Halo)
