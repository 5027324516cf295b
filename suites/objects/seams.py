"""Objects that end on straight lines: the seams of tiles in what is predicted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.metrics.seams import seams
from audit.probing.probe import Needs, Probe
from suites.objects.subject import predicted_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look

NOTHING = "no object is predicted here"


@dataclass(frozen=True, kw_only=True)
class Seams(Probe):
    """The share of the predicted objects that a seam cuts, told from the prediction alone.

    A seam is a straight line across the whole image on which objects end that go on beyond it
    under another number. Each image is searched by itself.
    """

    name: ClassVar[str] = "objects.seams"
    asks: ClassVar[str] = "Are objects cut along straight lines, where tiles were put together?"
    source: ClassVar[str] = "doi:10.1038/s41592-018-0261-2"
    needs: ClassVar[Needs] = Needs(model="outputs", masks=True, tasks=("instance",))

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield each image's share of cut objects, and how many seams it has."""
        for look in case.looks():
            yield from told(look, predicted_numbers(look, case.clean))


def told(look: Look, predicted: NDArray[np.int64]) -> Iterator[Measurement]:
    """Yield how many seams an image has, and how many of its objects they cut."""
    found = seams([predicted])
    lines: dict[str, list[int]] = defaultdict(list)
    for one in found:
        lines[one.axis].append(one.place)
    many = len(set(predicted[predicted > 0].tolist()))
    cut = len(at_lines(predicted, lines["y"]) | at_lines(predicted.T, lines["x"]))
    yield look.row("seams", float(len(found)))
    share = cut / many if many else None
    yield look.row("seam_cut_fraction", share, weight=many, why=NOTHING)


def at_lines(numbers: NDArray[np.int64], places: list[int]) -> set[int]:
    """Return the objects that end before one of these rows and go on beyond under another number.

    >>> import numpy as np
    >>> at_lines(np.array([[1, 2], [3, 2]]), [1])
    {1, 3}
    """
    found: set[int] = set()
    for place in places:
        one, other = numbers[place - 1], numbers[place]
        ends = (one > 0) & (other > 0) & (one != other)
        found |= {*one[ends].tolist(), *other[ends].tolist()}
    return found
