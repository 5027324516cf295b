"""The only loop over units: order, seeds, refusals, failures, time, resume, progress."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from audit.errors import DataError
from audit.plan import WHOLE, Task, lacking, plan
from audit.probe import Block, Case
from audit.record import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from audit.measurement import Measurement
    from audit.probe import Audit, Probe
    from audit.record import Record


@dataclass(frozen=True)
class Progress:
    """Where a running audit stands; `remaining_s` is None until something was timed."""

    done: int
    total: int
    probe: str
    status: str
    remaining_s: float | None


@dataclass
class Clock:
    """What units cost so far, by probe: the honest part of an estimate."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, task: Task, seconds: float) -> None:
        """Note what one unit took."""
        self.seconds[task.probe.name].append(seconds / max(1, len(task.samples)))

    def remaining(self, tasks: Iterable[Task]) -> float | None:
        """Return the seconds that tasks will take at the mean cost of their probes."""
        every = [one for many in self.seconds.values() for one in many]
        if not every:
            return None
        overall = sum(every) / len(every)
        mean = {name: sum(many) / len(many) for name, many in self.seconds.items()}
        return sum(mean.get(t.probe.name, overall) * max(1, len(t.samples)) for t in tasks)


def run(
    audit: Audit,
    probes: Sequence[Probe],
    record: Record,
    *,
    block_size: int = 1,
    shard: tuple[int, int] = (0, 1),
    time_limit_s: float | None = None,
    pictures: bool = True,
    say: Callable[[Progress], None] = lambda _: None,
) -> Record:
    """Do every unit that the record lacks, and keep each as it ends; return the record.

    A killed run is resumed by calling this again with the same record. Units not started within
    `time_limit_s` are recorded as stopped, and a later run does them. Shard (i, n) does the i-th
    of n parts; probes that read other probes' rows over the whole audit are left to the merge.
    """
    for probe in probes:
        record.register(probe)
    record.enlist(audit.samples)
    return Engine(audit, record, pictures=pictures).work(
        [task for task in plan(audit, probes, block_size) if in_shard(task, shard)],
        deadline=None if time_limit_s is None else time.monotonic() + time_limit_s,
        say=say,
    )


def in_shard(task: Task, shard: tuple[int, int]) -> bool:
    """Return whether a unit belongs to a shard; the first takes what is done once."""
    index, count = shard
    if task.block == WHOLE:
        return index == 0 and (count == 1 or not task.probe.after)
    return task.block % count == index


class Engine:
    """One audit being run into one record."""

    def __init__(self, audit: Audit, record: Record, *, pictures: bool) -> None:
        self.audit, self.record, self.pictures = audit, record, pictures
        self.finished = record.finished()
        self.warm: tuple[int, Block] | None = None
        self.clock = Clock()

    def work(
        self,
        tasks: list[Task],
        *,
        deadline: float | None,
        say: Callable[[Progress], None],
    ) -> Record:
        """Do tasks in order; what is finished already is passed over."""
        todo = [task for task in tasks if task.key not in self.finished]
        for number, task in enumerate(todo):
            started = time.monotonic()
            if deadline is not None and started > deadline:
                unit = self.close(task, "stopped", "the time limit was reached")
            else:
                unit = self.do(task)
                self.clock.add(task, time.monotonic() - started)
            left = self.clock.remaining(todo[number + 1 :])
            done = len(tasks) - len(todo) + number + 1
            say(Progress(done, len(tasks), task.probe.name, unit.status, left))
        return self.record

    def do(self, task: Task) -> Unit:
        """Do one unit; a failed block is done again image by image."""
        if task.probe.needs.tasks and self.audit.task not in task.probe.needs.tasks:
            return self.close(task, "not_applicable", f"not a question about {self.audit.task}")
        if reason := lacking(task.probe, self.audit, self.audit.models[task.role].traits):
            return self.close(task, "skipped", reason)
        if reason := self.waiting(task):
            return self.close(task, "stopped", reason)
        unit = self.attempt(task)
        if unit.status != "failed" or len(task.samples) == 1 or task.block == WHOLE:
            return unit
        singles = [self.attempt(replace(task, samples=(one,))) for one in task.samples]
        worst = "done" if all(one.status == "done" for one in singles) else "failed"
        # The block's own key is what a resumed run looks for: it stands for its images now.
        return self.close(task, "done", f"done image by image ({unit.reason}): {worst}")

    def attempt(self, task: Task) -> Unit:
        """Measure one unit and keep its rows, or the reason why there are none."""
        started = time.perf_counter()
        case = Case(self.audit, task.role, task.probe, self.block(task), self.rows(task))
        try:
            rows = list(task.probe.measure(case))
        except DataError as error:
            return self.close(task, "skipped", str(error))
        # Whatever a stranger's model or a probe raises is a finding of this unit, never the end.
        except Exception as error:  # noqa: BLE001
            return self.close(task, "failed", f"{type(error).__name__}: {error}"[:500])
        seconds = time.perf_counter() - started
        return self.close(task, "done", None, rows=rows, case=case, seconds=seconds)

    def block(self, task: Task) -> Block:
        """Return the unit's images, still warm where the last unit had the same."""
        if task.block == WHOLE:
            return Block(task.samples, self.audit.device)
        if self.warm is None or self.warm[1].samples != task.samples:
            self.warm = (task.block, Block(task.samples, self.audit.device))
        return self.warm[1]

    def rows(self, task: Task) -> Callable[[str], Iterable[Measurement]]:
        """Return the reader of other probes' rows about the same model."""
        return lambda probe: self.record.measurements(probe, task.model)

    def waiting(self, task: Task) -> str | None:
        """Return which probe's rows are not there yet, though this one reads them."""
        mine = {sample.id for sample in task.samples}
        for name in task.probe.after:
            seen = {
                sample
                for unit in self.record.units(name)
                if unit.status == "done" and unit.model in (task.model, "")
                for sample in unit.samples
            }
            if not mine <= seen:
                return f"{name} has no rows yet for these images"
        return None

    def close(
        self,
        task: Task,
        status: str,
        reason: str | None,
        *,
        rows: Sequence[Measurement] = (),
        case: Case | None = None,
        seconds: float = 0.0,
    ) -> Unit:
        """Keep a unit in one transaction and return it."""
        unit = Unit(
            key=task.key,
            model=task.model,
            probe=task.probe.name,
            block=task.block,
            status=status,
            reason=reason,
            seconds=seconds,
            passes=case.passes if case else 0.0,
            gradients=case.gradients if case else 0.0,
            samples=tuple(sample.id for sample in task.samples),
        )
        self.record.write(unit, rows, pictures=self.pictures)
        return unit
