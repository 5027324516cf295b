"""Units, zero and broken pixels of the camera: does the model normalise them away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.errors import UsageError
from audit.imaging.light import extremes
from audit.imaging.pixel import BROKEN, with_broken_pixel
from audit.probe import Case, Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement, Scalar


@dataclass(frozen=True, kw_only=True)
class Normalisation(Probe):
    """Overlap when the scale of intensities is another, or a single pixel is broken.

    `gain` multiplies (257 turns 8 bits into 16), `offset_fraction` adds a fraction of the image's
    range. A hot `pixel` is at the camera's full scale, a dead one at its zero: one of either, at a
    place drawn by chance, stretches a normalisation by the extremes. Inversion is recorded, and no
    model is blamed for it.
    """

    name: ClassVar[str] = "pipeline.normalisation"
    asks: ClassVar[str] = "Do units, zero or one broken pixel of the camera change the result?"
    source: ClassVar[str] = "doi:10.1038/s41592-020-01008-z"
    needs: ClassVar[Needs] = Needs(model="live", masks=True)

    gain: tuple[float, ...] = (3.0, 257.0)
    offset_fraction: tuple[float, ...] = (0.5,)
    pixel: tuple[str, ...] = tuple(BROKEN)
    invert: bool = True

    def __post_init__(self) -> None:
        above_zero(self, "gain")
        if unknown := set(self.pixel) - set(BROKEN):
            raise UsageError(f"{self.name}.pixel: expected among {BROKEN}, got {unknown}")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image under each change."""
        for images, at in self.changes(case):
            yield from case.score(images, **at)  # type: ignore[arg-type]

    def changes(self, case: Case) -> Iterator[tuple[Tensor, dict[str, Scalar]]]:
        """Yield the images under each change, with its name."""
        low, high = extremes(case.images)
        for factor in self.gain:
            yield case.images * factor, {"gain": factor}
        for fraction in self.offset_fraction:
            yield case.images + fraction * (high - low), {"offset_fraction": fraction}
        for kind in self.pixel:
            # Hot and dead strike the same pixel, so that only the kind tells them apart.
            struck = with_broken_pixel(
                case.images, kind, case.model.traits.range, case.generators()
            )
            yield struck, {"pixel": kind}
        if self.invert:
            yield low + high - case.images, {"inverted": True}
