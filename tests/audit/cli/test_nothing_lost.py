"""The law over all verbs: nothing that bioaudit did not write is ever replaced or deleted."""

from __future__ import annotations

import hashlib

import pytest

from audit.cli.main import VERBS
from audit.files import own_folder
from audit.measurement import Measurement
from tests.toys import written

NOTE = "what I saw on Tuesday\n"
OURS = (
    *("report.html", "record.sqlite", "model.toml", "best.safetensors", "last.safetensors"),
    *("training.csv", "manifest.json", "selftest.md", "benchmark.html", "benchmark.csv"),
)
"""Names that bioaudit gives to its own files, and a user may have given to others."""

SIMULATED = "simulated:2k-10"
IN_FOLDER = {
    "train": ("train", SIMULATED, "--out", "{out}"),
    "flaw": ("train", SIMULATED, "--flaw", "minmax", "--out", "{out}"),
    "run": ("run", "--model", "{network}", "--test", "{images}", "--out", "{out}"),
    "demo": ("demo", "--quick", "--out", "{out}"),
    "leakage": ("leakage", "{images}", "{images}", "--out", "{out}"),
    "diagnose": ("diagnose", "{log}", "--out", "{out}"),
    "selftest": ("selftest", "--flaws", "minmax", "--out", "{out}"),
    "benchmark": ("benchmark", "--quick", "--datasets", SIMULATED, "--out", "{out}"),
}
IN_FILE = {
    "judge": ("judge", "{record}", "--json", "{out}"),
    "junit": ("judge", "{record}", "--junit", "{out}"),
    "report": ("report", "{record}", "--out", "{out}"),
    "policy": ("policy", "new", "{out}"),
}
WITHOUT = {"claims", "compare", "model", "probes", "data", "seams"}
"""Verbs that are told no place to write to; what `data fetch` keeps has a law of its own."""


@pytest.fixture
def filled(network, images, tmp_path):
    """Return what fills the arguments of a verb: a network, images, a log and a record."""
    (log := tmp_path / "log.csv").write_text("epoch,loss,val_loss\n0,1,1\n1,0.5,0.6\n")
    written(path := tmp_path / "record.sqlite", [Measurement("iou", 0.9, "s")]).close()
    places = {"network": network, "images": images, "log": log, "record": path}
    return lambda words, out: [word.format(out=out, **places) for word in words]


def state(folder):
    """Return every path under a folder with the digest of its content."""
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }


def refuses(call, words, folder):
    """Assert that a call ends with 2 and one line, and that nothing under a folder changed."""
    before = state(folder)
    code, _, error = call(*words)
    assert (code, error.count("\n")) == (2, 1), error
    assert state(folder) == before


def test_every_verb_that_writes_is_held_to_it():
    """A new verb stands in one of the tables of this file."""
    told = {words[0] for words in (*IN_FOLDER.values(), *IN_FILE.values())}
    assert told | WITHOUT == set(VERBS)


@pytest.mark.parametrize("verb", IN_FOLDER)
@pytest.mark.parametrize("names", [("note.txt",), OURS], ids=["note", "same names"])
def test_a_folder_of_the_user_s_is_left_as_it_is(bioaudit, filled, tmp_path, verb, names):
    """A folder with notes is refused, under whatever names they lie there."""
    (out := tmp_path / "mine").mkdir()
    for name in names:
        (out / name).write_text(NOTE)
    refuses(bioaudit, filled(IN_FOLDER[verb], out), tmp_path)


@pytest.mark.parametrize("verb", IN_FOLDER)
def test_a_file_is_no_folder(bioaudit, filled, tmp_path, verb):
    """A file where the folder should be is refused, and so is a place below it."""
    (note := tmp_path / "note.txt").write_text(NOTE)
    refuses(bioaudit, filled(IN_FOLDER[verb], note), tmp_path)
    refuses(bioaudit, filled(IN_FOLDER[verb], note / "below"), tmp_path)


@pytest.mark.parametrize("verb", ["run", "demo", "leakage", "diagnose"])
def test_a_page_of_the_user_s_in_our_folder_stays(bioaudit, filled, tmp_path, verb):
    """Before anything is measured, a report.html that is not ours is refused in our own folder."""
    (own_folder(tmp_path / "out") / "report.html").write_text(NOTE)
    refuses(bioaudit, filled(IN_FOLDER[verb], tmp_path / "out"), tmp_path)


@pytest.mark.parametrize("verb", IN_FILE)
def test_a_file_of_the_user_s_is_left_as_it_is(bioaudit, filled, tmp_path, verb):
    """A note, the record itself, a link and a folder are no places to write to."""
    words = filled(IN_FILE[verb], "{out}")
    (tmp_path / "note.txt").write_text(NOTE)
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("note.txt", "record.sqlite", "link", "data"):
        refuses(bioaudit, [word.format(out=tmp_path / name) for word in words], tmp_path)


@pytest.mark.parametrize("verb", IN_FILE)
def test_what_a_verb_wrote_it_may_write_again(bioaudit, filled, tmp_path, verb):
    """The same command twice gives the same file, and no error the second time."""
    words = filled(IN_FILE[verb], out := tmp_path / "ours")
    first = bioaudit(*words)
    before = out.read_bytes()
    assert bioaudit(*words) == first
    assert first[0] != 2
    assert out.read_bytes() == before


def test_a_page_beside_the_record_stays(bioaudit, filled, tmp_path):
    """Without --out the report goes beside the record, unless somebody else's page is there."""
    (tmp_path / "report.html").write_text(NOTE)
    refuses(bioaudit, filled(("report", "{record}"), ""), tmp_path)


def test_a_store_keeps_what_is_no_record(bioaudit, tmp_path):
    """`benchmark --store` finds a file in the place of its own before it trains anything."""
    (store := tmp_path / "store").mkdir()
    (store / "simulated-2k-10.sqlite.xz").write_text(NOTE)
    words = [*IN_FOLDER["benchmark"][:-1], tmp_path / "out", "--store", store]
    refuses(bioaudit, words, tmp_path)


def test_an_archive_of_the_user_s_stays(bioaudit, tmp_path, monkeypatch):
    """`data fetch` replaces no file that lies where the archive goes."""
    monkeypatch.setenv("BIOAUDIT_CACHE", str(tmp_path))
    (archives := tmp_path / "archives").mkdir()
    (archives / "PhC-C2DH-U373.zip").write_text(NOTE)
    before = state(tmp_path)
    code, _, error = bioaudit("data", "fetch", "PhC-C2DH-U373", "--accept-terms")
    assert (code, state(tmp_path)) == (2, before), error


def test_a_database_of_the_user_s_is_no_record(bioaudit, filled, tmp_path):
    """A database with other tables, even of our format number, is not written to."""
    import sqlite3

    (out := tmp_path / "out").mkdir()
    with sqlite3.connect(out / "record.sqlite") as database:
        database.executescript("create table cells (x); pragma user_version = 1;")
    database.close()
    refuses(bioaudit, filled(IN_FOLDER["run"], out), tmp_path)
