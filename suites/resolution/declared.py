"""The pixel size that a model asks for, beside that of the images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.datasets.sample import Sample
    from audit.probing.case import Case

UNDECLARED = "the model's card declares no pixel size"


@dataclass(frozen=True, kw_only=True)
class Declared(Probe):
    """The images' pixel size over that which the model declares, and how far it is from 1.

    2 and 0.5 are both a mismatch of 100 %: pixels twice as coarse, or twice as fine.
    """

    name: ClassVar[str] = "resolution.declared"
    asks: ClassVar[str] = "Do the images have the pixel size that the model asks for?"
    source: ClassVar[str] = "doi:10.1038/s41592-020-01008-z"
    needs: ClassVar[Needs] = Needs(model="outputs", pixel_um=True)

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield ratio and mismatch of each image; undefined where the model declares nothing."""
        for sample in case.samples:
            yield from compared(case.pixel_um, case.model.traits.pixel_um, sample)


def compared(found_um: float, declared_um: float | None, sample: Sample) -> Iterator[Measurement]:
    """Yield how one image's pixel size compares with a declared one."""
    if declared_um is None:
        for metric in ("pixel_ratio", "mismatch_percent"):
            yield Measurement(metric, None, sample.id, {}, 0.0, UNDECLARED)
        return
    ratio = found_um / declared_um
    yield Measurement("pixel_ratio", ratio, sample.id)
    yield Measurement("mismatch_percent", 100 * (max(ratio, 1 / ratio) - 1), sample.id)
