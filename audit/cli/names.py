"""Our four packages have generic names: make sure that they are ours."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from audit.errors import UsageError

PACKAGES = ("audit", "suites", "baselines", "reports")


def check_names() -> None:
    """Raise UsageError where another distribution's package stands before one of ours."""
    places = {name: find_spec(name) for name in PACKAGES}
    home = Path(__file__).parents[2]
    for name, spec in places.items():
        found = Path(spec.origin).parents[1] if spec and spec.origin else None
        if found != home:
            raise UsageError(
                f"the package {name!r} is found in {found}, but bioaudit is in {home}; "
                "install bioaudit in an environment of its own (pipx install bioaudit)"
            )
