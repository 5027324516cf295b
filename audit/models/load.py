"""From what a user names to a segmenter: a card, a network's file, code, or what a door opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import nn

from audit.errors import BioauditError, ModelError, told
from audit.interrupt import Interrupted, heeded
from audit.models.card import Card, declare, identity_of, read_card
from audit.models.command import refuse_unnamed
from audit.models.doors import door_of
from audit.models.function import FunctionSegmenter
from audit.models.identity import Identity
from audit.models.onnx import OneOutput, OnnxSegmenter, load_onnx
from audit.models.segmenter import OBJECTS
from audit.models.source import build
from audit.models.torch_module import TorchSegmenter
from audit.models.torchscript import load_script
from audit.models.weights import digest, load_into

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.models.doors import Door
    from audit.models.segmenter import Segmenter
    from audit.models.source import Built

CARD = "model.toml"
ONNX = ".onnx"


def load_model(spec: str, *, device: str = "cpu", **declared: Any) -> Segmenter:
    """Return the model that `spec` names, ready on the device.

    `spec` is a card (`model.toml`) or the folder that holds it, a TorchScript or an ONNX file, a
    bioimage.io package (a folder with `bioimageio.yaml` or `rdf.yaml`, or a zip of it), or
    `file.py:function` or `package.module:function` with `weights=` among the declarations; such a
    function that takes an image instead of building a network; `command: ` and a program; or a
    folder of recorded predictions. What is declared here overrides the card, and may name any code;
    a card may name only its own. The digest is of the weights, of all code that was imported, and
    of what is declared. Raises ModelError that names the file and the remedy.
    """
    try:
        with heeded():
            return opened(spec, declared, device)
    except (BioauditError, Interrupted):
        raise
    except BaseException as error:
        # A stranger's code raises what it likes, even what would end the process with a 0.
        raise ModelError(f"{spec}: the model cannot be loaded: {told(error)}") from error


def opened(spec: str, declared: dict[str, Any], device: str) -> Segmenter:
    """Return the model that `spec` names; whatever its code raises is raised."""
    if door := recognised(spec, declared):
        return door.opens(spec, declared, device)
    card, folder = resolve(spec, declared)
    refuse_unnamed(card, spec)
    sources: tuple[Path, ...] = ()
    found: dict[str, object] = {}
    weights = folder / card.weights if card.weights else None
    if card.network is None:
        if weights is None:
            raise ModelError(f"{spec}: the card names neither a network nor weights")
        module = load_onnx(weights) if weights.suffix == ONNX else load_script(weights)
    else:
        named = is_network(spec) or declared.get("network") is not None
        kind = card.taken_as or ("network" if weights else None)
        built = build(card.network, card.settings, folder, named=named, kind=kind)
        if not isinstance(built.module, nn.Module):
            return as_callable(built, card)
        module, sources = built.module, built.files
        found = {"taken": "network", "by": built.because} if built.because else {}
        # A network that is built has never been trained here: it is meant for inference.
        module.eval()
        if weights is not None:
            found |= load_into(module, weights)
        elif module.state_dict():
            raise ModelError(f"{spec}: a network without its weights; say --weights FILE")
    refuse_objects(card)
    files = (*((weights,) if weights else ()), *sources, *getattr(module, "files", ()))
    known = digest(*files, extra=identity_of(card))
    segmenter = OnnxSegmenter if isinstance(module, OneOutput) else TorchSegmenter
    return segmenter(module, card, digest=known, device=device, found=found)


def recognised(spec: str, declared: Mapping[str, Any]) -> Door | None:
    """Return the door by which a model comes in; None where it is a card, code or weights.

    A folder with a card is what the card says, whatever else lies in it.
    """
    return None if (Path(spec) / CARD).is_file() else door_of(spec, declared)


def as_callable(built: Built, card: Card) -> FunctionSegmenter:
    """Return the segmenter of a function that takes an image."""
    if card.weights:
        raise ModelError(
            f"{card.network}: a callable brings its own weights; leave out --weights, or say --as "
            "network if it builds one"
        )
    who = Identity(digest(*built.files, extra=f"{card.network} {identity_of(card)}"))
    found = {"taken": "callable", **({"by": built.because} if built.because else {})}
    return FunctionSegmenter(built.module, card, who, found=found)


def is_network(spec: str) -> bool:
    """Return whether a spec names the function that builds a network, not a file.

    >>> is_network("unet.py:build"), is_network("model.toml")
    (True, False)
    """
    return ":" in Path(spec).name and not Path(spec).exists()


def resolve(spec: str, declared: dict[str, Any]) -> tuple[Card, Path]:
    """Return the card for a spec, and the folder to which its paths are relative."""
    path = Path(spec)
    if path.is_dir():
        path = path / CARD if (path / CARD).is_file() else path / "model.pt"
    if is_network(spec):
        return declare(Card(network=spec, name=path.name), declared), Path()
    if not path.is_file():
        raise ModelError(
            f"{path}: no such model; expected a {CARD}, a folder with one, a TorchScript or ONNX "
            "file, a bioimage.io package, file.py:function, a folder of predictions, or "
            "'command: ...'"
        )
    if path.suffix == ".toml":
        return declare(read_card(path), declared), path.parent
    if path.suffix == ".safetensors":
        raise ModelError(f"{path}: weights alone; say which network they are for: file.py:function")
    name = path.stem if path.stem != "model" else path.resolve().parent.name
    return declare(Card(weights=path.name, name=name), declared), path.parent


def refuse_objects(card: Card) -> None:
    """Raise ModelError where a network is said to give object numbers."""
    if card.output == OBJECTS:
        raise ModelError(
            f"{card.name}: object numbers come from a function, a command or recorded predictions; "
            "a network gives channels or labels, of which --decoder makes objects"
        )
