"""The weights of a package: the first of its formats that can be opened here.

TorchScript and state dicts come first, because gradients pass through them; then ONNX. What a
description names is opened only where it lies in the package, and where its hash is the one that is
declared. An architecture is a stranger's code: it is run from the package's own folder, as that of
a model card, and from nowhere else unless the user names it.
"""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from audit.declared import within
from audit.errors import ModelError
from audit.models.onnx import OnnxNetwork, open_onnx
from audit.models.package.contract import CALLED
from audit.models.source import build
from audit.models.torchscript import load_script
from audit.models.weights import load_into

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from torch import nn

    from audit.models.package.description import ModelDescription

TENSORFLOW = ("keras_hdf5", "keras_v3", "tensorflow_js", "tensorflow_saved_model_bundle")


class Raw(NamedTuple):
    """A network as its file gives it, which files it is of, and what was passed over for it."""

    module: nn.Module
    format: str
    files: tuple[Path, ...]
    passed_over: tuple[str, ...] = ()

    @property
    def differentiable(self) -> bool:
        """Whether gradients pass through it."""
        return not isinstance(self.module, OnnxNetwork)


def open_weights(
    described: ModelDescription, *, wanted: str | None = None, network: str | None = None
) -> Raw:
    """Return the network of the first format that opens, or of the one that is wanted.

    `network` is an architecture that the user names, as file.py:function or
    package.module:function. Raises ModelError with the reason of each format.
    """
    reasons: list[str] = []
    for name, opens in OPENERS.items():
        entry = described.weights.get(name)
        if entry is None or (wanted and name != wanted):
            continue
        try:
            module, files = opens(described, entry, network)
        except ModelError as error:
            reasons.append(f"{name}: {error}")
            continue
        module.eval()
        return Raw(module, name, files, tuple(reasons))
    raise ModelError(f"no weights can be opened: {'; '.join(reasons) or unopened(described)}")


def unopened(described: ModelDescription) -> str:
    """Return why none of the formats is even tried."""
    names = ", ".join(described.weights)
    if all(name in TENSORFLOW for name in described.weights):
        return f"they are for TensorFlow ({names}); {CALLED}"
    return f"they are {names}; opened are {', '.join(OPENERS)}"


def can_open(described: ModelDescription) -> None:
    """Raise ModelError where none of the formats is one that is opened here."""
    if not {*OPENERS} & {*described.weights}:
        raise ModelError(unopened(described))


def torchscript(described: ModelDescription, entry: Mapping[str, Any], _: str | None) -> Opened:
    """Return the network in a TorchScript file."""
    path = located(described, entry)
    return load_script(path), (path,)


def onnx(described: ModelDescription, entry: Mapping[str, Any], _: str | None) -> Opened:
    """Return the network in an ONNX file, with the files that it keeps its weights in."""
    path = located(described, entry)
    module = open_onnx(path)
    return module, (path, *module.files)


def state_dict(
    described: ModelDescription, entry: Mapping[str, Any], network: str | None
) -> Opened:
    """Return the network of an architecture with its weights."""
    path = located(described, entry)
    place, settings = architecture(described, entry)
    built = build(
        network or place, settings, described.folder, named=network is not None, kind="network"
    )
    load_into(built.module.eval(), path)
    return built.module, (path, *built.files)


def architecture(
    described: ModelDescription, entry: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return file.py:callable or module:callable, and its settings, as either format says them."""
    given = entry.get("architecture")
    settings = entry.get("kwargs")
    if isinstance(given, dict):
        settings = given.get("kwargs")
        called = str(given.get("callable"))
        if given.get("source"):
            return f"{inner(described, given)}:{called}", dict(settings or {})
        return f"{given.get('import_from')}:{called}", dict(settings or {})
    if not isinstance(given, str):
        raise ModelError("no architecture is declared")
    settings = dict(settings) if isinstance(settings, dict) else {}
    place, _, called = given.rpartition(":")
    if place:
        return f"{inner(described, {'source': place})}:{called}", settings
    module, _, called = given.rpartition(".")
    return f"{module}:{called}", settings


def inner(described: ModelDescription, entry: Mapping[str, Any]) -> Path:
    """Return the path of a file that an entry names, within the package."""
    return located(described, entry).relative_to(described.folder)


def located(described: ModelDescription, entry: Mapping[str, Any]) -> Path:
    """Return the file that an entry names; ModelError where it is not there, or is another one."""
    source = str(entry.get("source") or "")
    remote = "://" in source
    # A downloaded package keeps a file of the web under its last name.
    name = PurePosixPath(source.partition("?")[0]).name if remote else source
    path = within(described.folder, name) if name else None
    if path is None:
        raise ModelError(f"{source!r:.80} leads out of the package")
    if not path.is_file():
        raise ModelError(f"{name} is not in the package")
    expected = str(entry.get("sha256") or "")
    if expected:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != expected:
            raise ModelError(
                f"{name} is not the file that is described: its SHA-256 is {found[:12]}…, "
                f"declared is {expected[:12]}…"
            )
    return path


Opened = tuple["nn.Module", tuple["Path", ...]]

OPENERS: Mapping[str, Callable[[ModelDescription, Mapping[str, Any], str | None], Opened]] = {
    "torchscript": torchscript,
    "pytorch_state_dict": state_dict,
    "onnx": onnx,
}
"""How each format is opened, in the order in which they are tried."""
