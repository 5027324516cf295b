"""What an audit is asked to do."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from audit.declared import shaped
from audit.errors import UsageError

TRAIN = "train"
"""`reference="train"` trains the reference network on the training part that was given."""


class Settings(BaseModel):
    """What an audit is asked to do; a TOML specification has the same keys.

    `model`, `test`, `train` and `reference` are paths or names as on the command line. `pixel_um`
    overrides what the data say; `set` holds probe settings by "probe.setting".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str
    test: str
    train: str | None = None
    reference: str | None = None
    reference_seeds: int = Field(1, ge=1)
    recipe: str | None = None
    out: str = "bioaudit-out"
    probes: tuple[str, ...] = ()
    set: dict[str, Any] = Field(default_factory=dict)
    truth: Literal["auto", "gold", "silver"] = "auto"
    labels: Literal["auto", "instances", "classes"] = "auto"
    target: Literal["mask", "distance"] = "mask"
    pixel_um: float | None = Field(None, gt=0)
    every: int = Field(1, ge=1)
    limit: int | None = Field(None, ge=1)
    allow_unpaired: bool = False
    card: dict[str, Any] = Field(default_factory=dict)
    device: str = "auto"
    threads: int | None = Field(None, ge=1)
    block: int | None = Field(None, ge=1)
    shard: tuple[int, int] = (0, 1)
    time_limit_s: float | None = Field(None, gt=0)
    images: bool = True
    seed: int = 0


def settings(values: dict[str, Any]) -> Settings:
    """Return checked settings; UsageError names the one at fault."""
    return shaped(Settings, values, "settings", UsageError)
