"""MLflow's file store: a folder a training, and in `metrics` a file a quantity.

Lines are `timestamp value step`, in milliseconds; the first MLflow wrote no step.
Source: https://mlflow.org/docs/latest/tracking/backend-stores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import LogError
from audit.images.headers import plain
from audit.logs.cell import number
from audit.logs.content import decoded
from audit.logs.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import PurePath

STORE = "MLflow store"
METRICS = "metrics"
WITHOUT_STEP = 2


def is_quantity(path: PurePath, content: bytes) -> bool:
    """Say whether a file below `metrics` begins with a time, a number and a step."""
    if METRICS not in path.parts[:-1]:
        return False
    cells = decoded(content[:200]).partition("\n")[0].split()
    return len(cells) >= WITHOUT_STEP and cells[0].isdigit() and number(cells[1]) is not None


def read_store(files: Mapping[PurePath, bytes]) -> tuple[Sheet, ...]:
    """Return a sheet for each training among files of quantities, by their paths in a folder."""
    gathered: dict[str, list[tuple[int, dict[str, float]]]] = {}
    for path, content in files.items():
        place = path.parts.index(METRICS)
        run, key = "/".join(path.parts[:place]), plain("/".join(path.parts[place + 1 :]))
        gathered.setdefault(run, []).extend(lines(key, decoded(content)))
    return tuple(
        Sheet(
            name=plain(run),
            rows=[row for _, row in sorted(found, key=lambda one: one[0])],
        )
        for run, found in gathered.items()
    )


def lines(key: str, text: str) -> list[tuple[int, dict[str, float]]]:
    """Return the values of one file with their times; where all steps are one, lines are counted.

    Who logs without a step logs at step 0.
    """
    cells = [line.split() for line in text.splitlines() if line.strip()]
    try:
        times = [int(one[0]) for one in cells]
        values = [float(one[1]) for one in cells]
        steps = [float(one[2]) if len(one) > WITHOUT_STEP else 0.0 for one in cells]
    except (ValueError, IndexError) as error:
        raise LogError(f"`{key}`: no lines of `timestamp value step`; log it again") from error
    if len(set(steps)) == 1:
        steps = [float(place) for place in range(len(steps))]
    rows = ({key: value, "step": step} for value, step in zip(values, steps, strict=True))
    return list(zip(times, rows, strict=True))
