"""TensorBoard events written by hand, so that the reader is proved without its own code."""

from __future__ import annotations

import struct

REVERSED = 0x82F63B78


def crc32c(data):
    """Return the CRC-32C of bytes, bit by bit."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (REVERSED if register & 1 else 0)
    return register ^ 0xFFFFFFFF


def masked(data):
    """Return the checksum of TFRecord: rotated right by 15, and a constant added."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def record(data):
    """Return bytes framed as a record."""
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked(length)) + data + struct.pack("<I", masked(data))


def varint(number):
    """Return an integer of 64 bits as a varint."""
    number &= 2**64 - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def inner(number, data):
    """Return a field of bytes."""
    return varint(number << 3 | 2) + varint(len(data)) + data


def simple(tag, value):
    """Return a value as TensorFlow 1 and PyTorch write it."""
    return inner(1, inner(1, tag.encode()) + b"\x15" + struct.pack("<f", value))


def tensor(tag, value, kind="<f", *, packed=True):
    """Return a value as TensorFlow 2 writes it: a tensor of a float or a double."""
    dtype, field = (1, 5) if kind == "<f" else (2, 6)
    data = inner(4 if packed else field, struct.pack(kind, value))
    return inner(1, inner(1, tag.encode()) + inner(8, b"\x08" + varint(dtype) + data))


def event(step, *values, time=1.0):
    """Return an event with a summary of values."""
    head = b"\x09" + struct.pack("<d", time) + b"\x10" + varint(step)
    return record(head + inner(5, b"".join(values)))


def restart(step, time=1.0):
    """Return the event of a writer that begins anew at a step."""
    return record(
        b"\x09" + struct.pack("<d", time) + b"\x10" + varint(step) + inner(7, b"\x08\x01")
    )


def version():
    """Return the first event of every file."""
    return record(b"\x09" + struct.pack("<d", 0.5) + inner(3, b"brain.Event:2"))


def events(tag, values, start=0, time=1.0, write=simple):
    """Return a file of one tag, a value a step and a second."""
    return version() + b"".join(
        event(start + place, write(tag, value), time=time + place)
        for place, value in enumerate(values)
    )
