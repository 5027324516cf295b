"""Four generic package names, and whose they are."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from audit.cli.names import PACKAGES, check_names
from audit.errors import UsageError


def test_the_four_names_are_ours():
    """Here, all four packages are found beside each other."""
    assert check_names() is None
    assert len(PACKAGES) == 4


def test_a_stranger_s_package_of_our_name_is_told(tmp_path, monkeypatch):
    """Where another `reports` stands first, the error names its place and the way out."""
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "__init__.py").write_text("")
    monkeypatch.setitem(sys.modules, "reports", ModuleType("reports"))
    monkeypatch.delitem(sys.modules, "reports")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(UsageError, match="environment of its own") as caught:
        check_names()
    assert str(tmp_path) in str(caught.value)
