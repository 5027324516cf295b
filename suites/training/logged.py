"""What the probes of a training log share: no model, no images, one run after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.logs.log import Run
    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Logged(Probe):
    """A probe that is asked of every run of a training log."""

    needs: ClassVar[Needs] = Needs(model="none", log=True, parts=())
    scope: ClassVar = "audit"

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the rows of each run."""
        for run in case.log.runs if case.log else ():
            yield from self.rows(run)

    def rows(self, run: Run) -> Iterator[Measurement]:
        """Yield the rows of one run."""
        raise NotImplementedError
