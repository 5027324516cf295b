"""A description of bioimage.io as it is written, of any format from 0.4 on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import ModelError
from audit.models.package.tensor import Tensor, read_tensor
from audit.models.package.text import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILES = ("bioimageio.yaml", "rdf.yaml")
"""Names of the file with the description in a package, the newer one first."""

OLDEST = (0, 4)


@dataclass(frozen=True)
class ModelDescription:
    """What a description says; paths in it are relative to `folder`."""

    folder: Path
    name: str
    version: str
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    weights: Mapping[str, Mapping[str, Any]]
    tags: tuple[str, ...] = ()
    tests: tuple[Sequence[Any], Sequence[Any]] = ((), ())
    config: Mapping[str, Any] = field(default_factory=dict)
    file: Path | None = None


def read_description(path: Path) -> ModelDescription:
    """Return the description in a YAML or JSON file; ModelError where it is none of a model."""
    return understood(read_text(path), path.parent, str(path), file=path)


def read_line(text: str) -> ModelDescription:
    """Return the description in a line of JSON."""
    try:
        keys = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"the description is no JSON: {error}") from None
    if not isinstance(keys, dict):
        raise ModelError("the description is no JSON object")
    return understood(keys, Path(), str(keys.get("id") or keys.get("name") or "description"))


def understood(
    keys: Mapping[str, Any], folder: Path, where: str, file: Path | None = None
) -> ModelDescription:
    """Return a description from its keys."""
    kind = keys.get("type", "model")
    if kind != "model":
        raise ModelError(f"{where}: describes something of the type {kind!r:.40}, not a model")
    version = str(keys.get("format_version", ""))
    if not version:
        raise ModelError(f"{where}: no description of a bioimage.io model: no format_version")
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if not numbers or tuple(map(int, numbers.groups())) < OLDEST:
        raise ModelError(
            f"{where}: format_version {version!r:.20} is not read; 0.4 and 0.5 are: "
            "bioimageio update-format makes one of the other"
        )
    weights = keys.get("weights")
    if not isinstance(weights, dict) or not weights:
        raise ModelError(f"{where}: names no weights")
    config = keys.get("config")
    return ModelDescription(
        folder=folder,
        name=str(keys.get("name") or "model"),
        version=version,
        inputs=tensors(keys, "inputs", where, "preprocessing"),
        outputs=tensors(keys, "outputs", where, "postprocessing"),
        weights={str(name): one for name, one in weights.items() if isinstance(one, dict)},
        tags=tuple(str(tag) for tag in keys.get("tags") or ()),
        tests=(listed(keys.get("test_inputs")), listed(keys.get("test_outputs"))),
        config=config if isinstance(config, dict) else {},
        file=file,
    )


def tensors(keys: Mapping[str, Any], name: str, where: str, steps: str) -> tuple[Tensor, ...]:
    """Return the inputs or the outputs."""
    given = listed(keys.get(name))
    if not given:
        raise ModelError(f"{where}: names no {name}")
    return tuple(read_tensor(one, f"{where}: {name} {n + 1}", steps) for n, one in enumerate(given))


def listed(given: object) -> list[Any]:
    """Return a list that is one, an empty one for anything else."""
    return given if isinstance(given, list) else []
