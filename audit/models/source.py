"""The source of a network: whose code may be imported for a model, and which files of it were."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from torch import nn

from audit.declared import within
from audit.errors import ModelError, told
from audit.models.batch_function import Function
from audit.models.signature import Taken, taken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

LOADER = "audited_model"
"""The name under which a stranger's file is imported, so that it shadows nothing."""

PACKAGES = ("audit", "suites", "baselines", "reports")
"""Our own packages: the record names their version."""


class Built(NamedTuple):
    """A network, or a function that takes an image, and the files whose code was imported for it.

    Ours are left out. `because` is what it was told by, where nobody said which of the two it is.
    """

    module: Any
    files: tuple[Path, ...]
    because: str = ""


def build(
    network: str,
    settings: dict[str, Any],
    folder: Path | None,
    *,
    named: bool = False,
    kind: str | None = "network",
) -> Built:
    """Return what `file.py:function` or `package.module:function` builds, with its files.

    Of the `kind` "callable" it is the function itself; where that is None, its signature says it.
    This runs the author's code in this process. Unless the user `named` the network, only a file
    in the folder and a network of ours are imported; ModelError names the remedy.
    """
    place, _, function = network.rpartition(":")
    if not place:
        raise ModelError(f"{network!r}: expected file.py:function or package.module:function")
    if place.endswith(".py"):
        path = find(place, folder, named=named)
        with afresh(path, folder) as imported:
            module, because = made(load_file(path), network, settings, kind)
            return Built(module, (path, *imported()), because)
    if not (named or is_ours(place, function)):
        raise ModelError(
            f"{network!r}: a card may name a file beside it, as file.py:function, not a module; "
            f"if you trust this one, say --network {network}"
        )
    module, because = made(load_module(place), network, settings, kind)
    package = place.partition(".")[0]
    return Built(module, () if package in PACKAGES else tuple(files_of(package)), because)


def find(place: str, folder: Path | None, *, named: bool) -> Path:
    """Return the file that a network names; ModelError where it lies outside of the folder."""
    path = (folder or Path()) / place if named else folder and within(folder, place)
    if path is None:
        raise ModelError(
            f"{place}: a card may name a file in its own folder only; copy it there, or, if you "
            "trust it, say --network FILE.py:FUNCTION"
        )
    if not path.is_file():
        raise ModelError(f"{path}: no such file; a network is named file.py:function")
    return path


def is_ours(place: str, function: str) -> bool:
    """Return whether a network is one that our own trainings and planted flaws leave in cards.

    Only what makes a network counts: other functions of ours may do as they are told.
    """
    if place.partition(".")[0] != "baselines":
        return False
    found = getattr(load_module(place), function, None)
    if getattr(found, "__module__", None) != place:
        return False
    if isinstance(found, type):
        return issubclass(found, nn.Module)
    return getattr(found, "__annotations__", {}).get("return") == "Network"


def made(
    source: ModuleType, network: str, settings: dict[str, Any], kind: str | None
) -> tuple[Any, str]:
    """Return what a function of the source builds, or the function that takes an image; and why."""
    place, _, name = network.rpartition(":")
    if not hasattr(source, name):
        raise ModelError(f"{network!r}: {place} has no function {name!r}")
    function = getattr(source, name)
    if kind == "callable" and not (callable(function) or isinstance(function, Function)):
        raise ModelError(f"{network!r} is {type(function).__name__}, which takes no image")
    found = taken(function, settings) if kind is None else Taken(kind == "callable", "")
    return (function if found.as_callable else call(function, network, settings)), found.because


def call(function: Any, network: str, settings: dict[str, Any]) -> nn.Module:
    """Return the module that a function builds with the settings."""
    try:
        module = function(**settings)
    except Exception as error:
        raise ModelError(f"{network!r} failed with settings {settings}: {told(error)}") from error
    if not isinstance(module, nn.Module):
        raise ModelError(
            f"{network!r} gave {type(module).__name__}, not a torch module; say --as callable if "
            "it takes an image"
        )
    return module


def load_file(path: Path) -> ModuleType:
    """Return the Python file as a module."""
    spec = importlib.util.spec_from_file_location(LOADER, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Known by its name while it runs, as dataclasses need.
    sys.modules[LOADER] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ModelError(f"{path}: cannot be run: {told(error)}") from error
    return module


def load_module(name: str) -> ModuleType:
    """Return an importable module by its dotted name."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ModelError(f"{name}: cannot be imported: {error}") from None


@contextmanager
def afresh(path: Path, folder: Path | None) -> Iterator[Any]:
    """Import the modules beside a file anew, and forget them; lend what lists their files.

    Helpers of two models may share a name, and one that was imported before may have changed.
    """
    root = folder if folder and within(folder, os.path.relpath(path, folder)) else path.parent
    held = {name: sys.modules.pop(name) for name in beside(root)}
    try:
        yield lambda: [file for _, file in sorted(beside(root).items())]
    finally:
        for name in beside(root):
            del sys.modules[name]
        sys.modules.update(held)


def beside(root: Path) -> dict[str, Path]:
    """Return by name the files of the imported modules below a folder, installed ones left out."""
    starts = tuple(os.path.join(form(root), "") for form in (os.path.abspath, os.path.realpath))  # noqa: PTH118
    kept = {LOADER, "__main__", *PACKAGES}
    return {
        name: file
        for name, file in files_by_name().items()
        if name.partition(".")[0] not in kept
        and str(file).startswith(starts)
        and "site-packages" not in file.parts
    }


def files_of(package: str) -> list[Path]:
    """Return the files of all modules of a package that are imported, by name."""
    found = files_by_name().items()
    return [file for name, file in sorted(found) if name.partition(".")[0] == package]


def files_by_name() -> dict[str, Path]:
    """Return the file of each imported module that has one."""
    found = {
        name: getattr(module, "__dict__", {}).get("__file__")
        for name, module in list(sys.modules.items())
    }
    paths = {name: Path(file) for name, file in found.items() if isinstance(file, str)}
    return {name: path for name, path in paths.items() if path.is_file()}
