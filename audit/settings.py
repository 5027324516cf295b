"""What an audit is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

TRAIN = "train"
"""`reference="train"` trains the reference network on the training part that was given."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an audit is asked to do; a TOML specification has the same keys.

    `model`, `test`, `train` and `reference` are paths or names as on the command line. `pixel_um`
    overrides what the data say; `set` holds probe settings by "probe.setting".
    """

    model: str
    test: str
    train: str | None = None
    reference: str | None = None
    reference_seeds: int = 1
    recipe: str | None = None
    out: str = "bioaudit-out"
    probes: tuple[str, ...] = ()
    set: Mapping[str, Any] = field(default_factory=dict)
    truth: str = "auto"
    labels: str = "auto"
    pixel_um: float | None = None
    every: int = 1
    limit: int | None = None
    allow_unpaired: bool = False
    card: Mapping[str, Any] = field(default_factory=dict)
    device: str = "auto"
    threads: int | None = None
    block: int | None = None
    shard: tuple[int, int] = (0, 1)
    time_limit_s: float | None = None
    images: bool = True
    seed: int = 0
