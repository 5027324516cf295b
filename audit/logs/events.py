"""Scalars of TensorBoard event files, as TensorFlow 1 and 2, PyTorch and Keras write them.

Event {1 wall_time, 2 step, 3 file_version, 5 summary {1 value}, 7 session_log {1 status}};
value {1 tag, 2 simple_value, 8 tensor {1 dtype, 4 content, 5 float_val, 6 double_val}}.
Source: https://github.com/tensorflow/tensorboard/tree/2.21.0/tensorboard/compat/proto.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from audit.logs.protobuf import fields, signed
from audit.logs.tfrecord import is_records, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = b"brain.Event:"
STARTED = 1
DOUBLE = 2
FORMATS = {1: "<f", DOUBLE: "<d"}


class Scalar(NamedTuple):
    """A value of a tag at a step, written at a time in seconds."""

    time: float
    tag: str
    step: int
    value: float


class Restart(NamedTuple):
    """A writer that began anew at a step: what others had written from there on is void."""

    time: float
    step: int


@dataclass(frozen=True, kw_only=True)
class Events:
    """What one event file holds, and what is wrong with its end, if anything is."""

    scalars: tuple[Scalar, ...]
    restarts: tuple[Restart, ...]
    damage: str | None


def is_events(content: bytes) -> bool:
    """Say whether bytes begin as an event file does."""
    return is_records(content) and VERSION in content[:128]


def read_events(content: bytes) -> Events:
    """Return the scalars of an event file, up to where it is cut off or damaged."""
    records = read_records(content)
    scalars: list[Scalar] = []
    restarts: list[Restart] = []
    damage, now = records.damage, 0.0
    try:
        for record in records.data:
            for found in event(record):
                # A clock that was set back must not change the order of a file.
                now = max(now, found.time)
                if isinstance(found, Scalar):
                    scalars.append(found._replace(time=now))
                else:
                    restarts.append(found._replace(time=now))
    except ValueError as error:
        damage = f"{error} after {len(scalars)} values"
    return Events(scalars=tuple(scalars), restarts=tuple(restarts), damage=damage)


def event(record: memoryview) -> Iterator[Scalar | Restart]:
    """Yield the scalars of one event."""
    found = dict(fields(record))
    time, step, summary, session = (found.get(number) for number in (1, 2, 5, 7))
    time = time if isinstance(time, float) else 0.0
    step = signed(step) if isinstance(step, int) else 0
    if isinstance(session, memoryview) and (1, STARTED) in fields(session):
        yield Restart(time, step)
    if isinstance(summary, memoryview):
        for number, one in fields(summary):
            if number == 1 and isinstance(one, memoryview):
                tag, scalar = value_of(one)
                if scalar is not None:
                    yield Scalar(time, tag, step, scalar)


def value_of(message: memoryview) -> tuple[str, float | None]:
    """Return the tag of a value and its number; None for images, histograms and texts."""
    tag, scalar = "", None
    for number, value in fields(message):
        if number == 1 and isinstance(value, memoryview):
            tag = bytes(value).decode("utf-8", "replace")
        elif number == 2 and isinstance(value, float):  # noqa: PLR2004 (the number of the field)
            scalar = value
        elif number == 8 and isinstance(value, memoryview):  # noqa: PLR2004
            scalar = number_of(value)
    return tag, scalar


def number_of(tensor: memoryview) -> float | None:
    """Return the one number of a tensor of floats or doubles; None for any other tensor."""
    found: dict[int, list[object]] = {}
    for number, value in fields(tensor):
        found.setdefault(number, []).append(value)
    kind = found.get(1, [0])[0]
    if kind not in FORMATS:
        return None
    values = found.get(4) or found.get(6 if kind == DOUBLE else 5) or []
    if len(values) != 1 or isinstance(values[0], float):
        return values[0] if len(values) == 1 and isinstance(values[0], float) else None
    packed, layout = values[0], struct.Struct(FORMATS[kind])
    if not isinstance(packed, memoryview) or len(packed) != layout.size:
        return None
    return float(layout.unpack(packed)[0])
