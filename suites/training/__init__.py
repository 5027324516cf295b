"""What the curves of a training say about the network that came of it."""

from __future__ import annotations

PROBES = ()
