"""Scalars are read from events, whoever wrote them, and from nothing else in them."""

from __future__ import annotations

import math

import pytest

from audit.logs.events import is_events, read_events
from tests.audit.logs.written import event, inner, record, restart, simple, tensor, version


def test_scalars_of_both_kinds_are_read():
    """Simple values, tensors of floats and of doubles, packed or not, are the same numbers."""
    values = [
        simple("a", 0.5),
        tensor("b", 0.25),
        tensor("c", 0.1, "<d"),
        tensor("d", 0.125, packed=False),
        tensor("e", 0.1, "<d", packed=False),
    ]
    found = read_events(version() + event(7, *values, time=3.0))
    assert [(one.tag, one.step, one.value) for one in found.scalars] == [
        ("a", 7, 0.5),
        ("b", 7, 0.25),
        ("c", 7, 0.1),
        ("d", 7, 0.125),
        ("e", 7, 0.1),
    ]
    assert {one.time for one in found.scalars} == {3.0}


def test_what_is_no_scalar_is_passed_over():
    """Texts, images and tensors of several numbers give no value."""
    text = inner(1, inner(1, b"text") + inner(8, b"\x08\x07" + inner(8, b"hello")))
    image = inner(1, inner(1, b"image") + inner(4, b"\x08\x02\x10\x02"))
    many = inner(1, inner(1, b"many") + inner(8, b"\x08\x01" + inner(4, bytes(8))))
    found = read_events(version() + event(0, text, image, many, simple("a", 1.0)))
    assert [one.tag for one in found.scalars] == ["a"]
    assert found.damage is None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_values_that_are_not_finite_are_kept(value):
    """A loss that diverged is a finding."""
    (found,) = read_events(version() + event(0, simple("loss", value))).scalars
    assert repr(found.value) == repr(value)


def test_a_clock_that_is_set_back_keeps_the_order():
    """Times never fall within a file."""
    content = version() + event(0, simple("a", 1), time=9) + event(1, simple("a", 2), time=2)
    assert [one.time for one in read_events(content).scalars] == [9, 9]


def test_a_restart_is_told():
    """The step from which a writer begins anew is read."""
    assert [one.step for one in read_events(version() + restart(40)).restarts] == [40]


def test_a_message_that_makes_no_sense_is_damage():
    """A sound record of nonsense ends the reading, and what was read is kept."""
    content = version() + event(0, simple("a", 1)) + record(b"\x0a\xff")
    found = read_events(content)
    assert len(found.scalars) == 1
    assert "breaks off" in found.damage


def test_events_are_told_by_their_version():
    """Records of anything else are no events."""
    assert is_events(version())
    assert not is_events(record(b"a training example"))
