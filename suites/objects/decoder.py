"""How much hangs on the numbers by which objects are made of what the network gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.models.decoder import Turned
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Decoder(Probe):
    """The score under other thresholds of foreground and of seeds, all from one network pass.

    `threshold_odds` multiplies the odds of the foreground's threshold, `seed_factor` the threshold
    from which a pixel seeds an object; 1 is what the model declares. A score that falls on either
    side stands on a peak: the numbers were tuned, perhaps on these images.
    """

    name: ClassVar[str] = "objects.decoder"
    asks: ClassVar[str] = "Do the objects hang on the thresholds of the decoder?"
    source: ClassVar[str] = "doi:10.1007/978-3-030-00934-2_30"
    needs: ClassVar[Needs] = Needs(
        masks=True, complete=True, instances=True, decoder=True, tasks=("instance",)
    )

    threshold_odds: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)
    seed_factor: tuple[float, ...] = (0.5, 0.75, 1.0, 1.25, 1.5)

    def __post_init__(self) -> None:
        above_zero(self, "threshold_odds", "seed_factor")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the scores under each threshold, one turned at a time."""
        odds = [Turned(threshold_odds=one) for one in self.threshold_odds]
        seeds = [Turned(seed_factor=one) for one in self.seed_factor]
        found = case.redecoded([*odds, *seeds])
        for turn, prediction in zip(odds, found, strict=False):
            at = turn.threshold_odds
            yield from case.score(case.images, prediction, threshold_odds=at)
        for turn, prediction in zip(seeds, found[len(odds) :], strict=True):
            yield from case.score(case.images, prediction, seed_factor=turn.seed_factor)
