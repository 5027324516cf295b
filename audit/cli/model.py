"""Show what a bioimage.io description declares, or what the channels of a network seem to be.

DESCRIPTION is a YAML file (bioimageio.yaml, rdf.yaml), the folder or the zip of a package, or a
file with one description as JSON on each line: the card that it amounts to is shown, or why it
cannot be audited. Weights are neither needed nor opened. What is declared besides, such as --heads,
stands in for what the description leaves open, as it would in an audit.

`bioaudit model --look SPEC --test IMAGES` shows a network one image, and beside each channel its
range, whether it is activated already, and how well it agrees with the truth. What is declared
besides (--output, --heads) is held against that.

Exit code 2 where a model cannot be audited as it is described; the reason is the last line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audit.errors import UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit model`."""
    from audit.cli.channels import add_look

    parser.add_argument(
        "description",
        type=Path,
        nargs="?",
        metavar="DESCRIPTION",
        help="bioimageio.yaml or rdf.yaml, a package (folder or zip), or JSON lines",
    )
    add_look(parser)


def main(wanted: Namespace) -> int:
    """Show one card in full, a line for each of many descriptions, or a network's channels."""
    if wanted.look:
        from audit.cli.channels import look

        return look(wanted)
    if wanted.description is None:
        raise UsageError("name a description, or say --look SPEC --test IMAGES")
    from audit.application.settings import DECLARED, settings
    from audit.cli.described import show

    given = {n: getattr(wanted, n) for n in DECLARED if getattr(wanted, n) is not None}
    return show(wanted.description, settings(given).card)
