"""Laws of the options: each is a setting, each setting is one, and all are explained."""

from __future__ import annotations

import inspect
from argparse import ArgumentParser

import pytest

import audit
from audit.application.settings import DECLARED, Settings, settings
from audit.cli.run import add_arguments, read_settings
from audit.errors import UsageError

SHOWN = {*Settings.model_fields, *DECLARED} - {"card"}
"""What there is to be said of an audit; `card` holds what DECLARED names."""

OF_THE_VERB = {"help", "spec", "policy", "json", "junit", "verbose"}
"""Options of `bioaudit run` that are none of the audit's."""

OF_THE_CALL = {"say", "training"}
"""Arguments of `audit.run` that are none of the audit's."""


def parser() -> ArgumentParser:
    """Return the parser of `bioaudit run`."""
    made = ArgumentParser()
    add_arguments(made)
    return made


def test_every_setting_is_an_option_and_every_option_a_setting():
    """No option is declared twice, and none is forgotten."""
    options = {action.dest for action in parser()._actions}

    assert options - OF_THE_VERB == SHOWN


def test_every_setting_is_an_argument_of_the_same_default():
    """`audit.run` has each setting by name, typed, with the default of the settings."""
    signature = inspect.signature(audit.run).parameters

    assert {*signature} - OF_THE_CALL == SHOWN | {"card"}
    for name, one in signature.items():
        assert one.annotation is not one.empty, name
        assert one.kind is not one.VAR_KEYWORD, name
    for name, field in Settings.model_fields.items():
        mine, theirs = signature[name].default, field.get_default(call_default_factory=True)
        assert mine == theirs or (mine is None and theirs == {}), name


def test_every_option_is_explained():
    """An option says what it is for; where one is taken unless said, it says which."""
    for action in parser()._actions:
        assert action.help, action.dest
    said = parser().format_help()
    for words in ("auto|gold|silver", "--range LOW HIGH", "--no-images", "(bioaudit-out)"):
        assert words in said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--every x", "every: Input should be a valid integer"),
        ("--truth bronze", "truth: Input should be 'auto', 'gold' or 'silver'"),
        ("--classes 1", "classes: Input should be greater than or equal to 2"),
        ("--range 0 dark", "range 2: Input should be a valid number"),
    ],
)
def test_a_value_that_a_field_refuses_is_named(line, says):
    """What is typed is checked by the field that it is for, before anything is opened."""
    wanted = parser().parse_args(["--model", "m", "--test", "t", *line.split()])

    with pytest.raises(UsageError, match=says):
        read_settings(wanted)


def test_what_is_typed_arrives():
    """Flags, assignments, pairs and numbers become the values of their fields."""
    line = "--model m --test t --no-images --allow-unpaired --set a.b.c=3 --map train=loss"
    line += " --range 0 255 --time-limit 60 --shard 1/3 --pixel-um 0.5 --halo 8"
    found = read_settings(parser().parse_args(line.split()))

    assert found == settings(
        {
            "model": "m",
            "test": "t",
            "images": False,
            "allow_unpaired": True,
            "set": {"a.b.c": "3"},
            "columns": {"train": "loss"},
            "card": {"range": ["0", "255"], "halo": "8"},
            "time_limit_s": 60.0,
            "shard": (1, 3),
            "pixel_um": 0.5,
        }
    )
