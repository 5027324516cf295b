"""Laws of an outsider's suite that cannot be imported: it is named, and breaks no verb."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from audit import installed

RULE = """
[[rule]]
id = "dose"
what = "the share that is bleached"
probe = "bleach.dose"
metric = "bleached"
at_most = 0.1
why = "Nobody wants a bleached sample."
"""
SAID = "the suite bleaching:SUITE cannot be imported: ModuleNotFoundError: No module named 'laser'"


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """Install a package that lacks one of its own, and that brings rules."""
    folder = tmp_path / "site" / "bleaching"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("import laser\n")
    (folder / "rules.toml").write_text(RULE)
    ours = installed.suites()
    entry = EntryPoint("bleach", "bleaching:SUITE", installed.GROUP)
    monkeypatch.setattr(installed, "entry_points", lambda **_: [*ours, entry])
    monkeypatch.syspath_prepend(tmp_path / "site")


@pytest.mark.usefixtures("broken")
def test_every_verb_works_beside_a_broken_plugin(bioaudit, network, images, tmp_path):
    """Probes are listed, a model audited, judged and compared; a run says what is left out."""
    code, shown, said = bioaudit("probes")
    assert (code, said) == (0, "")
    assert SAID in shown
    assert "shift.noise" in shown

    out = tmp_path / "out"
    words = ("--model", network, "--test", images, "--probes", "pipeline.score", "--out", out)
    code, shown, said = bioaudit("run", *words)
    assert code in {0, 1, 3}
    assert f"bleach: {SAID}" in shown
    assert "dose" not in shown
    assert "ModuleNotFoundError" in (out / "report.html").read_text("utf-8")

    for verb, *rest in (("judge", out), ("report", out), ("compare", out, out)):
        code, _, said = bioaudit(verb, *rest)
        assert (code in {0, 1, 3}, said) == (True, ""), verb


@pytest.mark.usefixtures("broken")
def test_a_broken_plugin_that_is_asked_for_is_refused(bioaudit, network, images, tmp_path):
    """Whoever names its probe is told why it is not there, in one line."""
    words = ("--model", network, "--test", images, "--out", tmp_path / "o")
    code, _, said = bioaudit("run", *words, "--probes", "bleach.dose")
    assert code == 2
    assert said == f"bioaudit: bleach.dose: {SAID}\n"
