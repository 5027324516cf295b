"""Laws of `bioaudit policy`: it teaches every key, and what it begins can be used at once."""

from __future__ import annotations

from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.policy.remedy import Remedy
from audit.policy.rule import Rule


def test_every_key_is_explained_with_an_example(bioaudit):
    """Whatever a policy or a rule may say stands there, and none of it is undocumented."""
    code, said, _ = bioaudit("policy", "--explain")
    assert code == 0
    for shape in (Policy, Rule, Remedy):
        for key, field in shape.model_fields.items():
            assert field.description, key
            assert f"  {key}\n" in said or key == "spread"


def test_a_policy_that_was_begun_is_the_default_one(bioaudit, tmp_path):
    """The file can be judged by as it stands, and is not overwritten where somebody wrote one."""
    path = tmp_path / "ours.toml"
    assert bioaudit("policy", "new", path)[0] == 0
    assert load_policy(path).name == "ours"
    assert load_policy(path).rules == load_policy().rules
    path.write_text("mine")
    code, _, error = bioaudit("policy", "new", path)
    assert (code, path.read_text()) == (2, "mine")
    assert str(path) in error


def test_policies_are_listed_and_shown(bioaudit):
    """The list names each with its use, and one of them shows its rules."""
    listed, shown = bioaudit("policy")[1], bioaudit("policy", "ci")[1]
    assert all(name in listed for name in ("ci", "course", "default", "review"))
    assert "pipeline.score" in shown
    assert "at least 0.5" in shown
