"""Laws of policies as files: every mistake is one line with the remedy; nothing vanishes."""

from __future__ import annotations

import pytest

from audit.errors import PolicyError
from audit.policy.reading import load_policy, policies
from audit.policy.rule import Rule
from audit.probing.catalog import Catalog

RULE = {
    "id": '"one"',
    "what": '"the score"',
    "probe": '"pipeline.score"',
    "metric": '"iou"',
    "at_least": "0.5",
    "why": '"because it was measured so"',
}


def text(*rules, group: str = "") -> str:
    """Return a policy of rules that differ from a good one; None leaves a key out."""
    lines = ['name = "test"', *(["[group]", group] if group else [])]
    for changes in rules:
        kept = {key: value for key, value in (RULE | changes).items() if value is not None}
        lines += ["[[rule]]", *(f"{key} = {value}" for key, value in kept.items())]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (text({"at_lest": "0.4"}), "rule 1 at_lest: unknown key; did you mean 'at_least'"),
        ('name = "x"\nrules = 1', "rules: unknown key; did you mean 'rule'"),
        (text({}, {}), "rule 'one': two rules have this id"),
        (text({"probe": '"pipeline.scor"'}), "no probe 'pipeline.scor'; did you mean"),
        (text({"given": '["two"]'}), "is given two, which is no rule"),
        (text({"given": '["one"]'}), "is given itself, in a circle"),
        (
            text({"given": '["two"]'}, {"id": '"two"', "given": '["one"]'}),
            "is given itself, in a circle",
        ),
        (text({"given": '["all"]'}, group="all = []"), "group 'all' names no rule"),
        (text({"given": '["all"]'}, group='all = ["two"]'), "is given two, which is no rule"),
        (text({"given": '["all"]'}, group='all = ["one"]'), "is given itself, in a circle"),
        (text({}, group='all = ["one"]'), "group 'all' is given to no rule"),
        (text({}, group='one = ["one"]'), "'one' is the name of a rule and of a group"),
        (text({"at_most": "0.9"}), "expected either at_least or at_most"),
        (text({"at_least": None}), "expected either at_least or at_most"),
        (text({"at_least": "nan"}), "at_least: Input should be a finite number"),
        (text({"at_least": '"half"'}), "at_least: Input should be a valid number"),
        (text({"why": '"so"'}), "why: String should have at least 10 characters"),
        (text({"why": None}), "why is missing"),
        (text({"statistic": '"median"'}), "statistic: Input should be 'mean', 'pooled'"),
        (text({"statistic": '"gain"'}), "'gain' and `over` do not fit together"),
        (text({"over": '"factor"'}), "'mean' and `over` do not fit together"),
        (text({"statistic": '"breaking_point"', "over": '"x"'}), "needs a `tolerance`"),
        (text({"tolerance": "0.1"}), "has no `tolerance`"),
        (text({"at": "{ x = [] }"}), "names no x: the rule would vanish"),
        (text({"tries": '{ doing = "By {choice}" }'}), "`over` and a {choice} in `doing`"),
        (text({"tries": '{ doing = "So", over = "odds" }'}), "`over` and a {choice} in `doing`"),
        (text({"tries": '{ doing = "So" }'}), "nothing is tried without `over`, `at` or `probe`"),
        (
            text(
                {"tries": '{ doing = "By {choice}", probe = "resolution.scale", over = "factr" }'}
            ),
            "over 'factr' is nothing that resolution yields; did you mean 'factor'",
        ),
        (text({"what": '"at {photons}"'}), "names a condition that `at` has not"),
        (text({"against": '["best"]'}), "Input should be 'clean', 'reference' or 'naive'"),
        (text({"warns": "true", "warn": "0.6"}), "`warn` has no place beside it"),
        (text({"warn": "0.4"}), "`warn` lies beyond the bound that fails"),
        (text({"gross": "0.6"}), "`gross` lies inside the bound"),
        (text({"burden": '"doubt"'}), "burden: Input should be 'harm' or 'proof'"),
        (text({"at": f"{{ x = {list(range(50))}, y = {list(range(50))} }}"}), "more than 2000"),
        ('scope = "there"\nname = "a"', "scope: Input should be 'here' or 'beyond'"),
        (text({"id": None, "what": None, "why": None}), "rule 1: id, what and why are missing"),
        (text({"metric": '"iuo"'}), "metric 'iuo' is nothing that pipeline yields; did you mean"),
        (text({"at": "{ photns = 1.0 }"}), "at 'photns' is nothing that pipeline yields"),
        (text({"each": '["objct"]'}), "each 'objct' is nothing that pipeline yields"),
        (
            text({}) + "\n[change.two]\nat_least = 0.1",
            "toml:9: change: no rule 'two'; known: one",
        ),
        ('without = ["two"]\n' + text({}), "without: no rule 'two'"),
        (text({}) + "\n[change.one]\nat_lest = 0.1", "change of 'one': at_lest: unknown key"),
        ("name = ", "not a TOML file"),
        ('name = "a"\nname = "b"', "not a TOML file"),
        ('format = 1\nname = "a"', "format: Input should be 2"),
        ("", "name is missing"),
    ],
)
def test_a_broken_policy_is_one_line(tmp_path, content, says):
    """The error names the file, the rule and what is wrong with it, in one line."""
    path = tmp_path / "p.toml"
    path.write_text(content)
    with pytest.raises(PolicyError) as caught:
        load_policy(path, catalog=Catalog.installed())
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_policy_is_named(tmp_path):
    """A file that is not there, a folder and bytes that are no text are one line each."""
    with pytest.raises(PolicyError, match=r"absent\.toml: no such file"):
        load_policy(tmp_path / "absent.toml")
    with pytest.raises(PolicyError, match="cannot be read"):
        load_policy(tmp_path)
    (tmp_path / "p.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="not a TOML file"):
        load_policy(tmp_path / "p.toml")


def test_a_list_of_conditions_is_a_rule_each(tmp_path):
    """Every value gives a rule with its own name and words; types stay as they are."""
    path = tmp_path / "p.toml"
    path.write_text(text({"at": "{ x = [1.0, 2.0], flag = true }", "what": '"the score at {x}"'}))
    one, two = load_policy(path).rules
    assert (one.id, one.spread, one.what) == ("one", ("x",), "the score at 1")
    assert two.at == {"x": 2.0, "flag": True}
    assert two.at["flag"] is True


def test_a_group_stands_for_its_rules(tmp_path):
    """A rule that is given a group is given its members, in their place and order."""
    path = tmp_path / "p.toml"
    named = [{"id": f'"{name}"'} for name in ("first", "second", "third")]
    waits = {"given": '["third", "all"]'}
    path.write_text(text(waits, *named, group='all = ["second", "first"]'))
    policy = load_policy(path)
    assert policy.rules[0].given == ("third", "second", "first")
    assert policy.group == {}


def test_the_default_policy_is_about_what_is_installed():
    """The policy that is used where none is named loads, and every rule has a reason."""
    policy = load_policy(catalog=Catalog.installed())
    assert policy.rules
    assert all(len(rule.why) > 20 for rule in policy.rules)


def test_a_bound_is_on_one_side():
    """The bound is whichever was given, zero included."""
    given = {"id": "a", "what": "b", "probe": "p.q", "metric": "m", "why": "because of this"}
    assert Rule(**given, at_most=0.0).bound == 0.0
    assert Rule(**given, at_least=0.3).bound == 0.3
    assert Rule(**given, at_least=0.3).suite == "p"


def test_a_suite_and_a_probe_say_what_holds_for_their_rules(tmp_path):
    """Defaults of a probe go before those of its suite, and what a rule says before both."""
    path = tmp_path / "p.toml"
    defaults = [
        "[defaults.shift]",
        "at_most = 0.1",
        'why = "of the whole suite"',
        '[defaults."shift.noise"]',
        "at_most = 0.2",
    ]
    bare = {"at_least": None, "why": None}
    noise = bare | {"id": '"a"', "probe": '"shift.noise"'}
    own = noise | {"id": '"b"', "at_most": "0.3"}
    other = bare | {"id": '"c"', "probe": '"shift.blur"'}
    path.write_text("\n".join([text(), *defaults, text(noise, own, other).partition("\n")[2]]))
    first, second, third = load_policy(path).rules
    assert [one.at_most for one in (first, second, third)] == [0.2, 0.3, 0.1]
    assert first.why == "of the whole suite"


def test_a_template_evaluates_nothing(tmp_path):
    """Only the names of conditions are filled in: attributes and widths stay the text they are."""
    path = tmp_path / "p.toml"
    path.write_text(text({"what": '"{rule.__class__} {x:9999999999} {x:g}"', "at": "{ x = 1.5 }"}))
    assert load_policy(path).rules[0].what == "{rule.__class__} {x:9999999999} 1.5"


def test_an_error_names_its_line(tmp_path):
    """The line of the key that is wrong, or of the rule that lacks one, stands behind the file."""
    path = tmp_path / "p.toml"
    lines = text({}, {"id": '"two"', "at_lest": "0.4"}).splitlines()
    path.write_text("\n".join(lines))
    wrong = lines.index("at_lest = 0.4") + 1
    with pytest.raises(PolicyError, match=rf"p\.toml:{wrong}: rule 2 at_lest: unknown key"):
        load_policy(path)
    lines = text({}, {"id": '"two"', "why": None}).splitlines()
    path.write_text("\n".join(lines))
    lacks = len(lines) - lines[::-1].index("[[rule]]")
    with pytest.raises(PolicyError, match=rf"p\.toml:{lacks}: rule 2: why is missing"):
        load_policy(path)


def test_included_rules_are_changed_and_done_without(tmp_path):
    """A policy of one's own is the default one but for what it says; nothing else moves."""
    path = tmp_path / "p.toml"
    said = ['name = "ours"', 'include = ["default"]', 'without = ["drift"]']
    path.write_text("\n".join([*said, "[change.score]", "at_least = 0.9"]))
    ours, default = load_policy(path), load_policy()
    assert {one.id for one in default.rule} - {one.id for one in ours.rule} == {"drift"}
    moved = [one for one in ours.rule if one not in default.rule]
    assert [(one.id, one.at_least, one.key) for one in moved] == [("score", 0.9, True)]


@pytest.mark.parametrize("name", sorted(policies()))
def test_the_policies_that_come_along_are_whole(name):
    """Each loads by its name, is about what is installed, and keeps a rule that is key."""
    policy = load_policy(name, catalog=Catalog.installed())
    assert policy.name == name
    assert any(rule.key for rule in policy.rules)


def test_a_misspelt_policy_is_named():
    """A name that is no policy and no file is one line with the nearest name."""
    with pytest.raises(PolicyError, match=r"--policy reveiw: no policy of that name; .*'review'"):
        load_policy("reveiw")
