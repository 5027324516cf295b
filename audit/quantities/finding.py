"""What a statistic finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.statistics.estimate import Estimate


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An estimate, the choice that it is about if there was one to make, and what else to say.

    `impossible` where no data of this kind give the statistic: one movie against another, however
    many frames they have, gives no p value.
    """

    estimate: Estimate
    choice: float | None = None
    note: str = ""
    impossible: bool = False
