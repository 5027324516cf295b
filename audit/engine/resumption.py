"""Going on with a record: what it lacks, and what of it stands in the way."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from audit.engine.plan import WHOLE
from audit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.engine.plan import Task
    from audit.record.record import Record
    from audit.record.unit import Unit


def missing(record: Record, tasks: Sequence[Task]) -> int:
    """Return how many units a plan has that a record knows nothing of."""
    known = {unit.key for unit in record.units()}
    return sum(
        task.key not in known and not all(one.key in known for one in task.singles)
        for task in tasks
    )


def settle(record: Record, tasks: Sequence[Task]) -> None:
    """Make room for tasks in a record of another plan, so that nothing is measured there twice.

    What that plan left undone, said of all images together, or measured by an older version of a
    probe is dropped. Raises UsageError where it measured the same images in another way.
    """
    old = outdated(record, tasks)
    wanted = {one.key for task in tasks for one in (task, *task.singles)}
    about: dict[tuple[str, str], set[str]] = defaultdict(set)
    for task in tasks:
        about[task.probe.name, task.model] |= {sample.id for sample in task.samples}
    other = [
        unit
        for unit in record.units()
        if (unit.key not in wanted or unit.probe in old) and (unit.probe, unit.model) in about
    ]

    def lasts(unit: Unit) -> bool:
        return unit.status == "done" and unit.block != WHOLE and unit.probe not in old

    for unit in filter(lasts, other):
        if about[unit.probe, unit.model] & set(unit.samples):
            raise UsageError(
                f"{record.path}: holds {unit.probe} of these images with other settings (seed, "
                "block, parameters or data); choose another --out"
            )
    record.forget([unit.key for unit in other if not lasts(unit)])


def outdated(record: Record, tasks: Sequence[Task]) -> set[str]:
    """Return the probes that a record has by an older version, and those that read their rows."""
    probes = {task.probe.name: task.probe for task in tasks}
    known = record.versions()
    old = {name for name, one in probes.items() if known.get(name, one.version) < one.version}
    while more := {name for name, one in probes.items() if old & {*one.after}} - old:
        old |= more
    return old
