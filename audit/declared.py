"""TOML files of users, checked against a shape (a pydantic model); errors are one line each."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from audit.errors import suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audit.errors import BioauditError

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Option:
    """How a field is shown as an option, where its name and its type do not say it.

    `flag` is its name on the line without dashes, `metavar` what stands for its values: as many
    words as there are values.
    """

    flag: str = ""
    metavar: str = ""


class Readable(Protocol):
    """A file on disk or inside a wheel."""

    def is_file(self) -> bool:
        """Return whether it is a regular file."""

    def read_text(self, encoding: str) -> str:
        """Return its text."""


def read_toml(source: Readable, error: type[BioauditError]) -> dict[str, Any]:
    """Return the keys of a TOML file, or raise the error that names the file."""
    try:
        # A pipe or a device would be waited for, or read for ever.
        if not source.is_file() and os.path.lexists(str(source)):
            raise error(f"{source}: cannot be read: not a regular file")
        return tomllib.loads(source.read_text("utf-8"))
    except FileNotFoundError:
        raise error(f"{source}: no such file") from None
    except OSError as refused:
        raise error(f"{source}: cannot be read: {refused.strerror}") from None
    except RecursionError:
        raise error(f"{source}: not a TOML file: its brackets are nested too deep") from None
    except ValueError as refused:
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


def declared(shape: type[Shape], source: Readable, error: type[BioauditError]) -> Shape:
    """Return a TOML file in a shape, or raise the error that names the file, the line and the key.

    Everything that is missing is named at once.
    """
    values = read_toml(source, error)
    try:
        return shape.model_validate(values)
    except ValidationError as refused:
        place = where(source, first(refused)["loc"])
        raise error(f"{place}: {explain(refused, shape)}") from None


def shaped(
    shape: type[Shape], values: Mapping[str, Any], source: object, error: type[BioauditError]
) -> Shape:
    """Return values in a shape, or raise the error that names source, key and the near key."""
    try:
        return shape.model_validate(values)
    except ValidationError as refused:
        raise error(f"{source}: {explain(refused, shape)}") from None


def where(source: Readable, place: Sequence[str | int]) -> str:
    """Return "file:line" of a key, or of the table that should hold it where it has no line.

    The n-th table of an array is found by counting the lines `[[name]]`.
    """
    if not place:
        return str(source)
    lines = source.read_text("utf-8").splitlines()
    dotted = ".".join(map(str, place))
    tables = [line.strip().strip("[]").replace('"', "") for line in lines]
    if dotted in tables:
        return f"{source}:{tables.index(dotted) + 1}"
    found, after = 0, -1
    for key, index in zip(place, [*place[1:], None], strict=True):
        if isinstance(key, int):
            continue
        heads = [n for n, line in enumerate(lines) if n > after and starts(line, key)]
        wanted = index if isinstance(index, int) else 0
        if wanted >= len(heads):
            break
        found = after = heads[wanted]
    return f"{source}:{found + 1}"


def starts(line: str, key: str) -> bool:
    """Return whether a line sets a key, or begins a table of that name.

    >>> starts('[[rule]]', "rule"), starts('"at" = 1', "at"), starts("at_least = 1", "at")
    (True, True, False)
    """
    text = line.split("#", maxsplit=1)[0].strip()
    name = text.strip("[]").strip() if text.startswith("[") else text.partition("=")[0].strip()
    return name.strip("\"'") == key and ("=" in text or text.startswith("["))


def first(refused: ValidationError) -> Any:
    """Return the first thing wrong."""
    return refused.errors()[0]


def explain(refused: ValidationError, shape: type[BaseModel]) -> str:
    """Return the first thing wrong, in words; of missing keys all that one table lacks.

    >>> class Dish(BaseModel, extra="forbid"):
    ...     salt: float
    ...     oil: float
    >>> try:
    ...     Dish(slat=1)
    ... except ValidationError as error:
    ...     explain(error, Dish)
    'salt and oil are missing'
    """
    one = first(refused)
    above = one["loc"][:-1]
    if one["type"] == "missing":
        mine = [e for e in refused.errors() if e["type"] == "missing" and e["loc"][:-1] == above]
        lacks = [str(each["loc"][-1]) for each in mine]
        said = f"{listed(lacks)} {'is' if len(lacks) == 1 else 'are'} missing"
        return f"{spoken(above)}: {said}" if above else said
    place = spoken(one["loc"])
    if one["type"] == "extra_forbidden":
        return f"{place}: unknown key; {suggest(str(one['loc'][-1]), keys(shape))}"
    message = one["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def spoken(place: Sequence[str | int]) -> str:
    """Return a place in a file as a sentence has it: tables are counted from one."""
    return " ".join(str(part + 1) if isinstance(part, int) else part for part in place)


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them.

    >>> listed(["id", "what", "why"])
    'id, what and why'
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def keys(shape: type[BaseModel]) -> set[str]:
    """Return the keys of a shape and of the shapes in it."""
    found = set(shape.model_fields)
    for part in shape.model_json_schema().get("$defs", {}).values():
        found |= set(part.get("properties", {}))
    return found
