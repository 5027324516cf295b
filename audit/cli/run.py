"""Audit a model: measure, judge and report.

A model is a card (model.toml), the folder with one, a TorchScript or ONNX file, a bioimage.io
package (folder, zip or bioimageio.yaml), or file.py:function with --weights; or anything else that
segments: file.py:function that takes an image (Y, X[, C]) and returns labels, object numbers or a
probability map; 'command: my_program --in {input} --out {output}', run once a batch on a folder of
TIFF files, which leaves TIFF, PNG or NPY of the same names; or a folder of recorded predictions,
named as the test images. Images are a Cell Tracking Challenge sequence (DATASET/02), a DeepBacs
folder, a folder of images and masks, or simulated:2k-10. The same command resumes an audit that was
interrupted.
What mask numbers mean is decided from all masks, or refused with the readings to choose from:
--labels and --map-labels. What is declared of a model (--output, --heads, --classes) is tried on
one image before anything else: what does not fit is refused in one sentence, what was found is
said.
Code in a model runs in this process: audit only what you would run. A card or a specification may
name code in its own folder; what lies elsewhere, and package.module:function, is imported only
where --model or --network names it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.cli.options import add_exports, add_options, add_part, add_verbose
from audit.errors import UsageError
from audit.named import is_command

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _ArgumentGroup
    from collections.abc import Mapping

    from audit.application.result import Result
    from audit.application.settings import Settings
    from audit.policy.policy import Policy
    from audit.policy.verdict import Judgement


PAGE = "report.html"
"""The report in the folder of an audit."""

PATHS = (
    *("model", "weights", "format", "last", "log", "test", "train", "other"),
    *("reference", "recipe", "policy"),
)
"""Keys of a specification whose values are paths, or several of them."""


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of `bioaudit run`: the settings of an audit, and how it is judged."""
    from audit.application.settings import ImageSettings, MannerSettings, SubjectSettings

    parser.add_argument("spec", nargs="?", type=Path, help="a TOML file with these options as keys")
    add_part(parser, SubjectSettings)
    add_card(parser.add_argument_group("what the model's card does not say"))
    add_part(parser, ImageSettings)
    how = add_part(parser, MannerSettings)
    how.add_argument("--policy", help="review, ci, course, or a TOML file: see bioaudit policy")
    add_exports(how)
    add_verbose(how)


def add_card(card: _ArgumentGroup) -> None:
    """Declare what says how weights become a segmenter."""
    from audit.application.settings import DECLARED
    from audit.models.card import Card

    add_options(card, Card, DECLARED)


def main(wanted: Namespace) -> int:
    """Audit, judge, report; return the exit code of the verdict."""
    from audit.application.interface import run
    from audit.cli.screen import Bar
    from audit.policy.reading import load_policy
    from audit.probing.catalog import Catalog

    chosen = read_settings(wanted)
    # A policy with a typo must not cost an audit before it is found.
    policy = load_policy(wanted.policy, catalog=Catalog.installed())
    check_page(Path(chosen.out))
    with Bar() as bar:
        training = bar.trained("train the reference")
        result = run(chosen, say=bar.audited, training=training, found=bar.found)
    return conclude(result, policy, Path(chosen.out), wanted=wanted)


def read_settings(wanted: Namespace) -> Settings:
    """Return the settings of an audit: those of the file, overridden by those of the line."""
    from audit.application.settings import DECLARED, Settings, settings

    line = {name: value for name, value in vars(wanted).items() if value is not None}
    given = read_spec(wanted.spec, line) if wanted.spec else {}
    for name in ("policy", "json", "junit"):
        # Options of the verb, no settings of the audit: the record does not keep them.
        said = given.pop(name, None)
        setattr(wanted, name, getattr(wanted, name) or said)
    asked = {*Settings.model_fields, *DECLARED} - {"set", "columns"}
    given |= {name: line[name] for name in asked if name in line}
    for name, lines in (("set", wanted.set), ("columns", wanted.columns)):
        given[name] = dict(given.get(name, {})) | dict(assignment(name, one) for one in lines)
    for name in ("model", "test"):
        if name not in given:
            raise UsageError(f"--{name} is missing; see bioaudit run --help")
    return settings(given)


def read_spec(path: Path, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a specification; only the command line names code outside its folder."""
    from audit.declared import read_toml

    given = read_toml(path, UsageError)
    refuse_code(path, {name: value for name, value in given.items() if not line.get(name)})
    for name in PATHS:
        if name in given:
            given[name] = ",".join(beside(path, one) for one in str(given[name]).split(","))
    return given


def refuse_code(path: Path, given: Mapping[str, Any]) -> None:
    """Raise UsageError where a specification names code that does not lie in its folder."""
    from audit.application.settings import STORED
    from audit.declared import within

    card = given.get("card")
    inner = card if isinstance(card, dict) else {}
    if "network" in given or "network" in inner:
        raise UsageError(f"{path}: 'network' stands in a model's card, or is said as --network")
    if "command" in given or "command" in inner:
        raise UsageError(f"{path}: a specification may not run a command; say it as --command")
    for name in ("model", "format", "reference"):
        for one in str(given.get(name, "")).split(","):
            place, colon, _ = one.rpartition(":")
            if is_command(one):
                raise UsageError(
                    f"{path}: a specification may not run a command; if you trust this one, say "
                    f"--{name} {one!r}"
                )
            own = within(path.parent, place)
            if colon and place != STORED and not (own and own.is_file()) and not Path(one).exists():
                raise UsageError(
                    f"{path}: {name} = {one!r}: a specification may name code in its own folder "
                    f"only; if you trust this, say --{name} {one}"
                )


def beside(spec: Path, name: str) -> str:
    """Return a path of a specification, relative to the specification where it lies there."""
    place, colon, function = name.partition(":")
    here = spec.parent / place
    return f"{here}{colon}{function}" if here.exists() else name


ASSIGNED = {
    "set": ("--set", "probe.setting=value"),
    "columns": ("--map", "train=COLUMN, val=COLUMN, rate=COLUMN or epoch=COLUMN"),
}
"""Options of the form name=value, and how an error shows them."""


def assignment(key: str, text: str) -> tuple[str, str]:
    """Return name and value of one --set or --map."""
    name, equals, value = text.partition("=")
    if not equals:
        option, expected = ASSIGNED[key]
        raise UsageError(f"{option} {text}: expected {expected}")
    return name, value


def check_page(out: Path) -> None:
    """Refuse, before the audit that it is for, a report that would replace a file not ours."""
    from audit.files import check_file
    from reports.html import MARK

    check_file(out / PAGE, MARK)


def conclude(
    result: Result, policy: Policy, out: Path, *, wanted: Namespace, told: bool = False
) -> int:
    """Judge a record, write its report and what else was asked for, show it; return the exit code.

    The JSON and JUnit files and --verbose are options of the verb, where it has them. What was
    `told` before is not said again.
    """
    from rich.markup import escape

    from audit.cli.screen import console, exit_code
    from audit.cli.summary import show_judgement

    judged = result.judge(policy)
    page = result.report(out / PAGE, judged)
    export(result, judged, wanted)
    show_judgement(result.path, judged, verbose=wanted.verbose, told=told)
    console.print(f"report: {escape(str(page))}   record: {escape(str(result.path))}")
    return exit_code(judged)


def export(result: Result, judged: Judgement, wanted: Namespace) -> None:
    """Write the outcomes to the files that were named."""
    if getattr(wanted, "json", None):
        result.export_json(Path(wanted.json), judged)
    if getattr(wanted, "junit", None):
        result.export_junit(Path(wanted.junit), judged)
