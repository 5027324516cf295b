"""The tasks by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import UsageError, suggest
from audit.tasks.instance import INSTANCE
from audit.tasks.semantic import SEMANTIC

if TYPE_CHECKING:
    from audit.tasks.task import Task

TASKS = {one.name: one for one in (SEMANTIC, INSTANCE)}


def named(name: str) -> Task:
    """Return the task of a name; raises UsageError where there is none.

    >>> named("instance").main
    'panoptic_quality'
    """
    if name not in TASKS:
        raise UsageError(f"no task {name!r}; {suggest(name, TASKS)}")
    return TASKS[name]
