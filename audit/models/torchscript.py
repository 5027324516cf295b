"""TorchScript files: a network and its weights in one, loaded without its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from audit.errors import ModelError
from audit.models.foreign import ALONE, kind_of
from audit.models.weights import require

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn


def load_script(path: Path) -> nn.Module:
    """Return the module in a TorchScript file, in the mode in which it was saved.

    A TorchScript graph can read and write files when it runs: trust its author, or do not run it.
    """
    require(path)
    try:
        module: nn.Module = torch.jit.load(path, map_location="cpu")  # type: ignore[no-untyped-call]
    except RuntimeError as error:
        # What ends a first sentence or line; torch goes on with advice for its own developers.
        reason = str(error).splitlines()[0].partition(". ")[0]
        raise ModelError(
            f"{path}: {kind_of(path) or f'not TorchScript ({reason[:120]}); {ALONE}'}"
        ) from None
    return module
