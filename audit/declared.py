"""What users declare in TOML files, checked against a shape; one line for whatever is wrong."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from audit.errors import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.errors import BioauditError

Shape = TypeVar("Shape", bound=BaseModel)


class Readable(Protocol):
    """A file on disk or inside a wheel."""

    def read_text(self, encoding: str) -> str:
        """Return its text."""


def read_toml(source: Readable, error: type[BioauditError]) -> dict[str, Any]:
    """Return the keys of a TOML file, or raise the error that names the file."""
    try:
        return tomllib.loads(source.read_text("utf-8"))
    except FileNotFoundError:
        raise error(f"{source}: no such file") from None
    except OSError as refused:
        raise error(f"{source}: cannot be read: {refused.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as refused:
        raise error(f"{source}: not a TOML file: {refused}") from None


def within(folder: Path, name: str) -> Path | None:
    """Return the path of what a file in a folder names; None where it leads out of the folder.

    >>> within(Path("network"), "unet.py"), within(Path("network"), "../unet.py")
    (PosixPath('network/unet.py'), None)
    """
    if Path(name).is_absolute() or ".." in Path(name).parts or "\0" in name:
        return None
    # Links are followed: one that leads out is no file of the folder's.
    real = Path(os.path.realpath(folder / name))
    return folder / name if real.is_relative_to(os.path.realpath(folder)) else None


def shaped(
    shape: type[Shape], values: Mapping[str, Any], source: object, error: type[BioauditError]
) -> Shape:
    """Return values in a shape, or raise the error that names source, key and the near key."""
    try:
        return shape.model_validate(values)
    except ValidationError as refused:
        raise error(f"{source}: {explain(refused, shape)}") from None


def explain(refused: ValidationError, shape: type[BaseModel]) -> str:
    """Return the first thing wrong, in words.

    >>> class Dish(BaseModel, extra="forbid"):
    ...     salt: float = 0
    >>> try:
    ...     Dish(slat=1)
    ... except ValidationError as error:
    ...     explain(error, Dish)
    "slat: unknown key; did you mean 'salt'?"
    """
    first: Any = refused.errors()[0]
    place = " ".join(str(part + 1) if isinstance(part, int) else part for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{place}: unknown key; {suggest(str(first['loc'][-1]), keys(shape))}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def keys(shape: type[BaseModel]) -> set[str]:
    """Return the keys of a shape and of the shapes in it."""
    found = set(shape.model_fields)
    for part in shape.model_json_schema().get("$defs", {}).values():
        found |= set(part.get("properties", {}))
    return found
