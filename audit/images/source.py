"""What is read of a file: the names of its axes, one of its frames, and its channels."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from audit.errors import UsageError

NAMES = "TCYX"
"""Axes that a file may have: time, channel, row, column."""


@dataclass(frozen=True, kw_only=True)
class Source(os.PathLike[str]):
    """A file and what is read of it.

    `axes` are those that the user names, such as "TYX", where "" takes what the file says; `frame`
    is the place of one image in time, `channels` are those that are kept, all where empty.
    """

    path: Path
    axes: str = ""
    frame: int | None = None
    channels: tuple[int, ...] = ()

    def __fspath__(self) -> str:
        return str(self.path)

    def __str__(self) -> str:
        return f"{self.path}" if self.frame is None else f"{self.path} (frame {self.frame})"

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.name

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return self.path.stem

    @property
    def parent(self) -> Path:
        """The folder of the file."""
        return self.path.parent

    @property
    def options(self) -> dict[str, object]:
        """Return what changes the reading, where anything does."""
        said = {"axes": self.axes, "frame": self.frame, "channels": list(self.channels)}
        return {name: value for name, value in said.items() if value not in ("", None, [])}


def source_of(path: str | os.PathLike[str]) -> Source:
    """Return a path as what is read whole and as it says itself."""
    return path if isinstance(path, Source) else Source(path=Path(path))


def mask_of(image: Source, path: Path) -> Source:
    """Return what is read of a mask beside an image: the same axes without channels."""
    return replace(image, path=path, axes=image.axes.replace("C", ""), channels=())


def check_axes(axes: str) -> str:
    """Return the names of axes in capitals; raises UsageError where they name no image.

    >>> check_axes("tyx")
    'TYX'
    """
    named = axes.upper()
    if set(named) - set(NAMES) or len(set(named)) < len(named) or not {"Y", "X"} <= set(named):
        raise UsageError(
            f"--axes {axes}: expected Y, X and what else there is of T (time) and C (channel), "
            "each once, in the order of the file, such as TYX or CYX; 3-D images are not read"
        )
    return named
