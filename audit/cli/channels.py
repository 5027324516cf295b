"""What `bioaudit model --look` shows: each channel of a network on one image, beside the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.errors import ModelError, UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from audit.models.channels import Channel

HEADINGS = (
    "channel",
    "from",
    "to",
    "kind",
    "above the middle",
    "seems",
    "agreement with the truth",
)

IMAGES = ("test", "labels", "device")
"""Settings of an audit that looking at one image needs."""


def add_look(parser: ArgumentParser) -> None:
    """Declare the options of looking: the network, the images, and what is declared of it."""
    from audit.application.settings import DECLARED, Settings
    from audit.cli.options import add_options
    from audit.models.card import Card

    parser.add_argument(
        "--look", metavar="SPEC", help="show what each channel of a network seems to be (--test)"
    )
    add_options(parser, Settings, IMAGES)
    add_options(
        parser.add_argument_group("what is declared, to be held against it"), Card, DECLARED
    )


def look(wanted: Namespace) -> int:
    """Show the channels and the declaration that they would bear; refuse one that they do not.

    A declaration is held against the numbers only where one is given.
    """
    from rich.markup import escape

    from audit.application.channels import shown
    from audit.application.settings import DECLARED, settings
    from audit.cli.screen import console, show_table

    if wanted.test is None:
        raise UsageError("--test is missing: name the images to look at")
    names = (*IMAGES, *DECLARED)
    given = {n: getattr(wanted, n) for n in names if getattr(wanted, n) is not None}
    found = shown(settings({"model": wanted.look, **given}))
    show_table(HEADINGS, [row(one) for one in found.channels])
    console.print(escape(f"shown {found.image}: by its numbers alone, {found.fits}"))
    if any(one.fits for one in found.channels):
        seem = ",".join(one.seems for one in found.channels)
        console.print(escape(f"beside the truth its channels seem to be {seem}"))
    if found.wrong and {"output", "heads", "classes"} & given.keys():
        raise ModelError(f"{wanted.look}: tried on {found.image}: {found.wrong}")
    return 0


def row(one: Channel) -> tuple[str, ...]:
    """Return one channel in words and numbers."""
    agreement = ", ".join(f"{name} {value:.2f}" for name, value in one.fits.items())
    return (
        str(one.number),
        f"{one.low:.3g}",
        f"{one.high:.3g}",
        "probabilities" if one.activated else "not activated",
        f"{one.above:.0%}",
        one.seems,
        agreement or "no truth",
    )
