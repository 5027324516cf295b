"""The test tensors of a package: does the network give here what its authors published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from audit.measurement import Measurement
from audit.probing.probe import Needs, Probe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Reproduces(Probe):
    """The share of a package's published test output that its network does not give here.

    Values differ beyond 0.001, relative and absolute, as in bioimageio.core; whole numbers of
    objects are compared up to their order. A model that brings no test tensors is not judged.
    """

    name: ClassVar[str] = "pipeline.reproduces"
    asks: ClassVar[str] = "Does the network give the test output that was published with it?"
    source: ClassVar[str] = "doi:10.1101/2022.06.07.495102"
    needs: ClassVar[Needs] = Needs(model="live")
    scope: ClassVar = "audit"

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the one share, or why there is none."""
        differing, why = case.model.replay()
        if why:
            yield Measurement("differing_fraction", None, undefined=why)
        else:
            yield Measurement("differing_fraction", differing)
