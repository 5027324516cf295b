"""Records are framed by checksums, and reading ends where one does not hold."""

from __future__ import annotations

import pytest

from audit.logs.tfrecord import TOGETHER, is_records, masked_crc, read_records
from tests.audit.logs.written import masked, record


def test_the_checksum_is_castagnolis():
    """The table gives what the polynomial gives bit by bit, and the published check value."""
    assert masked_crc(b"123456789") == masked(b"123456789") == 0xC78AB0E5
    assert [masked_crc(bytes(range(n))) for n in range(40)] == [
        masked(bytes(range(n))) for n in range(40)
    ]


@pytest.mark.parametrize("count", [3, TOGETHER + 3])
def test_records_come_back(count):
    """What was written is read, whether checksums are computed one by one or together."""
    written = [b"%06d" % number for number in range(count)] + [b"", b"longer than the others"]
    found = read_records(b"".join(map(record, written)))
    assert [bytes(one) for one in found.data] == written
    assert found.damage is None


@pytest.mark.parametrize("count", [3, TOGETHER + 3])
@pytest.mark.parametrize("byte", [0, 9, 13, -2])
def test_a_flipped_bit_ends_the_reading(count, byte):
    """Length, its checksum, data and theirs are all guarded; what stands before is kept."""
    records = [record(b"%06d" % number) for number in range(count)]
    broken = bytearray(records[1])
    broken[byte] ^= 4
    found = read_records(b"".join([records[0], bytes(broken), *records[2:]]))
    assert [bytes(one) for one in found.data] == [b"000000"]
    assert "damaged" in found.damage


def test_a_cut_tail_is_told():
    """A file that ends anywhere within a record gives those before it."""
    whole = record(b"first") + record(b"second")
    for end in range(len(record(b"first")) + 1, len(whole)):
        found = read_records(whole[:end])
        assert [bytes(one) for one in found.data] == [b"first"]
        assert "cut off" in found.damage


def test_other_bytes_are_no_records():
    """Text and noise have no sound length at their start."""
    assert is_records(record(b"x"))
    assert not any(map(is_records, (b"", b"epoch,loss\n0,1\n", b"\0" * 64)))
