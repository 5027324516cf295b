"""Weights from a file, without ever running what is in it."""

from __future__ import annotations

import hashlib
import pickle
from typing import TYPE_CHECKING

import torch

from audit.errors import ModelError
from audit.models import keras

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn

WRAPPERS = ("state_dict", "model_state_dict", "model")
"""Keys under which training programs wrap a state dict."""


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


def read_state(path: Path) -> dict[str, Tensor]:
    """Return the tensors of a safetensors file or of a state dict (`weights_only=True`)."""
    require(path)
    if keras.recognises(str(path)):
        keras.refuse(str(path))
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            return dict(load_file(path))
        state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise ModelError(
            f"{path}: refused, because loading it would run code; save its state_dict instead "
            f"({str(error).splitlines()[0]})"
        ) from None
    except Exception as error:
        raise ModelError(f"{path}: not readable as weights: {str(error)[:120]!r}") from error
    return unwrap(state, path)


def unwrap(state: object, path: Path) -> dict[str, Tensor]:
    """Return the state dict inside the wrappers that training programs put around it."""
    for key in WRAPPERS:
        if isinstance(state, dict) and isinstance(state.get(key), dict):
            state = state[key]
    if not isinstance(state, dict) or not state:
        raise ModelError(f"{path}: expected a state dict, got {type(state).__name__}")
    return {str(name).removeprefix("module."): value for name, value in state.items()}


def load_into(module: nn.Module, path: Path) -> None:
    """Load weights strictly: a missing or a surplus tensor is an error, never a silence."""
    state = read_state(path)
    try:
        module.load_state_dict(state, strict=True)
    except RuntimeError as error:
        reasons = [line.strip() for line in str(error).splitlines()[1:]]
        raise ModelError(f"{path}: does not fit the network: {' '.join(reasons)[:300]}") from None
