"""JSON histories: Keras, Hugging Face, W&B, pandas, and lines of numbers by name."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

from audit.errors import LogError
from audit.images.headers import plain
from audit.logs.column import PARTS, meaning
from audit.logs.log import Notice
from audit.logs.sheet import FoundLog, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audit.logs.sheet import Row

TEXTS = {"nan": "nan", "infinity": "inf", "-infinity": "-inf", "inf": "inf", "-inf": "-inf"}
"""Numbers that JSON has no way to write, as W&B does."""

PARTED = ("mode", "phase", "split", "stage", "subset", "set")
"""Keys whose word says of which part of the data an object is."""

NESTED = 3
SUMMARY = "train_runtime"
"""Hugging Face ends with means over the whole training, in a row that has this key."""

FEWEST = 2


def read_history(text: str) -> FoundLog | None:
    """Return the sheet of a JSON history, or of JSON lines; None where the text is no JSON.

    Raises LogError where it is JSON of another shape.
    """
    if not is_json(text):
        return None
    value, notices = parsed(text)
    if isinstance(value, dict) and isinstance(value.get("log_history"), list):
        rows = [row for row in records(value["log_history"]) if SUMMARY not in row]
        return found("Hugging Face trainer state", rows, notices)
    if isinstance(value, dict) and isinstance(value.get("history"), dict):
        value = value["history"]
    if isinstance(value, list):
        rows = list(records(value))
        wandb = any("_step" in row for row in rows[:FEWEST])
        return found("W&B history" if wandb else "JSON records", rows, notices)
    lists = columns(value)
    if lists:
        spread, told = across(lists)
        return found("Keras history", spread, [*notices, *told])
    raise LogError(
        "JSON, but no history; expected lists of numbers by name, "
        '{"loss": [...], "val_loss": [...]}, or one object a line'
    )


def is_json(text: str) -> bool:
    """Say whether a text is meant as JSON: its first line is, or begins so.

    `[2025-10-21 01:20:58] epoch 3` and `[Epoch 3] loss` begin with a bracket, and are none.
    """
    first = text.lstrip().partition("\n")[0].strip()
    if first.startswith("["):
        return first.startswith(("[{", "[[", "[]")) or first == "[" or as_value(first) is not None
    return first.startswith("{")


def as_value(line: str) -> Any:
    """Return what a line holds as JSON, or as Python prints it; None where it is neither."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(line)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def found(told: str, rows: Sequence[Row], notices: Sequence[Notice]) -> FoundLog:
    """Return rows as a sheet of a format."""
    return FoundLog(format=told, sheets=(Sheet(rows=rows, notices=tuple(notices)),))


def parsed(text: str) -> tuple[Any, list[Notice]]:
    """Return what JSON or JSON lines hold; a last line that breaks off is left out."""
    try:
        return json.loads(text), []
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < FEWEST or isinstance(error, RecursionError):
            raise LogError(f"no valid JSON ({str(error)[:80]}); export it again") from error
    values: list[Any] = []
    for place, line in enumerate(lines, 1):
        value = as_value(line)
        if value is None:
            if place == len(lines) > FEWEST:
                return values, [Notice("truncated", "the last line breaks off, and was left out")]
            raise LogError(f"line {place} is no valid JSON; export it again")
        values.append(value)
    return values, []


def records(values: Sequence[Any]) -> Iterator[Row]:
    """Yield the numbers of each object, those of objects inside under `outer/inner`."""
    for value in values:
        if isinstance(value, dict):
            yield dict(of_part(value))


def of_part(value: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Yield the numbers of an object, those of a part of the data under its name.

    mmseg writes `{"mode": "val", "loss": 0.5}`; counters are counters of the training alone.
    """
    named = [str(value[key]).lower() for key in PARTED if isinstance(value.get(key), str)]
    part = next((one for one in named if one in PARTS), None)
    for name, number in flat(value):
        said = meaning(name)
        if part is None or said.part or said.rate or said.counts == "epoch":
            yield name, number
        elif said.counts != "step" or PARTS[part] == "training":
            yield (name if said.counts else f"{part}/{name}"), number


def flat(value: Mapping[str, Any], above: str = "", depth: int = 0) -> Iterator[tuple[str, float]]:
    """Yield the numbers of an object by name."""
    for key, inner in value.items():
        name = plain(f"{above}{key}")
        if isinstance(inner, dict) and depth < NESTED:
            yield from flat(inner, f"{name}/", depth + 1)
        elif (number := number_of(inner)) is not None:
            yield name, number


def number_of(value: Any) -> float | None:
    """Return a value as a number; None for text, booleans and null."""
    if isinstance(value, str):
        value = float(TEXTS[value.lower()]) if value.lower() in TEXTS else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def columns(value: Mapping[str, Any]) -> dict[str, list[float | None]]:
    """Return the lists of numbers in an object, or what pandas writes for them."""
    lists = {}
    for key, inner in value.items():
        values = list(inner.values()) if isinstance(inner, dict) else inner
        if isinstance(values, list) and any(number_of(one) is not None for one in values):
            lists[plain(key)] = [number_of(one) for one in values]
    return lists


def across(lists: Mapping[str, Sequence[float | None]]) -> tuple[Sequence[Row], list[Notice]]:
    """Return lists as rows; a list of 1/k of the longest length has a value in every k-th row.

    So Keras writes the validation, measured every `validation_freq` epochs.
    """
    longest = max(len(values) for values in lists.values())
    rows: list[dict[str, float]] = [{} for _ in range(longest)]
    notices = []
    for name, values in lists.items():
        every, over = divmod(longest, len(values))
        if over:
            text = f"`{name}` has {len(values)} values where others have {longest}"
            notices.append(Notice("left out", f"{text}: where they belong is unknown"))
            continue
        if every > 1:
            text = f"`{name}` has {len(values)} values: taken for every {every} epochs"
            notices.append(Notice("taken", text))
        for place, value in enumerate(values, 1):
            if value is not None:
                rows[place * every - 1][name] = value
    return rows, notices
