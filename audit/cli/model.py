"""Show the card that a bioimage.io description amounts to, or say why it cannot be audited.

DESCRIPTION is a YAML file (bioimageio.yaml, rdf.yaml), the folder or the zip of a package, or a
file with one description as JSON on each line. Weights are neither needed nor opened. Exit code 2
where a description cannot be audited as it stands; the reason is the last line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit model`."""
    parser.add_argument(
        "description",
        type=Path,
        metavar="DESCRIPTION",
        help="bioimageio.yaml or rdf.yaml, a package (folder or zip), or JSON lines",
    )


def main(wanted: Namespace) -> int:
    """Show one card in full, or a line for each of many descriptions."""
    from audit.cli.described import show

    return show(wanted.description)
