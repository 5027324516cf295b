"""What both searches share: the galleries, the best pairs, and from where a pair counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe, above_zero, below
from suites.leakage.gallery import Gallery, gallery, longest
from suites.leakage.strangers import Limit, limit

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.probing.case import Case
    from suites.leakage.pair import Pair


@dataclass(frozen=True, kw_only=True)
class Sought:
    """The galleries of test and training images, the best pair of each test image, the limit."""

    queries: Gallery
    bank: Gallery
    found: list[Pair]
    limit: Limit

    @property
    def leaked(self) -> list[Pair]:
        """The pairs that are called the same."""
        return [one for one in self.found if one.correlation >= self.limit.correlation]


@dataclass(frozen=True, kw_only=True)
class Search(Probe):
    """A probe that pairs each test image with the training image that it is most like."""

    needs: ClassVar[Needs] = Needs(model="none", parts=("test", "train"))
    scope: ClassVar = "audit"

    least_correlation: float = 0.75

    def __post_init__(self) -> None:
        above_zero(self, "least_correlation")
        below(self, 1, "least_correlation")

    def sought(
        self, case: Case, nearest: Callable[[Gallery, Gallery], list[Pair]], *, crops: bool
    ) -> Sought:
        """Return the best pairs, found by `nearest`, of images whose crops are sought or not."""
        tests, trains = case.part("test"), case.part("train")
        side = longest([*tests, *trains])
        queries, bank = (gallery(part, side, crops=crops) for part in (tests, trains))
        return Sought(
            queries=queries,
            bank=bank,
            limit=limit(self.least_correlation, (queries, bank), nearest),
            found=nearest(queries, bank),
        )
