"""The images of a flaw: what a network learns from, and what it is audited on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit.datasets.sample import Sample


@dataclass(frozen=True, kw_only=True)
class FlawImages:
    """The images that a network learns from, those it is audited on, and others beside them."""

    train: tuple[Sample, ...]
    test: tuple[Sample, ...] = ()
    other: tuple[Sample, ...] = ()
