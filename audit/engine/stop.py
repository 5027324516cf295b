"""When an audit under a time limit ends: at the limit, and before a block that it would cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.engine.plan import WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.engine.plan import Task
    from audit.engine.progress import Clock


@dataclass
class Stop:
    """The end of an audit's time; None where it has no limit.

    A block of images is begun only where all probes are likely to end with it, so that every probe
    has seen the same images. The first block is begun in any case: nothing was timed before it.
    """

    deadline: float | None
    clock: Clock
    cut: bool = False
    """Whether the block under way was left out, and with it all that come after."""

    def due(self, todo: Sequence[Task], number: int, now: float) -> bool:
        """Return whether the task of a number is to be left out; `now` is in seconds."""
        if self.deadline is None:
            return False
        if now > self.deadline:
            return True
        block = together(todo, number)
        if block and not self.cut:
            needed = self.clock.known(block)
            self.cut = needed is not None and now + needed > self.deadline
        return self.cut and todo[number].block != WHOLE


def together(todo: Sequence[Task], number: int) -> list[Task]:
    """Return the tasks of a block that begins at a number; none where none begins there.

    What is asked once of all images is no block, nor is a probe alone, as the score is.
    """
    task = todo[number]
    if task.block == WHOLE or (number and todo[number - 1].block == task.block):
        return []
    found = []
    for one in todo[number:]:
        if one.block != task.block:
            break
        found.append(one)
    return found if len({one.probe.name for one in found}) > 1 else []
