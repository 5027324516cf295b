"""Options of the command line, made from the fields of the pydantic models that check them.

argparse keeps values as text; the field checks them, with the same one-line error as in a TOML file
or a call from Python. Options of judging, which several verbs share, are declared here too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin

from audit.declared import Option

if TYPE_CHECKING:
    from argparse import ArgumentParser, _ActionsContainer, _ArgumentGroup
    from collections.abc import Iterable

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo


def add_part(parser: ArgumentParser, shape: type[BaseModel]) -> _ArgumentGroup:
    """Add a group of options under the title of a shape, and return it."""
    group = parser.add_argument_group(shape.model_config.get("title"))
    add_options(group, shape)
    return group


def add_options(
    parser: _ActionsContainer, shape: type[BaseModel], names: Iterable[str] = (), **told: str
) -> None:
    """Add an option for each field of a shape, or for those named; `told` are other help texts."""
    for name in names or shape.model_fields:
        add_option(parser, name, shape.model_fields[name], told.get(name))


def add_option(
    parser: _ActionsContainer, name: str, field: FieldInfo, told: str | None = None
) -> None:
    """Add the option of one field; what is not given stays None, and an assignment an empty list.

    A flag that is on by itself is turned off: `images` is shown as --no-images.
    """
    shown = next((one for one in field.metadata if isinstance(one, Option)), Option())
    flag = shown.flag or name.replace("_", "-")
    kind = get_origin(field.annotation) or field.annotation
    words = described(field, told)
    if kind is bool:
        on = field.default is False
        action = "store_true" if on else "store_false"
        flag = flag if on else f"no-{flag}"
        parser.add_argument(f"--{flag}", dest=name, action=action, default=None, help=words)
        return
    more: dict[str, Any] = {"action": "append", "default": []} if kind is dict else {}
    names = tuple((shown.metavar or values(field) or flag.upper().replace("-", "_")).split())
    if len(names) > 1:
        more["nargs"] = len(names)
    metavar = names if len(names) > 1 else names[0]
    parser.add_argument(f"--{flag}", dest=name, metavar=metavar, help=words, **more)


def described(field: FieldInfo, told: str | None) -> str:
    """Return the help of a field: its docstring, and its default where it has one."""
    said = " ".join((told or field.description or "").split()).replace("%", "%%")
    plain = isinstance(field.default, str | int) and not isinstance(field.default, bool)
    return f"{said} ({field.default})" if plain else said


def values(field: FieldInfo) -> str:
    """Return what a usage line shows for a field's value: the few that there are, N for a count."""
    found = get_args(field.annotation) or (field.annotation,)
    if all(isinstance(one, str) for one in found):
        return "|".join(found)
    return "N" if int in found and get_origin(field.annotation) is not tuple else ""


def add_exports(parser: _ActionsContainer) -> None:
    """Declare the files that the outcomes are written to, for machines."""
    parser.add_argument("--json", type=Path, help="write the outcomes as JSON")
    parser.add_argument("--junit", type=Path, help="write the outcomes as JUnit XML, for CI")


def add_verbose(parser: _ActionsContainer) -> None:
    """Declare the option that shows every rule."""
    parser.add_argument(
        "--verbose", action="store_true", help="show every rule, not only what failed or is open"
    )
