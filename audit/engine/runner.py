"""The only loop over units: order, seeds, refusals, failures, time, resume, progress."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.datasets.sample import watched
from audit.engine.plan import WHOLE, Task, lacking, plan, suits
from audit.engine.progress import Clock, Progress
from audit.engine.resumption import missing, settle
from audit.engine.stop import Stop
from audit.errors import DataError, ReadingError, text_of, told
from audit.interrupt import Interrupted, heeded
from audit.probing.case import Block, Case
from audit.probing.catalog import Catalog
from audit.record.unit import Unit
from audit.tasks.named import named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from audit.datasets.sample import Sample
    from audit.measurement import Measurement
    from audit.probing.audited import Audit
    from audit.probing.probe import Probe
    from audit.record.record import Record


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
    hide: Callable[[str], str] = lambda reason: reason,
) -> Record:
    """Do every unit that the record lacks, and keep each as it ends; return the record.

    A killed run is resumed by calling this again with the same record. Under `time_limit_s` the
    score is measured first; units not started within it, or of a block that would not end within
    it, are recorded as stopped, and a later run does them. Shard (i, n) does the i-th
    of n parts; probes that read other probes' rows over the whole audit are left to the merge.
    `hide` takes from the reason of a failure what a record must not tell.
    """
    audit = replace(audit, samples=tuple(watched(sample) for sample in audit.samples))
    tasks = plan(audit, probes, block_size, score_first=time_limit_s is not None)
    settle(record, tasks)
    record.declare(Catalog.installed().of(probes))
    for probe in probes:
        record.register(probe)
    record.enlist(audit.samples)
    # Said before the first unit, so that a killed audit is never taken for a whole one.
    record.describe(unfinished=missing(record, tasks))
    Engine(audit, record, probes, pictures=pictures, hide=hide).work(
        [task for task in tasks if in_shard(task, shard)],
        deadline=None if time_limit_s is None else time.monotonic() + time_limit_s,
        say=say,
    )
    record.describe(unfinished=missing(record, tasks))
    return record


def in_shard(task: Task, shard: tuple[int, int]) -> bool:
    """Return whether a unit belongs to a shard; the first takes what is done once."""
    index, count = shard
    if task.block == WHOLE:
        return index == 0 and (count == 1 or not task.probe.after)
    return task.block % count == index


class Engine:
    """One audit being run into one record."""

    def __init__(
        self,
        audit: Audit,
        record: Record,
        probes: Sequence[Probe],
        *,
        pictures: bool,
        hide: Callable[[str], str],
    ) -> None:
        self.audit, self.record, self.pictures, self.hide = audit, record, pictures, hide
        self.probes = {probe.name: probe for probe in probes}
        self.finished = record.finished()
        units = record.units()
        self.begun = {unit.key for unit in units}
        self.warm: tuple[int, Block] | None = None
        self.clock = Clock()
        for unit in units:
            if unit.status == "done":
                self.clock.add(unit.probe, unit.seconds, len(unit.samples))

    def work(
        self,
        tasks: list[Task],
        *,
        deadline: float | None,
        say: Callable[[Progress], None],
    ) -> None:
        """Do tasks in order; what is finished already is passed over."""
        # Two roles may be one model: its units are done once.
        todo = list({t.key: t for t in tasks if t.key not in self.finished}.values())
        already = len({task.key for task in tasks}) - len(todo)
        stop = Stop(deadline, self.clock)
        for number, task in enumerate(todo):
            started = time.monotonic()
            if stop.due(todo, number, started):
                unit = self.close(task, "stopped", "the time limit was reached")
            else:
                unit = self.do(task)
                self.clock.add(task.probe.name, time.monotonic() - started, len(task.samples))
            left = self.clock.remaining(todo[number + 1 :])
            done = already + number + 1
            say(Progress(done, already + len(todo), task.probe.name, unit.status, left))

    def do(self, task: Task) -> Unit:
        """Do one unit; a block that cannot be done together is done image by image."""
        if refusal := self.refused(task):
            return self.close(task, *refusal)
        if task.singles == (task,):
            return self.attempt(task)
        if not any(one.key in self.begun for one in task.singles):
            unit = self.attempt(task)
            if unit.status == "done":
                return unit
        return self.apart(task)

    def refused(self, task: Task) -> tuple[str, str] | None:
        """Return the status and the reason of a unit that cannot be done; None where it can."""
        probe = task.probe
        if self.audit.task not in probe.needs.tasks:
            other = named(probe.needs.tasks[0])
            return "not_applicable", f"it asks about {other.things} (say --task {other.name})"
        model = self.audit.models.get(task.role)
        if reason := lacking(probe, self.audit, model.traits if model else None):
            return "skipped", reason
        if probe.scope == "images" and not task.samples:
            return "skipped", "no image has everything that this probe needs"
        return self.waiting(task)

    def apart(self, task: Task) -> Unit:
        """Do a block image by image; its own unit then holds no rows and names no images."""
        undone = [one for one in task.singles if one.key not in self.finished]
        failed = [one for one in undone if self.attempt(one).status == "failed"]
        # The block's key is what a resumed run looks for: it tries again while an image fails.
        status = "failed" if failed else "done"
        reason = f"done image by image, {len(failed)} of {len(task.singles)} failed"
        return self.close(task, status, reason, samples=())

    def attempt(self, task: Task) -> Unit:
        """Measure one unit and keep its rows, or the reason why there are none."""
        started = time.perf_counter()
        case = Case(self.audit, task.role, task.probe, self.block(task), self.rows(task))
        try:
            with heeded():
                rows = list(task.probe.measure(case))
            seconds = time.perf_counter() - started
            return self.close(task, "done", None, rows=rows, case=case, seconds=seconds)
        except ReadingError as error:
            return self.close(task, "unread", self.hide(text_of(error)))
        # A probe says so where it lacks something.
        except DataError as error:
            return self.close(task, "skipped", self.hide(text_of(error)))
        except (sqlite3.Error, Interrupted):
            raise
        # Whatever a model or a probe raises, even SystemExit, fails this unit only, and never ends
        # the audit.
        except BaseException as error:  # noqa: BLE001
            reason = self.hide(told(error))
            return self.close(task, "failed", reason[:500])

    def block(self, task: Task) -> Block:
        """Return the unit's images; the last unit's block is reused where it has the same."""
        if task.block == WHOLE:
            return Block(task.samples, self.audit.device)
        if self.warm is None or self.warm[1].samples != task.samples:
            self.warm = (task.block, Block(task.samples, self.audit.device))
        return self.warm[1]

    def rows(self, task: Task) -> Callable[[str], Iterable[Measurement]]:
        """Return the reader of other probes' rows about the same model and images."""
        images = task.probe.scope == "images"
        samples = [sample.id for sample in task.samples] if images else None
        return lambda probe: self.record.measurements(probe, task.model, samples=samples)

    def waiting(self, task: Task) -> tuple[str, str] | None:
        """Return the status of a unit that reads rows which are not there, and why they are not.

        A question about all images is asked once each of them was tried, and one at least is done.
        Where the model failed on those rows this unit fails too; where they were skipped it is
        skipped for the same reason.
        """
        for name in task.probe.after:
            units = [u for u in self.record.units(name) if u.model in (task.model, "")]
            done = [unit for unit in units if unit.status == "done"]
            tried = [unit for unit in units if unit.status != "stopped"]
            if any(unit.block == WHOLE for unit in done):
                continue
            enough = tried if task.probe.scope == "audit" and done else done
            seen = {sample for unit in enough for sample in unit.samples}
            if not done or not self.asked(name, task) <= seen:
                return (
                    self.failure(task, tried)
                    or self.lack(tried)
                    or (
                        "stopped",
                        f"{name} has no rows yet for these images",
                    )
                )
        return None

    @staticmethod
    def failure(task: Task, tried: Sequence[Unit]) -> tuple[str, str] | None:
        """Return the failure of a unit that others read, on any of the images of a task."""
        mine = {sample.id for sample in task.samples}
        return next(
            (
                ("failed", unit.reason)
                for unit in tried
                if unit.status == "failed" and unit.reason and mine & set(unit.samples)
            ),
            None,
        )

    @staticmethod
    def lack(tried: Sequence[Unit]) -> tuple[str, str] | None:
        """Return what kept every unit that others read from being done; None where nothing did."""
        reasons = [unit.reason for unit in tried if unit.status == "skipped" and unit.reason]
        return ("skipped", reasons[0]) if reasons and len(reasons) == len(tried) else None

    def asked(self, name: str, task: Task) -> set[str]:
        """Return those of a unit's images that another probe is put to."""
        probe = self.probes.get(name)
        return {s.id for s in task.samples if probe is None or suits(s, probe)}

    def close(
        self,
        task: Task,
        status: str,
        reason: str | None,
        *,
        rows: Sequence[Measurement] = (),
        case: Case | None = None,
        seconds: float = 0.0,
        samples: tuple[Sample, ...] | None = None,
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
            samples=tuple(s.id for s in (task.samples if samples is None else samples)),
        )
        self.record.write(unit, rows, pictures=self.pictures)
        return unit
