"""What would be measured on the predicted objects, against the same of the true ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.metrics.morphology import PROPERTIES, morphology
from audit.probing.probe import Needs, Probe
from suites.objects.subject import predicted_numbers, true_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

    Values = NDArray[np.float64]

NO_TRUE = "the truth has no object here"
NO_PREDICTED = "no object is predicted here"
ALL_ZERO = "the true mean is 0, so no share of it can be had"


@dataclass(frozen=True, kw_only=True)
class Measurements(Probe):
    """Each image's mean area, perimeter, intensity and number of neighbours, by either side.

    The mean over all predicted objects and over all true ones, as a user would report them, and the
    excess of the first as a share of the second. Which object became which plays no part: missed,
    merged and split objects count in what they do to the mean. Intensities are the mean over
    channels, in the image's own units above its darkest pixel.
    """

    name: ClassVar[str] = "objects.measurements"
    asks: ClassVar[str] = "Is what one measures on the objects right?"
    source: ClassVar[str] = "doi:10.1038/s41592-019-0612-7"
    needs: ClassVar[Needs] = Needs(
        model="outputs", masks=True, complete=True, instances=True, tasks=("instance",)
    )

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield both means of each property of each image, and the excess."""
        for look in case.looks():
            grey = look.image.mean(0)
            image = (grey - grey.min()).cpu().numpy()
            known = look.known.cpu().numpy()
            sides = (true_numbers(look), predicted_numbers(look, case.clean))
            true, found = (morphology(side * known, image) for side in sides)
            for name in PROPERTIES:
                yield from compared(look.at(property=name), true[name], found[name])


def compared(look: Look, true: Values, found: Values) -> Iterator[Measurement]:
    """Yield the mean of either side and the excess of the predicted one."""
    expected = float(true.mean()) if len(true) else None
    seen = float(found.mean()) if len(found) else None
    yield look.row("true_mean", expected, weight=len(true), why=NO_TRUE)
    yield look.row("predicted_mean", seen, weight=len(found), why=NO_PREDICTED)
    if expected is None or seen is None:
        yield look.undefined("excess", NO_TRUE if expected is None else NO_PREDICTED)
        return
    yield look.row("excess", seen / expected - 1 if expected else None, why=ALL_ZERO)
