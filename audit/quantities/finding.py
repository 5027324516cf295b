"""What a statistic finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.statistics.estimate import Estimate


@dataclass(frozen=True, kw_only=True)
class Finding:
    """An estimate, the choice that it is about if there was one to make, and what else to say.

    `impossible` where the data hold nothing that the statistic could be made of, however many.
    """

    estimate: Estimate
    choice: float | None = None
    note: str = ""
    impossible: bool = False
