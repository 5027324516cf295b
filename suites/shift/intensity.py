"""Another camera or file: gain, pedestal, gamma, inversion, and the same image in other bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.imaging.camera import exported
from audit.imaging.light import extremes, gamma
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.measurement import Measurement, Scalar
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Intensity(Probe):
    """Overlap under another camera's response to the same light.

    `gain` multiplies (257 turns 8 bits into 16), `pedestal` adds a fraction of the image's range,
    `gamma` bends the response within the image's range; `export_bits` stretches the image's range
    over a whole file of so many bits, in whole numbers; inversion swaps dark and bright. Changes
    of the response keep what a person sees: a person would draw the same masks.
    """

    name: ClassVar[str] = "shift.intensity"
    asks: ClassVar[str] = "Does another camera's scale of intensities change the result?"
    source: ClassVar[str] = "doi:10.1186/s12859-024-05894-4"
    version: ClassVar[int] = 2
    needs: ClassVar[Needs] = Needs(masks=True)

    gain: tuple[float, ...] = (0.5, 2.0, 257.0)
    pedestal: tuple[float, ...] = (0.25, 1.0)
    gamma: tuple[float, ...] = (0.5, 0.8, 1.25, 2.0)
    export_bits: tuple[int, ...] = (8, 16)
    invert: bool = True

    def __post_init__(self) -> None:
        above_zero(self, "gain", "gamma", "export_bits")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores of each image under each response."""
        for images, at in self.responses(case.images):
            yield from case.score(images, **at)  # type: ignore[arg-type]

    def responses(self, images: Tensor) -> Iterator[tuple[Tensor, dict[str, Scalar]]]:
        """Yield the images under each response, with its name."""
        low, high = extremes(images)
        for factor in self.gain:
            yield images * factor, {"gain": factor}
        for fraction in self.pedestal:
            yield images + fraction * (high - low), {"pedestal_fraction": fraction}
        for exponent in self.gamma:
            yield gamma(images, exponent, low, high), {"gamma": exponent}
        for bits in self.export_bits:
            yield exported(images, bits), {"export_bits": bits}
        if self.invert:
            yield low + high - images, {"inverted": True}
