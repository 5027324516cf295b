"""What a contributor meets: a probe asks one question of a model and yields measurements.

A probe never judges, aggregates, prints, writes, seeds or catches: the runner owns all that.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from audit.errors import UsageError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audit.measurement import Measurement
    from audit.probing.case import Case


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a probe cannot do without; masks and pixel size are needs of each sample.

    `model` is the rung of access that is needed: "none"; "outputs" of untouched images, for which
    recorded predictions suffice; "live", outputs of any image; or "gradients". `naive` runs the
    probe on naive predictors too, for comparison. `formats` compares the audited model with other
    files of the same network, `last` with its weights at the end of training. `decoder` turns what
    makes objects of a network's channels.
    """

    model: Literal["none", "outputs", "live", "gradients"] = "live"
    masks: bool = False
    complete: bool = False
    probabilities: bool = False
    instances: bool = False
    log: bool = False
    reference: bool = False
    pixel_um: bool = False
    naive: bool = False
    formats: bool = False
    last: bool = False
    decoder: bool = False
    parts: tuple[str, ...] = ("test",)
    tasks: tuple[str, ...] = ("semantic", "instance")


@dataclass(frozen=True, kw_only=True)
class Probe:
    """One question. Settings are fields, frozen; a subclass gives the class variables and measures.

    `version` rises when the meaning of a probe's rows changes. `scope` is "images" (measure() is
    called once a block of images of one shape) or "audit" (once). `after` names the probes whose
    rows it reads.
    """

    name: ClassVar[str]
    asks: ClassVar[str]
    source: ClassVar[str]
    version: ClassVar[int] = 1
    needs: ClassVar[Needs] = Needs()
    scope: ClassVar[Literal["images", "audit"]] = "images"
    after: ClassVar[tuple[str, ...]] = ()

    def measure(self, case: Case) -> Iterator[Measurement]:
        """Yield the measurements of one unit of work."""
        raise NotImplementedError

    @property
    def parameters(self) -> str:
        """The settings as canonical JSON: what the record keeps and a unit's key holds."""
        return json.dumps(asdict(self), sort_keys=True)


def above_zero(probe: Probe, *settings: str) -> None:
    """Raise UsageError where a setting, or one of its values, is not above zero."""
    for name in settings:
        if not all(one > 0 for one in values_of(probe, name)):
            raise UsageError(f"{probe.name}.{name}: expected above 0, got {getattr(probe, name)}")


def below(probe: Probe, bound: float, *settings: str) -> None:
    """Raise UsageError where a setting, or one of its values, is not below a bound."""
    for name in settings:
        if not all(one < bound for one in values_of(probe, name)):
            found = getattr(probe, name)
            raise UsageError(f"{probe.name}.{name}: expected below {bound:g}, got {found}")


def among(probe: Probe, known: Iterable[str], *settings: str) -> None:
    """Raise UsageError where a setting, or one of its values, is not among the known ones."""
    for name in settings:
        for one in values_of(probe, name):
            if one not in known:
                raise UsageError(f"{probe.name}.{name}: no {one!r}; {suggest(one, known)}")


def values_of(probe: Probe, setting: str) -> tuple[Any, ...]:
    """Return the values of a setting, also where there is one."""
    value = getattr(probe, setting)
    return value if isinstance(value, tuple) else (value,)
