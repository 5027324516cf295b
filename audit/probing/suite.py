"""A suite: probes about one thing, with the meaning of what they yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.metric import Condition, Metric
    from audit.probing.probe import Probe


@dataclass(frozen=True, kw_only=True)
class Suite:
    """What an entry point of the group `bioaudit.suites` names; its rules stand in `rules.toml`.

    `title` stands over its chapter, `about` is one sentence more. `metrics` and `conditions`
    declare whatever its probes yield, those that other suites yield too included.
    """

    name: str
    title: str
    about: str
    probes: tuple[type[Probe], ...]
    metrics: tuple[Metric, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def asks(self, probe: Probe) -> bool:
        """Return whether a probe is one of this suite's."""
        return type(probe) in self.probes
