"""README's Python, executed: what a reader copies runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
README = (CHECKOUT / "README.md").read_text("utf-8")
BRIEF = """
from functools import partial
import audit
audit.run = partial(audit.run, limit=2, probes="pipeline.score")
"""
"""What the test alone says: two images and one probe are enough where README names none."""

OWN = """
result = audit.run("network", test="simulated:2k-10", probes="pipeline.score,focus", out="focused")
(outcome,) = (one for one in result.judge().outcomes if one.rule.id == "focus")
assert outcome.judged, outcome
print(sorted(result.table()["at.spread_um"].dropna().unique()))
"""


def blocks(language: str) -> list[str]:
    """Return README's blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def install(folder: Path) -> None:
    """Lay README's suite into a folder, as an installed package."""
    (probe,) = (one for one in blocks("python") if "Suite(" in one)
    (rules,) = (one for one in blocks("toml") if "[[rule]]" in one)
    (known,) = (one for one in blocks("toml") if "entry-points" in one)
    (folder / "focus").mkdir()
    (folder / "focus" / "__init__.py").write_text(probe, "utf-8")
    (folder / "focus" / "rules.toml").write_text(rules, "utf-8")
    about = folder / "focus-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: focus\nVersion: 1\n")
    name, _, place = known.splitlines()[1].partition(" = ")
    (about / "entry_points.txt").write_text(f"[bioaudit.suites]\n{name} = {place.strip(chr(34))}\n")


def run(folder: Path, code: str) -> str:
    """Return what a fresh Python prints that runs some code in a folder."""
    (folder / "example.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "example.py"],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{CHECKOUT}", "HOME": str(folder), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_examples_run_as_they_stand(network, tmp_path):
    """Audits from Python run in the order of the page, on a network beside them."""
    examples = [one for one in blocks("python") if "audit.run(" in one]

    assert network == tmp_path / "network"
    assert len(examples) == 2
    run(tmp_path, "\n".join([BRIEF, *examples]))
    assert (tmp_path / "report.html").is_file()
    assert (tmp_path / "audit-of-bright" / "record.sqlite").is_file()


def test_the_probe_of_one_s_own_is_asked_and_judged(network, tmp_path):
    """README's suite, installed as it stands, brings a probe, a condition and a rule."""
    install(tmp_path)

    assert "0.25" in run(tmp_path, BRIEF + OWN)
