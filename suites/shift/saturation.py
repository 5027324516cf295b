"""Too long an exposure: the brightest pixels are cut off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.errors import UsageError
from audit.imaging.camera import saturated
from audit.probing.probe import Needs, Probe, above_zero

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Saturation(Probe):
    """Overlap as the brightest pixels, a percentage of all, become equal.

    1 % takes highlights only; at 10 % nuclei are flat and halos gone, but every outline is there.
    The clipped fraction is measured: pixels of one value are clipped together, or not at all.
    """

    name: ClassVar[str] = "shift.saturation"
    asks: ClassVar[str] = "How much of an image may be saturated?"
    source: ClassVar[str] = "doi:10.1083/jcb.200903097"
    needs: ClassVar[Needs] = Needs(masks=True)

    percent: tuple[float, ...] = (1.0, 3.0, 10.0)

    def __post_init__(self) -> None:
        above_zero(self, "percent")
        if max(self.percent, default=0) > 100:  # noqa: PLR2004 (a percentage)
            raise UsageError(f"{self.name}.percent: expected at most 100, got {self.percent}")

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield scores and the share of pixels that lost their value, at each strength."""
        for percent in self.percent:
            images = saturated(case.images, percent)
            yield from case.score(images, percent=percent)
            lost = (images < case.images).float().mean((1, 2, 3)).tolist()
            for look, share in zip(case.looks(percent=percent), lost, strict=True):
                yield look.row("clipped_fraction", share)
