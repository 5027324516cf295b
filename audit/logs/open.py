"""A training log by its path, whatever program wrote it: a file, or a folder of files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from audit.errors import LogError, suggest
from audit.images.headers import plain
from audit.logs.choice import KEYS
from audit.logs.column import PARTS
from audit.logs.content import digest, read_bytes
from audit.logs.download import called
from audit.logs.file import read_file
from audit.logs.folder import read_folder, runs_of
from audit.logs.log import Log, Notice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.logs.log import Run

NOTHING: Mapping[str, str] = MappingProxyType({})


def open_log(path: str | Path, columns: Mapping[str, str] = NOTHING) -> Log:
    """Return the trainings that a file or folder logs, its format told by its content.

    `columns` maps `train`, `val`, `rate` and `epoch` to names of columns, tags or quantities, and
    wins over what their names suggest. Raises LogError, which names the path and the remedy, where
    nothing can be read as a log, nothing in it is a loss, or a mapped column is not there.
    """
    source = Path(path).expanduser()
    try:
        check_keys(columns)
        log = read_folder(source, columns) if source.is_dir() else read_alone(source, columns)
    except LogError as error:
        raise LogError(f"{plain(source)}: {error}") from error
    return replace(log, runs=tuple(half_told(run, source) for run in log.runs))


def read_alone(source: Path, columns: Mapping[str, str]) -> Log:
    """Return the trainings of one file."""
    content = read_bytes(source)
    found = called(read_file(content), source.stem, columns)
    runs = runs_of(found, plain(source.name), columns)
    return Log(path=source, digest=digest(content), format=found.format, runs=tuple(runs))


def half_told(run: Run, source: Path) -> Run:
    """Return a run, saying where its other part may lie: Keras has a folder for each."""
    folder = source.resolve() if source.is_dir() else source.resolve().parent
    if (run.training and run.validation) or folder.name.lower() not in PARTS:
        return run
    text = f"the other part of the data may lie beside it: give the folder above `{folder.name}`"
    return replace(run, notices=(*run.notices, Notice("left out", text)))


def check_keys(columns: Mapping[str, str]) -> None:
    """Refuse a map of anything but the four quantities of a training."""
    for key in columns:
        if key not in KEYS:
            raise LogError(f"--map {plain(key)}=...: no such quantity; {suggest(key, KEYS)}")
