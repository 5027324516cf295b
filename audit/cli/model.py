"""Look at a network before it is audited, channel by channel.

`bioaudit model --look SPEC --test IMAGES` shows it one image, and beside each channel its range,
whether it is activated already, and how well it agrees with the truth. What is declared besides
(--output, --heads) is held against that, and refused with exit code 2 where it cannot be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit model`."""
    from audit.cli.channels import add_look

    add_look(parser)


def main(wanted: Namespace) -> int:
    """Show the channels of a network."""
    from audit.cli.channels import look

    if not wanted.look:
        raise UsageError("--look is missing: name the network to look at")
    return look(wanted)
