"""Masks and images that lie apart: would the prediction fit better if it were moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from audit.errors import UsageError
from audit.metrics.alignment import Shifted, shifted
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

NOTHING = "nothing there, or nothing predicted"
TOO_LITTLE = "one half of the image has nothing there, or nothing predicted"


@dataclass(frozen=True, kw_only=True)
class Alignment(Probe):
    """The IoU gained by moving the prediction of an image by at least some pixels.

    `gain` is honest: the shift is chosen on one half of the image and proven on the other, both
    ways, on pixels that the moved field still covers. `shift_y_px` and `shift_x_px` say by how
    much the whole prediction is best moved: 0 where masks and images lie as they should.
    """

    name: ClassVar[str] = "pipeline.alignment"
    asks: ClassVar[str] = "Does the prediction lie beside the truth, as if masks were shifted?"
    source: ClassVar[str] = "doi:10.1109/TIP.2011.2181402"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, complete=True)

    least_px: tuple[float, ...] = (2.0, 3.0)
    radius_px: int = 16

    def __post_init__(self) -> None:
        above_zero(self, "least_px", "radius_px")
        if max(self.least_px) > self.radius_px:
            raise UsageError(f"{self.name}.least_px: expected within radius_px, {self.radius_px}")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the best shift of each image, and what shifts of at least some pixels gain."""
        for look in case.looks():
            planes = look.mask, look.judged(look.labels)
            truth, predicted = ((plane > 0).cpu().numpy() for plane in planes)
            yield from self.whole(look, truth, predicted)
            yield from self.proven(look, truth, predicted)

    def whole(
        self, look: Look, truth: NDArray[np.bool_], predicted: NDArray[np.bool_]
    ) -> Iterator[Measurement]:
        """Yield the shift that fits best, and its length."""
        names = ("shift_y_px", "shift_x_px", "distance_px")
        if not (truth.any() and predicted.any()):
            for name in names:
                yield look.undefined(name, NOTHING)
            return
        y, x = self.counts(truth, predicted).best()
        for name, value in zip(names, (y, x, np.hypot(y, x)), strict=True):
            yield look.row(name, float(value))

    def proven(
        self, look: Look, truth: NDArray[np.bool_], predicted: NDArray[np.bool_]
    ) -> Iterator[Measurement]:
        """Yield the mean gain of the shifts that the halves choose for one another."""
        longer = int(np.argmax(truth.shape))
        halves = list(
            zip(np.array_split(truth, 2, longer), np.array_split(predicted, 2, longer), strict=True)
        )
        enough = all(one.any() for half in halves for one in half)
        first, second = [self.counts(*half) for half in halves] if enough else (None, None)
        for least in self.least_px:
            if first is None or second is None:
                yield look.undefined("gain", TOO_LITTLE, least_px=least)
                continue
            gains = (second.gained(first.best(least)), first.gained(second.best(least)))
            yield look.row("gain", float(np.mean(gains)), least_px=least)

    def counts(self, truth: NDArray[np.bool_], predicted: NDArray[np.bool_]) -> Shifted:
        """Return the counts at all shifts that leave half of the field."""
        return shifted(truth, predicted, min(self.radius_px, min(truth.shape) // 2))
