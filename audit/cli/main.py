"""The `bioaudit` command: finds the verb, runs it, and turns errors into exit codes.

Exit codes: 0 PASS or WARN; 1 FAIL; 2 wrong call, data or policy, or a model that cannot be
opened; 3 UNDECIDED; 4 our own error; 5 the model failed on the images; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys

from audit.errors import BioauditError, text_of, told

# As in audit/__init__.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

VERBS = {
    "demo": "train on simulated cells, audit, and leave a report: minutes, no data needed",
    "train": "train a reference network by a recipe, such as the workshop's",
    "run": "audit a model: measure, judge and report",
    "model": "show what a description declares, or what each channel of a network seems to be",
    "diagnose": "say what the curves of a training log mean: no model, no images needed",
    "leakage": "find test images in the training set, with or without a model",
    "seams": "find the seams of tiles in label images: no truth, no model needed",
    "judge": "judge a record by a policy, again or by another one",
    "claims": "hold an author's claims against a record: supported, refuted, undecided",
    "policy": "explain, list or begin a policy: the rules that a model must keep",
    "report": "render the report of a record, without the model",
    "compare": "compare two records: what became better, what worse",
    "probes": "list the probes, or explain one with its source",
    "benchmark": "train recipes on datasets, audit them, and compare them on one page",
    "selftest": "plant flaws and see whether the audit catches them",
    "data": "list, fetch, verify or inspect datasets",
}
WRONG_CALL, OUR_ERROR, INTERRUPTED = 2, 4, 130

EPILOG = """\
examples:
  bioaudit demo
  bioaudit run --model model.toml --test PhC-C2DH-U373/02 --train PhC-C2DH-U373/01
  bioaudit run --model script.pt --test images/ --probes shift,resolution --out audit/
  bioaudit diagnose training.csv
  bioaudit report audit/record.sqlite

exit codes: 0 PASS or WARN, 1 FAIL, 2 wrong call, data or policy, or a model that cannot be opened,
3 UNDECIDED, 4 our error, 5 the model failed on the images, 130 interrupted (run the same command
again to go on)."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code, whoever reads what it writes."""
    from audit.cli.streams import flush_streams, prepare_streams

    prepare_streams()
    try:
        return answered(arguments)
    finally:
        flush_streams()


def answered(arguments: Sequence[str] | None) -> int:
    """Find the verb, run it, and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] in VERBS:
        return guarded(words[0], words[1:])
    parser = argparse.ArgumentParser(
        prog="bioaudit",
        description="Find out what a bioimage segmentation model gets wrong.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")
    for verb, does in VERBS.items():
        verbs.add_parser(verb, help=does)
    if parser.parse_args(words).version:
        from importlib.metadata import version

        sys.stdout.write(f"bioaudit {version('bioaudit')}\n")
        return 0
    parser.print_help()
    return 2


def guarded(verb: str, words: list[str]) -> int:
    """Run one verb; an error of the user's is one line, an error of ours says where to report."""
    from importlib import import_module

    module = import_module(f"audit.cli.{verb}")
    wanted = parsed(verb, module, words)
    # Threads that wait by spinning make a shared machine slower than one thread; read once.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import logging

    # A damaged file is told of in our own words, once.
    logging.getLogger("tifffile").setLevel(logging.CRITICAL)
    from audit.cli.names import check_names

    try:
        check_names()
        return int(module.main(wanted))
    except BioauditError as error:
        sys.stderr.write(f"bioaudit: {' '.join(text_of(error).split())}\n")
        # An example is several lines, and stands below the one that says what is wrong.
        sys.stderr.writelines(f"{note}\n" for note in getattr(error, "__notes__", ()))
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("\nbioaudit: interrupted; run the same command again to go on\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe, as `| head` does. A `Screen` of verdicts does not come here.
        return 0
    except OSError as error:
        if os.environ.get("BIOAUDIT_DEBUG"):
            raise
        sys.stderr.write(f"bioaudit: {unusable(error)}\n")
        return WRONG_CALL
    except Exception as error:
        if os.environ.get("BIOAUDIT_DEBUG"):
            raise
        return confessed(error)


def parsed(verb: str, module: ModuleType, words: list[str]) -> argparse.Namespace:
    """Return the options that were given to a verb."""
    parser = argparse.ArgumentParser(
        prog=f"bioaudit {verb}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return parser.parse_args(words)


def unusable(error: OSError) -> str:
    """Return the one line about a file, a folder or a device that the machine refuses."""
    from pathlib import Path

    from audit.files import told

    place = f"{told(Path(os.fsdecode(error.filename)))}: " if error.filename else ""
    return f"{place}{error.strerror or error}; name another place, or free this one"


def confessed(error: Exception) -> int:
    """Say that an error is ours, and return its exit code."""
    sys.stderr.write(
        f"bioaudit: an error of ours, {told(error)}; what was measured is kept. "
        "Set BIOAUDIT_DEBUG=1 for the traceback and report it.\n"
    )
    return OUR_ERROR


if __name__ == "__main__":
    sys.exit(main())
