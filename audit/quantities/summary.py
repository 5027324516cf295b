"""A quantity in a few numbers: as a record keeps it, and as a table shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.quantities.statistic import factors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.quantities.answer import Answer, Span
    from audit.quantities.seen import Seen


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A value, its 95 % interval, and that for other movies where there are several.

    `levels` are the first and the last level of a breaking point's axis, beyond which its interval
    may reach; None for any other quantity.
    """

    value: float
    interval: Span | None = None
    elsewhere: Span | None = None
    levels: Span | None = None


def summary(found: Answer, networks: Sequence[Seen]) -> Summary:
    """Return what was found of a quantity of networks, one or more."""
    one = networks[0]
    breaks = one.quantity.statistic == "breaking_point"
    levels = factors(one.evidence) if breaks else []
    return Summary(
        value=found.value,
        interval=found.estimate.interval() if breaks else found.interval(),
        elsewhere=found.elsewhere(),
        levels=(levels[0], levels[-1]) if levels else None,
    )
