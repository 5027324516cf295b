"""The CSV that TensorBoard lets be downloaded: one curve, whose name stands in the file's alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.errors import LogError
from audit.logs.column import PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audit.logs.sheet import FoundLog

COLUMNS = ("Wall time", "Step", "Value")
FORMAT = "TensorBoard download"
NAMED = re.compile(r"(?:run-(?P<run>.+?)[-_])?tag-(?P<tag>.+)")


def called(found: FoundLog, stem: str, asked: Mapping[str, str]) -> FoundLog:
    """Return a log, its curve named after its file where TensorBoard wrote it.

    `run-train-tag-epoch_loss.csv` holds `train epoch_loss`. Raises LogError where the file's name
    tells nothing, and nobody maps the curve.
    """
    (first, *others) = found.sheets
    if others or tuple(first.columns) != COLUMNS:
        return found
    name = NAMED.fullmatch(stem)
    if name is None:
        if {"train", "val"} & asked.keys():
            return replace(found, format=FORMAT)
        raise LogError(
            "one curve that TensorBoard let be downloaded, and its name does not stand in it: say "
            "--map train=Value or --map val=Value, or give the folder with the event files"
        )
    run = name["run"] or ""
    part = next((word for word in re.findall(r"[a-z]+", run.lower()) if word in PARTS), "")
    tag = f"{part} {name['tag']}".strip()
    rows = [{(tag if key == "Value" else key): v for key, v in row.items()} for row in first.rows]
    return replace(found, format=FORMAT, sheets=(replace(first, rows=rows),))
