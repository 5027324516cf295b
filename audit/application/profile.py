"""A profile: what an audit leaves out where there is less time, each omission with its reason."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from audit.declared import declared
from audit.errors import UsageError, suggest

FULL = "full"
"""The profile that leaves nothing out."""


class Profile(BaseModel):
    """At most `limit` test images, no probe in `left_out` (name to reason), and other settings.

    `set` holds settings of probes by "probe.setting", as on the command line.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str = ""
    limit: int | None = Field(None, ge=1)
    left_out: dict[str, str] = Field(default_factory=dict)
    set: dict[str, Any] = Field(default_factory=dict)


def profiles() -> list[str]:
    """Return the names of the profiles that there are."""
    found = (one.name for one in files("audit.application.profiles").iterdir())
    return [FULL, *sorted(name[:-5] for name in found if name.endswith(".toml"))]


@cache
def load_profile(name: str) -> Profile:
    """Return a profile by name; UsageError where there is none.

    >>> load_profile("full").limit is None
    True
    """
    if name == FULL:
        return Profile()
    if name not in profiles():
        raise UsageError(f"--profile {name}: no such profile; {suggest(name, profiles())}")
    source = files("audit.application.profiles") / f"{name}.toml"
    return declared(Profile, source, UsageError)
