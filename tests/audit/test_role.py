"""Laws of roles: text that a record keeps, made and read in one place."""

from __future__ import annotations

import pytest

from audit.errors import RecordError
from audit.probing.audited import Audit
from audit.record.record import Record
from audit.role import AUDITED, LAST, REFERENCE, Role
from tests.toys import scenes, tiny

TEXTS = ("audited", "reference", "reference:2", "naive:otsu", "format:onnx 2", "last")


@pytest.mark.parametrize("text", TEXTS)
def test_a_role_is_the_text_that_a_record_keeps(text, tmp_path):
    """What is read from a text gives that text again, also through a record."""
    assert str(Role.read(text)) == text
    assert Role.read(Role.read(text)) == Role.read(text)
    with Record(tmp_path / "r.sqlite") as record:
        record.assign(Role.read(text), "digest", "name")
        assert record.models() == {text: "digest"}
        assert record.roles() == {Role.read(text): "digest"}


def test_references_are_counted_from_one():
    """The first reference has no number, the second is number two."""
    found = [str(Role.reference(number)) for number in range(3)]
    assert found == ["reference", "reference:2", "reference:3"]
    assert (AUDITED.kind, LAST.kind, REFERENCE) == ("audited", "last", Role.reference(0))


@pytest.mark.parametrize("text", ["", "Audited", "rival:x", "referenced", "<script>"])
def test_what_is_no_role_is_refused(text, tmp_path):
    """An unknown role is an error that names those that there are; a record's names the record."""
    with pytest.raises(ValueError, match="is no role; known: audited, reference"):
        Role.read(text)
    with Record(tmp_path / "r.sqlite") as record:
        record.assign(text, "digest", "name")
        with pytest.raises(RecordError, match=r"r\.sqlite: .* is no role"):
            record.roles()


def test_an_audit_takes_the_text_of_a_role():
    """Models may be named by text; inside an audit they are found by role alone."""
    model, other = tiny(), tiny("other")
    audit = Audit(models={"audited": model, "format:onnx": other}, samples=scenes())
    assert set(audit.models) == {AUDITED, Role("format", "onnx")}
    assert audit.formats == {"onnx": other}
    with pytest.raises(ValueError, match="is no role"):
        Audit(models={"rival": model}, samples=scenes())
