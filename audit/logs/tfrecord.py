"""Records of a TFRecord file: a length, its checksum, the data, their checksum.

Little-endian: uint64 length, uint32 masked CRC-32C of it, data, uint32 masked CRC-32C of the data.
Source: https://www.tensorflow.org/tutorials/load_data/tfrecord; CRC-32C (Castagnoli) as RFC 3720.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CASTAGNOLI = 0x82F63B78
MASK = 0xA282EAD8
WORD = 0xFFFFFFFF

LENGTH = struct.Struct("<QI")
CHECK = struct.Struct("<I")

TOGETHER = 64
"""From so many records of one length on, their checksums are computed together."""

CHECKED_BYTES = 2**16
"""Longer data are not checked, for they are graphs and images; their length always is."""


def _table() -> tuple[int, ...]:
    """Return the remainders of all bytes."""
    found = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (CASTAGNOLI if value & 1 else 0)  # noqa: PLW2901 (a register)
        found.append(value)
    return tuple(found)


TABLE = _table()


@dataclass(frozen=True, kw_only=True)
class Records:
    """The sound records of a file, and what stopped the reading before its end, if anything did."""

    data: tuple[memoryview, ...]
    damage: str | None = None


def masked_crc(data: bytes | memoryview) -> int:
    """Return the masked CRC-32C of bytes.

    >>> hex(masked_crc(b"123456789"))
    '0xc78ab0e5'
    """
    register, table = WORD, TABLE
    for byte in data:
        register = table[(register ^ byte) & 0xFF] ^ register >> 8
    register ^= WORD
    return ((register >> 15 | register << 17) + MASK) & WORD


def is_records(content: bytes) -> bool:
    """Say whether bytes begin with the length of a record and its checksum."""
    if len(content) < LENGTH.size:
        return False
    (check,) = CHECK.unpack_from(content, 8)
    return masked_crc(content[:8]) == int(check)


def read_records(content: bytes) -> Records:
    """Return the records of a file up to its end, or to the first that is cut off or damaged."""
    whole, at, found = memoryview(content), 0, list[memoryview]()
    damage = None
    while at < len(whole):
        start = at + LENGTH.size
        size, _ = LENGTH.unpack_from(whole, at) if start <= len(whole) else (len(whole), 0)
        end = start + size + CHECK.size
        if end > len(whole):
            sound = start <= len(whole) and is_records(content[at:start])
            cut = sound or start > len(whole)
            damage = "the last record is cut off" if cut else f"the length at byte {at} is damaged"
            break
        found.append(whole[at:end])
        at = end
    bad = first_damaged(found)
    if bad is not None:
        damage = f"record {bad + 1} of {len(found)} is damaged"
    return Records(data=tuple(one[LENGTH.size : -CHECK.size] for one in found[:bad]), damage=damage)


def first_damaged(records: Sequence[memoryview]) -> int | None:
    """Return the place of the first record whose checksums are not those of its bytes.

    Records are as long as others by the thousand, and such are checked together.
    """
    by_length: dict[int, list[int]] = {}
    for place, record in enumerate(records):
        by_length.setdefault(len(record), []).append(place)
    bad = []
    for length, places in by_length.items():
        checked = [(0, 8)]
        if length <= CHECKED_BYTES:
            checked.append((LENGTH.size, length - CHECK.size))
        for start, end in checked:
            bad += list(damaged(records, places, start, end))[:1]
    return min(bad, default=None)


def damaged(
    records: Sequence[memoryview], places: Sequence[int], start: int, end: int
) -> Iterator[int]:
    """Yield the records of one length whose bytes do not have the checksum that follows them."""
    if len(places) < TOGETHER:
        for place in places:
            (check,) = CHECK.unpack_from(records[place], end)
            if masked_crc(records[place][start:end]) != check:
                yield place
        return
    import numpy as np

    table = np.array(TABLE, np.uint32)
    rows = np.frombuffer(b"".join(records[place] for place in places), np.uint8)
    rows = rows.reshape(len(places), -1)
    register = np.full(len(places), WORD, np.uint32)
    for byte in rows[:, start:end].T:
        register = table[(register ^ byte) & 0xFF] ^ register >> np.uint32(8)
    register ^= np.uint32(WORD)
    masked = (register >> np.uint32(15) | register << np.uint32(17)) + np.uint32(MASK)
    told = np.ascontiguousarray(rows[:, end : end + CHECK.size]).view("<u4")[:, 0]
    for number in np.flatnonzero(masked != told).tolist():
        yield places[number]
