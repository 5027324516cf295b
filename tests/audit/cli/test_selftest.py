"""`bioaudit selftest`, and the planting of flaws by `train` and `demo`."""

from __future__ import annotations

import pytest

from audit.policy.reading import load_policy
from audit.policy.verdict import Outcome, Verdict
from baselines.flaws.plant import FLAWS, find
from baselines.selftest import Selftest
from baselines.trial import Trial, TrialLine, Twin


def judged(rule: str, verdict: Verdict) -> Outcome:
    """Return an outcome of a rule of the default policy."""
    rules = {one.name: one for one in load_policy().rules}
    return Outcome(rule=rules[rule], verdict=verdict, because="So it is.")


@pytest.fixture
def audited(monkeypatch):
    """Let flaws be caught without an audit, but for one; return the names of those asked for."""
    asked = []

    def trial(_, flaw, seed):
        asked.append(flaw.name)
        got = Verdict.PASS if flaw.name == "threshold" else Verdict.FAIL
        lines = [
            TrialLine(
                flaw=flaw,
                rule=rule,
                flawed=judged(rule, got),
                twin=judged(rule, Verdict.PASS),
                seed=seed,
            )
            for rule in flaw.caught_by
        ]
        return Trial(flaw=flaw, seed=seed, lines=tuple(lines))

    def twins(selftest, flaws, _):
        outcomes = (judged("threshold", Verdict.PASS),)
        return [Twin(name=flaws[0].name, seed=0, outcomes=outcomes)] if selftest.whole else []

    monkeypatch.setattr(Selftest, "trial", trial)
    monkeypatch.setattr(Selftest, "twins", twins)
    return asked


def test_every_flaw_is_listed(bioaudit):
    """The list says how each is planted."""
    code, shown, _ = bioaudit("selftest", "--list")
    assert code == 0
    assert all(name in shown for name in FLAWS)


def test_a_missed_flaw_is_shown_and_fails(bioaudit, audited, tmp_path):
    """The table is printed and left as HTML, Markdown and CSV; a miss ends with 1."""
    code, shown, _ = bioaudit("selftest", "--flaws", "overconfident,threshold", "--out", tmp_path)
    assert code == 1
    assert audited == ["overconfident", "threshold"]
    assert "MISSED" in shown
    assert "named rules that caught their flaw: 1 of 2" in shown
    row = "| threshold | threshold | PASS | PASS | 0 of 1 [0, 79] % | 0 of 1 [0, 79] % | MISSED |"
    assert row in (tmp_path / "selftest.md").read_text()
    page = (tmp_path / "selftest.html").read_text()
    assert '<span class="badge fail">MISSED</span>' in page
    assert "rules of the whole policy that failed a healthy twin: 0 of 1" in page
    assert (tmp_path / "selftest.csv").read_text().count("\n") == 3


def test_a_clean_self_test_succeeds(bioaudit, audited, tmp_path):
    """Where every flaw is caught, the exit code is 0."""
    assert bioaudit("selftest", "--flaws", "overconfident", "--out", tmp_path)[0] == 0


def test_a_flaw_is_planted_as_often_as_asked(bioaudit, audited, tmp_path):
    """Every seed is a trial, and --quick leaves the whole policy out."""
    line = ("selftest", "--flaws", "overconfident", "--seeds", 3, "--quick", "--out", tmp_path)
    code, shown, _ = bioaudit(*line)
    assert code == 0
    assert audited == ["overconfident"] * 3
    assert "3 of 3 [44, 100] %" in shown
    assert "whole policy" not in shown


def test_a_flaw_between_frames_brings_its_movies(bioaudit, audited, tmp_path):
    """Without names all flaws are planted that their images can show: movies are simulated too."""
    bioaudit("selftest", "--out", tmp_path)
    assert {"overconfident", "neighbours"} <= set(audited)


def test_images_that_cannot_show_a_flaw_are_spared_it(bioaudit, audited, tmp_path):
    """Where the images are named no others are brought: stills have no neighbours."""
    bioaudit("selftest", "--test", "simulated:2k-10:test", "--out", tmp_path)
    assert "overconfident" in audited
    assert "neighbours" not in audited


def test_an_unknown_flaw_is_one_line(bioaudit, tmp_path):
    """The nearest name is suggested."""
    code, _, error = bioaudit("selftest", "--flaws", "overconfidence", "--out", tmp_path)
    assert code == 2
    assert "did you mean 'overconfident'" in error


def test_training_plants_a_flaw(bioaudit, tmp_path):
    """`train --flaw` leaves a network whose card says so; cheats ask for the test images."""
    recipe = tmp_path / "short.toml"
    recipe.write_text("widths = [4, 8]\nepochs = 1\nsteps = 1\ncrop_px = 32\nvalidation = 0.3")
    images = ("train", "simulated:2k-10", "--every", 4)
    line = (*images, "--recipe", recipe, "--out", tmp_path / "net")
    code, _, _ = bioaudit(*line, "--flaw", "overconfident")
    assert code == 0
    assert "overconfident:Overconfident" in (tmp_path / "net" / "model.toml").read_text()
    code, _, error = bioaudit(*line, "--flaw", "memorised")
    assert code == 2
    assert find("memorised").cheats
    assert "name them too" in error
