"""From what a user names to a segmenter: a card, a folder with one, or a TorchScript file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from audit.declared import shaped
from audit.errors import BioauditError, ModelError, UsageError, told
from audit.interrupt import Interrupted, heeded
from audit.models.card import Card, read_card
from audit.models.source import build
from audit.models.torch_module import TorchSegmenter
from audit.models.torchscript import load_script
from audit.models.weights import digest, load_into

CARD = "model.toml"


def load_model(spec: str, *, device: str = "cpu", **declared: Any) -> TorchSegmenter:
    """Return the model that `spec` names, ready on the device.

    `spec` is a card (`model.toml`) or the folder that holds it, a TorchScript file, or
    `file.py:function` or `package.module:function` with `weights=` among the declarations. What is
    declared here overrides the card, and may name any code; a card may name only its own. The
    digest is of the weights, of all code that was imported, and of what is declared. Raises
    ModelError that names the file and the remedy.
    """
    try:
        with heeded():
            return opened(spec, declared, device)
    except (BioauditError, Interrupted):
        raise
    except BaseException as error:
        # A stranger's code raises what it likes, even what would end the process with a 0.
        raise ModelError(f"{spec}: the model cannot be loaded: {told(error)}") from error


def opened(spec: str, declared: dict[str, Any], device: str) -> TorchSegmenter:
    """Return the model that `spec` names; whatever its code raises is raised."""
    card, folder = resolve(spec, declared)
    sources: tuple[Path, ...] = ()
    found: dict[str, object] = {}
    weights = folder / card.weights if card.weights else None
    if card.network is None:
        if weights is None:
            raise ModelError(f"{spec}: the card names neither a network nor weights")
        module = load_script(weights)
    else:
        named = is_network(spec) or declared.get("network") is not None
        module, sources = build(card.network, card.settings, folder, named=named)
        # A network that is built has never been trained here: it is meant for inference.
        module.eval()
        if weights is not None:
            found = load_into(module, weights)
        elif module.state_dict():
            raise ModelError(f"{spec}: a network without its weights; say --weights FILE")
    identity = card.model_dump_json(exclude={"about", "name"})
    files = (*((weights,) if weights else ()), *sources)
    known = digest(*files, extra=identity)
    return TorchSegmenter(module, card, digest=known, device=device, found=found)


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
            f"{path}: no such model; expected a {CARD}, a folder with one, a TorchScript file, "
            "or file.py:function with weights"
        )
    if path.suffix == ".toml":
        return declare(read_card(path), declared), path.parent
    if path.suffix == ".safetensors":
        raise ModelError(f"{path}: weights alone; say which network they are for: file.py:function")
    name = path.stem if path.stem != "model" else path.resolve().parent.name
    return declare(Card(weights=path.name, name=name), declared), path.parent


def declare(card: Card, declared: dict[str, Any]) -> Card:
    """Return the card with what the user declares in its place."""
    given = {key: value for key, value in declared.items() if value is not None}
    said = card.model_dump(exclude_unset=True)
    return shaped(Card, said | given, card.name, UsageError)
