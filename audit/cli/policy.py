"""Explain what a policy may say, list those that there are, or begin one of your own.

A policy is a TOML file of rules. `bioaudit policy new ours.toml` begins one that holds every rule
of the default policy; edit it, and say --policy ours.toml to `bioaudit run` or `bioaudit judge`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audit.errors import UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from audit.policy.policy import Policy

MARK = "# A policy of bioaudit"
"""What a policy that we began says of itself."""

FOUND = ("spread",)
"""Keys that are computed, and never written in a policy."""

BEGUN = """\
# A policy of bioaudit. Every key is explained by: bioaudit policy --explain
format = 2
name = "{name}"
about = "What our models must keep."
include = ["default"]                    # every rule of every suite; or some: ["shift", "leakage"]
without = []                             # rules to do without, by id: bioaudit policy default

# What is changed of a rule that is included:
[change.score]
at_least = 0.5

# A rule of our own:
# [[rule]]
# id = "dim light"
# what = "the {{score}} lost when bright pixels hold {{photons:g}} photons"
# probe = "shift.noise"                  # bioaudit probes shift.noise
# metric = "score"
# at = {{ photons = 100.0 }}
# against = ["clean"]
# at_most = 0.1
# why = "Our camera gives no more light than this."
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit policy`."""
    parser.add_argument("name", nargs="?", help="a policy to show, or `new` to begin one")
    parser.add_argument("file", nargs="?", type=Path, help="where the new policy is written")
    parser.add_argument("--explain", action="store_true", help="every key, with an example")


def main(wanted: Namespace) -> int:
    """Explain, list, show or begin."""
    if wanted.explain:
        explain()
    elif wanted.name == "new":
        begin(wanted.file)
    elif wanted.name:
        show(wanted.name)
    else:
        tabulate()
    return 0


def explain() -> None:
    """Print every key that a policy and a rule may have, as their declaration says it."""
    from audit.cli.screen import console
    from audit.policy.policy import Policy
    from audit.policy.remedy import Remedy
    from audit.policy.rule import Rule

    for title, shape in (("A policy", Policy), ("A rule", Rule), ("What a rule tries", Remedy)):
        console.print(f"[bold]{title}[/]")
        for key, field in shape.model_fields.items():
            if key in FOUND:
                continue
            said = " ".join((field.description or "").split()).replace("`", "")
            console.print(f"  [bold]{key}[/]", highlight=False)
            console.print(f"      {said}", markup=False)


def tabulate() -> None:
    """List the policies that come with bioaudit."""
    from audit.cli.screen import show_table
    from audit.policy.reading import load_policy, policies

    found = [(name, load_policy(name)) for name in sorted(policies())]
    show_table(
        ("policy", "rules", "what it is for"),
        [(name, len(one.rules), " ".join(one.about.split())) for name, one in found],
    )


def show(name: str) -> None:
    """List the rules of a policy."""
    from audit.cli.screen import show_table
    from audit.policy.reading import load_policy

    policy: Policy = load_policy(name)
    show_table(
        ("rule", "probe", "asks", ""),
        [
            (rule.name, rule.probe, bound(rule.sign, rule.bound), "key" if rule.key else "")
            for rule in policy.rules
        ],
    )


def bound(sign: int, value: float) -> str:
    """Return a bound in words."""
    return f"at {'most' if sign > 0 else 'least'} {value:g}"


def begin(path: Path | None) -> None:
    """Write a policy to be edited; what is there already and is not ours is left alone."""
    from audit.cli.screen import console
    from audit.files import write_whole

    if path is None:
        raise UsageError("bioaudit policy new: name the file, as in bioaudit policy new ours.toml")
    write_whole(path, BEGUN.format(name=path.stem), MARK)
    console.print(f"{path}: edit it, and say --policy {path}", markup=False)
