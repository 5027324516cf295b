"""Laws of orientation: eight of them, all different, each undone."""

from __future__ import annotations

import torch

from audit.imaging.turn import ORIENTATIONS, turned, turned_back


def test_eight_orientations_differ_and_are_undone():
    """A field without symmetry looks different in each, and comes back to the pixel."""
    plane = torch.arange(12.0).reshape(1, 3, 4)
    seen = {str(turned(plane, name).tolist()) for name in ORIENTATIONS}
    assert len(seen) == len(ORIENTATIONS) == 8
    assert all(torch.equal(turned_back(turned(plane, n), n), plane) for n in ORIENTATIONS)
