"""Hold an author's claims against a record: supported, refuted or undecided, with the evidence.

Claims stand in a TOML file, each a sentence:

  [[claim]]
  says = "IoU >= 0.85"

  [[claim]]
  says = "robust to defocus up to 0.5 µm"
  loss = 0.02

  [[claim]]
  says = "no leakage"

A claim bears the burden of proof: it is supported only where the whole confidence interval is on
its side. Exit codes: 0 all are supported, 1 one is refuted, 3 none is refuted and one is undecided.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Sequence

    from audit.policy.claims import Held


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit claims`."""
    parser.add_argument("record", type=Path, help="record.sqlite, or the folder that holds it")
    parser.add_argument("claims", type=Path, help="a TOML file of claims")
    parser.add_argument("--policy", help='whose rules check claims such as "no leakage" (default)')


def main(wanted: Namespace) -> int:
    """Hold the claims, show what becomes of each, and return the exit code."""
    from audit.application.reading import read
    from audit.application.result import find_record
    from audit.policy.claims import hold, read_claims
    from audit.policy.reading import load_policy

    claims = read_claims(wanted.claims)
    with read(find_record(wanted.record)) as record:
        held = hold(claims, record, load_policy(wanted.policy))
    show(held)
    return exit_code(held)


def show(held: Sequence[Held]) -> None:
    """Print every claim with its standing and its evidence."""
    from rich.markup import escape

    from audit.cli.screen import console
    from audit.policy.claims import Standing

    styles = {Standing.SUPPORTED: "green", Standing.REFUTED: "bold red"}
    for one in held:
        style = styles.get(one.standing, "blue")
        console.print(f"[{style}]{one.standing.value:>11}[/]  {escape(one.claim.says)}")
        for said in one.evidence:
            console.print(f"{'':>11}  {escape(said)}")


def exit_code(held: Sequence[Held]) -> int:
    """Return 0 where all claims are supported, 1 where one is refuted, else 3."""
    from audit.policy.claims import Standing

    found = {one.standing for one in held}
    return 1 if Standing.REFUTED in found else 3 if Standing.UNDECIDED in found else 0
