"""The pixel size that a model asks for, beside that of the images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.measurement import Measurement
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
        declared_um = case.model.traits.pixel_um
        for look in case.looks():
            if declared_um is None:
                for metric in ("pixel_ratio", "mismatch_percent"):
                    yield look.undefined(metric, UNDECLARED)
                continue
            ratio = case.pixel_um / declared_um
            yield look.row("pixel_ratio", ratio)
            yield look.row("mismatch_percent", 100 * (max(ratio, 1 / ratio) - 1))
