"""The text of a description: YAML 1.2 in a file, or JSON on a line; only plain values come out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from audit.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 16 * 2**20
NEEDED = "ruyaml"
"""Reads YAML 1.2, in which `1e-6` is a number and `no` is a word."""


def read_text(path: Path) -> dict[str, Any]:
    """Return the keys of a description; ModelError that names the file and the remedy."""
    try:
        size = path.stat().st_size if path.is_file() else None
        if size is None:
            raise ModelError(f"{path}: no such description")
        if size > MOST_BYTES:
            raise ModelError(f"{path}: {size} bytes are no description of a model")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read: {error}") from None
    keys = parsed(text, path)
    if not isinstance(keys, dict):
        raise ModelError(f"{path}: expected the keys of a model's description, got none")
    return {str(key): value for key, value in keys.items()}


def parsed(text: str, path: Path) -> object:
    """Return what a text holds, as JSON where it is JSON, else as YAML."""
    if text.lstrip().startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            if path.suffix in (".json", ".jsonl"):
                raise ModelError(f"{path}: not one JSON object") from None
    try:
        from ruyaml import YAML
    except ImportError:
        raise ModelError(
            f"{path}: a description in YAML needs the package {NEEDED}; "
            "pip install 'bioaudit[zoo]', or pip install ruyaml"
        ) from None
    try:
        return YAML(typ="safe", pure=True).load(text)
    except Exception as error:  # noqa: BLE001
        # The parser has its own errors, and passes on those of dates and of numbers.
        said = " ".join(str(error).split())[:160]
        raise ModelError(f"{path}: not a YAML file: {said}") from None
