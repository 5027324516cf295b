"""Pixels that are no squares: one axis coarser or finer than the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.errors import UsageError
from audit.probing.probe import Needs, Probe, above_zero
from audit.tasks.semantic import EMPTY
from suites.resolution.regrid import predicted_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case
    from audit.probing.look import Look
    from suites.resolution.regrid import Size

AXES = ("y", "x")

Place = tuple[str, str, float]
"""A sample, an axis and the factor along it."""

Scores = dict[Place, float]


@dataclass(frozen=True, kw_only=True)
class Anisotropy(Probe):
    """Overlap when one axis of the image is resampled by a factor and the prediction brought back.

    Factors below 1 make coarser pixels. The factor 1 is the untouched image; 0.7 and 1.4 lie as far
    beside it, and leave every cell. A model made for objects of another size gains along either
    axis; `shape_gain`, what an axis gains beyond the untouched image and beyond the same factor
    on the other axis, comes from the shape of the pixels alone.
    """

    name: ClassVar[str] = "resolution.anisotropy"
    asks: ClassVar[str] = "Would the model do better on pixels of another shape?"
    source: ClassVar[str] = "arXiv:1704.01510"
    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(masks=True)

    factor: tuple[float, ...] = (0.7, 1.0, 1.4)

    def __post_init__(self) -> None:
        above_zero(self, "factor")
        if 1.0 not in self.factor:
            raise UsageError(
                f"{self.name}.factor: expected 1, the image as it is, in {self.factor}"
            )

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image at each factor of each axis, and what the axis alone gains."""
        scores: Scores = {}
        for axis in AXES:
            for factor in self.factor:
                found = predicted_at(case, self.size(case, axis, factor))
                for row in case.score(case.images, found, axis=axis, factor=factor):
                    if row.metric == case.main and row.value is not None and row.sample is not None:
                        scores[row.sample, axis, factor] = row.value
                    yield row
        for look in case.looks():
            yield from self.gains(scores, look)

    def gains(self, scores: Scores, look: Look) -> Iterator[Measurement]:
        """Yield what each axis gains an image that neither the other nor no rescaling does."""
        for axis, other in (AXES, AXES[::-1]):
            for factor in self.factor:
                name = look.sample.id
                rivals = [(name, axis, 1.0), (name, other, factor)]
                gain = beyond(scores, (name, axis, factor), rivals)
                yield look.row("shape_gain", gain, why=EMPTY, axis=axis, factor=factor)

    @staticmethod
    def size(case: Case, axis: str, factor: float) -> Size:
        """Return rows and columns with one of them multiplied by a factor, one at least."""
        height, width = (int(length) for length in case.images.shape[-2:])
        if axis == "y":
            return max(1, round(height * factor)), width
        return height, max(1, round(width * factor))


def beyond(scores: Scores, place: Place, rivals: list[Place]) -> float | None:
    """Return by how much a score is above the best of its rivals; None where one is undefined."""
    if not all(one in scores for one in (place, *rivals)):
        return None
    return scores[place] - max(scores[rival] for rival in rivals)
