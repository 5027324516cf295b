"""The bytes of a log: read within bounds, told by their first ones, and decoded where text."""

from __future__ import annotations

import codecs
import hashlib
import re
from typing import TYPE_CHECKING

from audit.errors import LogError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 2**30
MOST_TEXT_BYTES = 2**27
SAMPLE_BYTES = 2**16
TOO_LONG = "more than a log of losses has; keep only its lines with losses"
MOST_CONTROL = 0.02
"""The share of control characters from which bytes are no text."""

EXPORT = (
    "bioaudit opens no pickles, which can run code; save the losses as JSON or CSV where they were "
    'made: json.dump({"loss": [...], "val_loss": [...]}, open("history.json", "w"))'
)
BINARIES: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"\x80[\x02-\x05]|\(?[dl]p?\d+\n"), "a pickle", EXPORT),
    (re.compile(rb"PK\x03\x04.{26,600}?(data\.pkl|\.npy)", re.DOTALL), "a checkpoint", EXPORT),
    (
        re.compile(rb"PK\x03\x04.{26,600}?(\[Content_Types\]|xl/)", re.DOTALL),
        "a workbook",
        "save it as CSV",
    ),
    (re.compile(rb"PK\x03\x04"), "an archive", "unpack it, and give the log inside"),
    (
        re.compile(rb"\x93NUMPY"),
        "a NumPy array, which names no columns and may be a pickle",
        "write the losses as a CSV with the header epoch,loss,val_loss",
    ),
    (
        re.compile(rb":W&B"),
        "a W&B transaction log",
        "export the run: pandas.DataFrame(wandb_run.scan_history()).to_csv('history.csv')",
    ),
    (re.compile(rb"\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd"), "compressed", "unpack it"),
    (re.compile(rb"\x89HDF"), "an HDF5 file, with weights and no log", "give the training's log"),
    (re.compile(rb"SQLite format 3"), "a database", "export the losses as CSV"),
    (
        re.compile(rb"\x89PNG|\xff\xd8\xff|II\*\0|MM\0\*|%PDF"),
        "a picture, not the numbers in it",
        "give the log that it was drawn from",
    ),
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x08|\0")
"""Colours, the backspaces of progress bars, and the zeros that a crash leaves."""


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a regular file; raises LogError where it has none or too many."""
    try:
        if not path.is_file():
            missing = "not a file" if path.exists() else "no such file or folder"
            raise LogError(f"{missing}; give a training log, or the folder of one")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise LogError(f"{size} bytes, {TOO_LONG}")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LogError(f"cannot be read ({reason}); check its rights") from error
    if not content:
        raise LogError("the file is empty; did the training write any epoch?")
    return content


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def binary(content: bytes) -> tuple[str, str] | None:
    """Return what bytes are that are no log, and the way to one; None for what may be text."""
    for signature, kind, remedy in BINARIES:
        if signature.match(content[:SAMPLE_BYTES]):
            return kind, remedy
    sample = decoded(content[:SAMPLE_BYTES])
    control = sum(not (letter.isprintable() or letter.isspace()) for letter in sample)
    if control > MOST_CONTROL * len(sample):
        return "binary, and no known log", "give the log as CSV, JSON, text or TensorBoard events"
    return None


def text(content: bytes) -> str:
    """Return bytes as text, without escapes; LogError where they are no text or too many."""
    found = binary(content)
    if found is not None:
        raise LogError(f"{found[0]}; {found[1]}")
    if len(content) > MOST_TEXT_BYTES:
        raise LogError(f"{len(content)} bytes, {TOO_LONG}")
    return decoded(content)


def decoded(content: bytes) -> str:
    """Return bytes in the encoding that they show: marked, UTF-8, UTF-16, else Latin-1."""
    marked = next((encoding for mark, encoding in MARKS if content.startswith(mark)), None)
    if marked is None and content[1:SAMPLE_BYTES:2].count(0) > len(content[:SAMPLE_BYTES]) // 3:
        marked = "utf-16-le"
    try:
        found = content.decode(marked or "utf-8", "replace" if marked else "strict")
    except UnicodeDecodeError:
        found = content.decode("latin-1")
    return ESCAPES.sub("", found)
