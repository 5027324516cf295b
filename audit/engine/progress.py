"""How far an audit has come, and how long it will take."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audit.engine.plan import Task


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
    """The measured seconds an image by probe, from which the remaining time is estimated."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, probe: str, seconds: float, images: int) -> None:
        """Note what one unit of a probe took."""
        self.seconds[probe].append(seconds / max(1, images))

    def known(self, tasks: Iterable[Task]) -> float | None:
        """Return the seconds that tasks will take; None where a probe of them was never timed."""
        listed = list(tasks)
        if any(task.probe.name not in self.seconds for task in listed):
            return None
        return self.remaining(listed)

    def remaining(self, tasks: Iterable[Task]) -> float | None:
        """Return the seconds that tasks will take at the mean cost of their probes."""
        every = [one for many in self.seconds.values() for one in many]
        if not every:
            return None
        overall = sum(every) / len(every)
        mean = {name: sum(many) / len(many) for name, many in self.seconds.items()}
        return sum(mean.get(t.probe.name, overall) * max(1, len(t.samples)) for t in tasks)
