"""Messages are read without their description."""

from __future__ import annotations

import pytest

from audit.logs.protobuf import fields, signed, varint
from tests.audit.logs.written import inner
from tests.audit.logs.written import varint as written


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 2**63 - 1, -1, -(2**63)])
def test_integers_come_back(number):
    """Every integer of 64 bits is read as it was written."""
    value, end = varint(memoryview(written(number)), 0)
    assert signed(value) == number
    assert end == len(written(number))


@pytest.mark.parametrize(
    "message", [b"\x08", b"\x08\xff", b"\x0a\x05abc", b"\x09\0\0", b"\x0b", b"\x80" * 12]
)
def test_a_message_that_breaks_off_is_refused(message):
    """A value that is cut off or of an unknown kind is a ValueError, never a crash or a loop."""
    with pytest.raises(ValueError, match="breaks off"):
        list(fields(memoryview(message)))


def test_fields_have_numbers():
    """Bytes and integers come with the numbers of their fields."""
    found = list(fields(memoryview(inner(3, b"ab") + b"\x10\x05")))
    assert [(number, bytes(v) if isinstance(v, memoryview) else v) for number, v in found] == [
        (3, b"ab"),
        (2, 5),
    ]
