"""What an audit is asked to do."""

from __future__ import annotations

import os
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from audit.application.profile import FULL
from audit.declared import shaped
from audit.errors import UsageError

TRAIN = "train"
"""`reference="train"` trains the reference network on the training part that was given."""

STORED = "stored"
"""`reference="stored"`, or "stored:" and a name, takes what reference networks measured once."""


DECLARED = (
    *("weights", "network", "output", "normalisation"),
    *("classes", "channels", "range", "stride"),
)
"""Settings that stand for keys of the model's card."""


def listed(value: Any) -> Any:
    """Return names that were given in one text, separated by commas, as many.

    >>> listed("shift, resolution.scale")
    ('shift', 'resolution.scale')
    """
    return tuple(one.strip() for one in value.split(",")) if isinstance(value, str) else value


def parted(value: Any) -> Any:
    """Return index and count of a shard.

    >>> parted("0/3")
    (0, 3)
    """
    if not isinstance(value, str):
        return value
    index, _, count = value.partition("/")
    if not (index.isdigit() and count.isdigit() and int(index) < int(count)):
        raise ValueError(f"{value}: expected I/N with I from 0 to N - 1")
    return int(index), int(count)


Place = Annotated[str, BeforeValidator(lambda v: os.fspath(v) if hasattr(v, "__fspath__") else v)]
"""A path or a name, as text."""


class Settings(BaseModel):
    """What an audit is asked to do; a TOML specification has the same keys.

    `model`, `test`, `train`, `other` and `reference` are paths or names as on the command line;
    `format` names further files of the same model, `last` its weights at the end of training,
    `log` its training log, whose columns are found, or named in `columns` (train, val, epoch).
    Without a model only the questions that need none are asked; without `test`, those about a log.
    `group` is an expression that finds an image's group in its path, or "each"; `pixel_um`
    overrides what the data say; `set` holds probe settings by "probe.setting".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: Place | None = None
    test: Place | None = None
    train: Place | None = None
    other: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    format: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    last: Place | None = None
    log: Place | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    reference: Place | None = None
    reference_seeds: int = Field(1, ge=1)
    recipe: Place | None = None
    out: Place = "bioaudit-out"
    profile: str = FULL
    probes: Annotated[tuple[str, ...], BeforeValidator(listed)] = ()
    set: dict[str, Any] = Field(default_factory=dict)
    truth: Literal["auto", "gold", "silver"] = "auto"
    labels: Literal["auto", "instances", "classes"] = "auto"
    target: Literal["mask", "distance"] = "mask"
    group: str | None = None
    pixel_um: float | None = Field(None, gt=0)
    every: int = Field(1, ge=1)
    limit: int | None = Field(None, ge=1)
    allow_unpaired: bool = False
    card: dict[str, Any] = Field(default_factory=dict)
    device: str = "auto"
    threads: int | None = Field(None, ge=1)
    block: int | None = Field(None, ge=1)
    shard: Annotated[tuple[int, int], BeforeValidator(parted)] = (0, 1)
    time_limit_s: float | None = Field(None, gt=0)
    images: bool = True
    seed: int = 0


def settings(values: dict[str, Any]) -> Settings:
    """Return checked settings; UsageError names the one at fault.

    What the model's card would say may stand among them: `weights`, `output` and their like.
    """
    card = {name: values[name] for name in DECLARED if name in values}
    rest = {name: value for name, value in values.items() if name not in DECLARED}
    if card:
        rest["card"] = dict(rest.get("card", {})) | card
    return shaped(Settings, rest, "settings", UsageError)
