"""Weights from a file, without ever running what is in it."""

from __future__ import annotations

import hashlib
import pickle
import re
from typing import TYPE_CHECKING, Any

import torch

from audit.errors import ModelError
from audit.models import keras

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import Tensor, nn

WRAPPERS = ("state_dict", "model_state_dict", "network_weights", "model", "net", "network")
"""Keys under which training programs wrap a state dict; the first that is there is taken."""

COUNTER = "num_batches_tracked"
"""A buffer of batch normalisation that no answer depends on; older files lack it."""

MOST_NAMED = 3


def digest(*paths: Path, extra: str = "") -> str:
    """Return sixteen hex digits that identify files by their bytes, and what is declared."""
    total = hashlib.sha256(extra.encode())
    for path in paths:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:16]


def require(path: Path) -> Path:
    """Return the path of a weight file that is there and is no text; raise ModelError otherwise."""
    if not path.is_file():
        raise ModelError(f"{path}: no such weight file; check `weights` in the model's card")
    with path.open("rb") as file:
        start = file.read(64)
    if not start:
        raise ModelError(f"{path}: the weight file is empty; download it again")
    if start.startswith(b"version https://git-lfs"):
        raise ModelError(f"{path}: a Git LFS pointer, not the weights; run `git lfs pull`")
    if start.lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise ModelError(f"{path}: a web page, not the weights; download it again")
    return path


def read_state(path: Path) -> tuple[dict[str, Tensor], str]:
    """Return the tensors of a safetensors file or of a state dict (`weights_only=True`).

    With the keys of the file under which they stand.
    """
    require(path)
    if keras.recognises(str(path)):
        keras.refuse(str(path))
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return dict(load_file(path)), ""
        state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        names = re.search(r"GLOBAL ([\w.]+)", str(error))
        why = f" ({names[1]})" if names else ""
        raise ModelError(
            f"{path}: refused, because loading it would run code{why}; save its state_dict instead"
        ) from None
    except Exception as error:
        raise ModelError(f"{path}: not readable as weights: {str(error)[:120]!r}") from error
    return unwrap(state, path)


def unwrap(state: object, path: Path) -> tuple[dict[str, Tensor], str]:
    """Return the state dict inside what training programs put around it, and under which keys."""
    keys = []
    while isinstance(state, dict) and (key := wrapper(state, path)):
        state = state[key]
        keys.append(key)
    if not isinstance(state, dict) or not state:
        raise ModelError(f"{path}: expected a state dict, got {type(state).__name__}")
    return {str(name): value for name, value in state.items()}, ".".join(keys)


def wrapper(state: dict[Any, Any], path: Path) -> str:
    """Return the key under which weights stand; nothing where they stand by themselves."""
    inner = [key for key, one in state.items() if isinstance(one, dict) and is_state(one)]
    known = next((key for key in WRAPPERS if isinstance(state.get(key), dict)), None)
    if not known and len(inner) > 1:
        raise ModelError(
            f"{path}: holds several state dicts, {', '.join(map(str, inner))}; save by itself the "
            "one that is meant"
        )
    return known or (str(inner[0]) if inner else "")


def is_state(thing: dict[Any, Any]) -> bool:
    """Return whether all that a dict holds are tensors."""
    return bool(thing) and all(isinstance(one, torch.Tensor) for one in thing.values())


def load_into(module: nn.Module, path: Path) -> dict[str, object]:
    """Load weights into a module, and return what was found of them.

    Each tensor of the network must be there under one prefix of names, with its shape: a missing
    one is an error, never a silence; what has another prefix is told of as left.
    """
    state, key = read_state(path)
    mine = module.state_dict()
    prefix = prefix_of(state, list(mine), path)
    taken = [name for name in state if name.startswith(prefix)]
    found = {name.removeprefix(prefix): state[name] for name in taken}
    counters = {name: one for name, one in mine.items() if name.endswith(COUNTER)}
    try:
        module.load_state_dict(counters | found, strict=True)
    except RuntimeError as error:
        reasons = [line.strip() for line in str(error).splitlines()[1:]]
        raise ModelError(f"{path}: does not fit the network: {' '.join(reasons)[:300]}") from None
    left = [name for name in state if not name.startswith(prefix)]
    facts = {"weights_key": key, "weights_prefix": prefix, "weights_left": first(left)}
    return {name: fact for name, fact in facts.items() if fact}


def prefix_of(state: dict[str, Tensor], names: Sequence[str], path: Path) -> str:
    """Return what stands before the names of all tensors of a network; ModelError where two do.

    Nothing where no prefix fits: then loading says what is amiss.
    """
    needed = {name for name in names if not name.endswith(COUNTER)}
    if not needed or needed <= state.keys():
        return ""
    sample = min(needed)
    heads = {name.removesuffix(sample) for name in state if name.endswith(f".{sample}")}
    fits = sorted(head for head in heads if all(head + name in state for name in needed))
    if len(fits) > 1:
        raise ModelError(
            f"{path}: holds the network's weights under several prefixes, {', '.join(fits)}; save "
            "the state dict of the one that is meant"
        )
    return fits[0] if fits else ""


def first(names: Sequence[str]) -> str:
    """Return the first of many names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join([*names[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])])
