"""The fields of a protocol-buffer message, without its description.

Source: https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
WIDTHS = {FIXED64: struct.Struct("<d"), FIXED32: struct.Struct("<f")}
MOST_SHIFT = 63

Value = int | float | memoryview


def fields(message: memoryview) -> Iterator[tuple[int, Value]]:
    """Yield the number and the value of each field: integers unsigned, fixed ones as floats.

    Raises ValueError where the message breaks off or holds an unknown kind of field.
    """
    at, end = 0, len(message)
    while at < end:
        key, at = varint(message, at)
        kind = key & 7
        value: Value | None = None
        if kind == VARINT:
            value, at = varint(message, at)
        elif kind == BYTES:
            size, at = varint(message, at)
            value, at = message[at : at + size], at + size
        elif kind in WIDTHS and at + WIDTHS[kind].size <= end:
            value, at = WIDTHS[kind].unpack_from(message, at)[0], at + WIDTHS[kind].size
        if value is None or at > end:
            raise ValueError("a message that breaks off")
        yield key >> 3, value


def varint(message: memoryview, at: int) -> tuple[int, int]:
    """Return an integer of seven bits a byte, and where it ends."""
    value = shift = 0
    while at < len(message) and shift <= MOST_SHIFT:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 (the bit that says: more follows)
            return value, at
    raise ValueError("a number that breaks off")


def signed(value: int) -> int:
    """Return an unsigned 64-bit integer as the signed one of the same bits."""
    return value - 2**64 if value >= 2**63 else value
