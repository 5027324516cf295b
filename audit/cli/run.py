"""Audit a model: measure, judge and report.

A model is a card (model.toml), the folder with one, a TorchScript file, or file.py:function with
--weights. Images are a Cell Tracking Challenge sequence (DATASET/02), a DeepBacs folder, a folder
of images and masks, or simulated:2k-10. The same command resumes an audit that was interrupted.
Code in a model runs in this process: audit only what you would run. A card or a specification may
name code in its own folder; what lies elsewhere, and package.module:function, is imported only
where --model or --network names it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import UsageError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _ActionsContainer, _ArgumentGroup
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
    """Declare the options of `bioaudit run`."""
    parser.add_argument("spec", nargs="?", type=Path, help="a TOML file with these options as keys")
    add_subject(parser.add_argument_group("what is audited"))
    add_card(parser.add_argument_group("what the model's card does not say"))
    add_reading(parser.add_argument_group("how images are read"))
    add_manner(parser.add_argument_group("how"))


def add_subject(what: _ArgumentGroup) -> None:
    """Declare what says which model, images, log and references."""
    what.add_argument("--model", help="model.toml, its folder, script.pt, or file.py:function")
    what.add_argument("--format", help="the same model in other files, separated by commas")
    what.add_argument("--last", help="its weights at the end of training, where the best are given")
    what.add_argument("--log", help="its training log, of any framework: see bioaudit diagnose")
    what.add_argument(
        "--map", action="append", default=[], metavar="train=COLUMN", help="a column of the log"
    )
    what.add_argument("--test", help="the images to audit on")
    what.add_argument("--train", help="the images that the model was trained on")
    what.add_argument("--other", help="further datasets, separated by commas: do scores carry over")
    what.add_argument(
        "--reference", help="'train', 'stored', 'stored:NAME', or folders of networks: A,B,C"
    )
    what.add_argument(
        "--reference-seeds",
        type=int,
        help="how many references to train (1); rules against fewer than 3 only warn",
    )
    what.add_argument("--recipe", help="the reference's recipe: a name or a TOML file")


def add_card(card: _ArgumentGroup) -> None:
    """Declare what says how weights become a segmenter."""
    card.add_argument("--weights", help="a safetensors file or a state dict")
    card.add_argument(
        "--network",
        metavar="CODE",
        help="file.py:function or package.module:function that builds the network: a card may "
        "name a file in its own folder only, you may name any that you trust",
    )
    card.add_argument("--output", help="logits, softmax, sigmoid or probability")
    card.add_argument("--normalisation", help="none, zscore, minmax, range or batch")
    card.add_argument("--classes", type=int)
    card.add_argument("--channels", type=int)
    card.add_argument("--range", type=float, nargs=2, metavar=("LOW", "HIGH"))
    card.add_argument("--stride", type=int, help="sizes are padded to multiples of this")


def add_reading(data: _ArgumentGroup) -> None:
    """Declare what says how files become samples."""
    data.add_argument("--truth", help="auto, gold or silver (Cell Tracking Challenge)")
    data.add_argument("--labels", help="auto, instances or classes: what numbers in masks mean")
    data.add_argument("--target", help="mask or distance: 12 classes of distance (simulated cells)")
    add_group(data)
    data.add_argument("--pixel-um", type=float, help="the edge of a pixel in micrometres")
    data.add_argument("--every", type=int, help="take every n-th image")
    data.add_argument("--limit", type=int, help="take at most so many test images")
    data.add_argument("--allow-unpaired", action="store_true", default=None)


def add_group(parser: _ActionsContainer) -> None:
    """Declare what says which images belong together."""
    parser.add_argument(
        "--group",
        metavar="REGEX",
        help="finds an image's group (movie, plate, donor) in its path below the folder: the first "
        "bracket, else the whole match; 'each': every image stands alone. Without it, subfolders "
        "and a table's column `group` say it, and numbered frames are recognised",
    )


def add_manner(how: _ArgumentGroup) -> None:
    """Declare what says which questions are asked, by which rules, and with what."""
    from audit.cli.summary import add_verbose

    how.add_argument("--profile", help="full, or ci: a gate of minutes that says what it left out")
    how.add_argument("--probes", help="suites or probes, separated by commas; all by default")
    how.add_argument(
        "--set", action="append", default=[], metavar="PROBE.SETTING=VALUE", help="one setting"
    )
    how.add_argument("--policy", help="review, ci, course, or a TOML file: see bioaudit policy")
    how.add_argument("--out", help="where record and report are left (bioaudit-out)")
    how.add_argument("--seed", type=int)
    how.add_argument("--device", help="auto, cpu or cuda")
    how.add_argument("--threads", type=int)
    how.add_argument("--shard", metavar="I/N", help="do the I-th of N parts (from 0)")
    how.add_argument(
        "--time-limit",
        dest="time_limit_s",
        type=float,
        metavar="SECONDS",
        help="score every image first, then ask as much as there is time for; run again to go on",
    )
    how.add_argument("--no-images", dest="images", action="store_false", default=None)
    add_exports(how)
    add_verbose(how)


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
        result = run(chosen, say=bar.audited, training=bar.trained("train the reference"))
    return conclude(result, policy, Path(chosen.out), wanted=wanted)


def read_settings(wanted: Namespace) -> Settings:
    """Return the settings of an audit: those of the file, overridden by those of the line."""
    from audit.application.settings import DECLARED, Settings, settings

    line = {name: value for name, value in vars(wanted).items() if value is not None}
    given = read_spec(wanted.spec, line) if wanted.spec else {}
    for name in ("policy", "json", "junit"):
        # Of the verb, and none of the audit: a record does not say where it is judged.
        said = given.pop(name, None)
        setattr(wanted, name, getattr(wanted, name) or said)
    asked = {*Settings.model_fields, *DECLARED} - {"set", "columns"}
    given |= {name: line[name] for name in asked if name in line}
    for name, lines in (("set", wanted.set), ("columns", wanted.map)):
        given[name] = dict(given.get(name, {})) | dict(assignment(name, one) for one in lines)
    for name in ("model", "test"):
        if name not in given:
            raise UsageError(f"--{name} is missing; see bioaudit run --help")
    return settings(given)


def read_spec(path: Path, line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a specification; code elsewhere is for the line to name, not for it."""
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
    if "network" in given or (isinstance(card, dict) and "network" in card):
        raise UsageError(f"{path}: 'network' stands in a model's card, or is said as --network")
    for name in ("model", "format", "reference"):
        for one in str(given.get(name, "")).split(","):
            place, colon, _ = one.rpartition(":")
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
"""Options that name and value are given to, and how."""


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


def conclude(result: Result, policy: Policy, out: Path, *, wanted: Namespace) -> int:
    """Judge a record, write its report and what else was asked for, show it; return the exit code.

    The JSON and JUnit files and --verbose are options of the verb, where it has them.
    """
    from rich.markup import escape

    from audit.cli.screen import console, exit_code
    from audit.cli.summary import show_judgement

    judged = result.judge(policy)
    page = result.report(out / PAGE, policy)
    export(result, judged, wanted)
    show_judgement(result.path, judged, verbose=wanted.verbose)
    console.print(f"report: {escape(str(page))}   record: {escape(str(result.path))}")
    return exit_code(judged)


def add_exports(parser: _ActionsContainer) -> None:
    """Declare the files that the outcomes are written to, for machines."""
    parser.add_argument("--json", type=Path, help="write the outcomes as JSON")
    parser.add_argument("--junit", type=Path, help="write the outcomes as JUnit XML, for CI")


def export(result: Result, judged: Judgement, wanted: Namespace) -> None:
    """Write the outcomes to the files that were named."""
    if getattr(wanted, "json", None):
        result.export_json(Path(wanted.json), judged)
    if getattr(wanted, "junit", None):
        result.export_junit(Path(wanted.junit), judged)
