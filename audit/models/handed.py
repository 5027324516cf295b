"""From what a caller hands over in Python to a segmenter: a torch module, or a function."""

from __future__ import annotations

from copy import deepcopy
from io import BytesIO
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from audit.declared import shaped
from audit.errors import ModelError, UsageError, told
from audit.models.batch_function import Function
from audit.models.card import Card, declare, identity_of
from audit.models.function import FunctionSegmenter
from audit.models.identity import identify
from audit.models.torch_module import TorchSegmenter

if TYPE_CHECKING:
    from audit.models.segmenter import Segmenter

OUTPUTS = "logits, softmax, sigmoid, sigmoid-logits, labels or objects"


def name_of(model: object) -> str:
    """Return what a record calls a model that has no file: its own name, or that of its class.

    >>> name_of(nn.Identity()), name_of(abs)
    ('Identity', 'abs')
    """
    inner = model.batch if isinstance(model, Function) else model
    return str(getattr(inner, "__name__", type(inner).__name__))


def take(model: object, *, device: str = "cpu", **declared: Any) -> Segmenter:
    """Return a module or a function as a segmenter; declarations are keys of a model's card.

    Raises UsageError where something is declared that does not go with it.
    """
    for name in ("weights", "network"):
        if name in declared:
            raise UsageError(f"{name}: a model that is handed over brings its own; leave it out")
    if isinstance(model, nn.Module):
        return taken_module(model, declared, device)
    if isinstance(model, Function) or callable(model):
        return taken_function(model, declared)
    kind = type(model).__name__
    raise UsageError(f"model: expected a path, a torch module or a function, got {kind}")


def taken_module(module: nn.Module, declared: dict[str, Any], device: str) -> TorchSegmenter:
    """Return a copy of a module, in the mode in which it is, behind the contract of a segmenter.

    The caller's own stays where it is, and can be trained on.
    """
    card = declare(Card(name=name_of(module)), declared)
    try:
        copied = copy_of(module)
    except Exception as error:
        raise ModelError(f"{name_of(module)}: cannot be copied: {told(error)}") from error
    who = identify(module, identity_of(card))
    return TorchSegmenter(copied, card, digest=who.digest, device=device, doubt=who.said)


def copy_of(module: nn.Module) -> nn.Module:
    """Return a copy of a module; a compiled one goes through a file in memory.

    Parameters of a compiled module that is copied as an object are no leaves of a graph any more.
    """
    if not isinstance(module, torch.jit.ScriptModule):
        return deepcopy(module)
    file = BytesIO()
    torch.jit.save(module, file)
    file.seek(0)
    copied: nn.Module = torch.jit.load(file, map_location="cpu")  # type: ignore[no-untyped-call]
    return copied


def taken_function(function: Any, declared: dict[str, Any]) -> FunctionSegmenter:
    """Return a function behind the contract of a segmenter."""
    if "output" not in declared:
        raise UsageError(f"{name_of(function)}: say what it returns: output= {OUTPUTS}")
    for name in ("normalisation", "statistics", "stride"):
        if name in declared:
            raise UsageError(f"{name}: a function is shown the images as they are; leave it out")
    given = {key: value for key, value in declared.items() if value is not None}
    card = shaped(Card, {"name": name_of(function), **given}, name_of(function), UsageError)
    return FunctionSegmenter(
        function,
        card,
        identify(vars(function) if isinstance(function, Function) else function, identity_of(card)),
    )
