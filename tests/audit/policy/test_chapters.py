"""Laws of where rules stand: beside their suites, ours and outsiders', found without an import."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from audit import installed
from audit.errors import PolicyError
from audit.policy import chapters
from audit.policy.chapters import rule_files
from audit.policy.reading import load_policy
from audit.probing.catalog import Catalog

RULE = """
[[rule]]
id = "dose"
what = "the share that is bleached"
probe = "bleach.dose"
metric = "bleached"
at_most = 0.1
why = "Nobody wants a bleached sample."
"""


@pytest.fixture
def outsider(tmp_path, monkeypatch):
    """Install a package that brings rules, and that nobody could import; return its folder."""
    folder = tmp_path / "bleaching" / "suite"
    folder.mkdir(parents=True)
    for place in (folder.parent, folder):
        (place / "__init__.py").write_text("raise ImportError('this must not be imported')")
    (folder / "rules.toml").write_text(RULE)
    ours = installed.suites()
    entry = EntryPoint("bleach", "bleaching.suite:SUITE", installed.GROUP)
    monkeypatch.setattr(installed, "entry_points", lambda **_: [*ours, entry])
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def write(tmp_path, *include):
    """Return the path of a policy that includes something."""
    path = tmp_path / "policy.toml"
    path.write_text(f'format = 2\nname = "mine"\ninclude = {list(include)}\n')
    return path


def test_every_suite_of_ours_has_its_rules():
    """Each suite brings rules, about its own probes alone, and they are the default policy."""
    found = rule_files()
    suites = {suite.name for suite in Catalog.installed().suites}
    assert set(found) == suites
    default = load_policy()
    assert {rule.suite for rule in default.rule} == suites


def test_a_suite_is_included_by_its_name(tmp_path):
    """A policy of one suite holds its rules of the default one; twice included is once."""
    default = load_policy()
    one = load_policy(write(tmp_path, "resolution"))
    assert one.rule == tuple(rule for rule in default.rule if rule.suite == "resolution")
    twice = load_policy(write(tmp_path, "default", "resolution"))
    assert twice.rule == default.rule


def test_an_unknown_suite_is_named(tmp_path):
    """A misspelt suite is one line that names the policy and the nearest suite."""
    with pytest.raises(PolicyError, match=r"policy\.toml: include 'shfit': .*mean 'shift'"):
        load_policy(write(tmp_path, "shfit"))


def test_an_outsiders_suite_brings_its_rules(outsider, tmp_path):
    """They are part of the default policy and of one that names the suite; nothing is imported."""
    assert rule_files()["bleach"] == outsider / "rules.toml"
    assert "dose" in [rule.id for rule in load_policy().rules]
    assert [rule.id for rule in load_policy(write(tmp_path, "bleach")).rules] == ["dose"]
    assert "bleaching" not in sys.modules


def test_the_rules_of_a_suite_that_is_not_there_are_left_out(outsider):
    """Where its probes are not known, since it cannot be imported, no verb breaks on its rules."""
    catalog = Catalog.installed()
    assert "dose" not in [rule.id for rule in load_policy(catalog=catalog).rules]
    assert "dose" in [rule.id for rule in load_policy().rules]


def test_a_module_of_a_package_has_its_rules_beside_it(outsider):
    """The place is the package's folder; a module in no package has none."""
    assert chapters.beside("bleaching.suite.probes") == outsider / "rules.toml"
    assert chapters.beside("bleaching") is None
    assert chapters.beside("json.nothing.there") is None
    assert chapters.beside("no_such_package") is None
    assert chapters.beside("this") is None


def test_loading_the_default_policy_loads_no_torch():
    """The rules are read where neither a model nor a probe can be."""
    code = (
        "import sys; from audit.policy.reading import load_policy; assert load_policy().rules; "
        "assert not {'torch', 'suites'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
