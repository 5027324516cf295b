"""Laws of writing: whole or not there, and nothing that is not ours is ever replaced."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.errors import UsageError
from audit.files import MARK, own_folder, settle, write_whole

OURS = "# ours\n"


def test_our_own_file_is_replaced_and_so_is_an_empty_one(tmp_path):
    """What bears the mark, or holds nothing, is written anew; broken characters are escaped."""
    path = write_whole(tmp_path / "deep" / "a.txt", f"{OURS}one", OURS)
    (tmp_path / "empty.txt").touch()

    write_whole(path, f"{OURS}two \udcff", OURS)
    write_whole(tmp_path / "empty.txt", OURS, OURS)

    assert path.read_text("utf-8") == f"{OURS}two \\udcff"
    assert [one.name for one in path.parent.iterdir()] == ["a.txt"]


def test_what_is_not_ours_is_refused_and_stays(tmp_path):
    """A foreign file, a link to nowhere, a folder and a device: one line, nothing touched."""
    (note := tmp_path / "note.txt").write_text("mine")
    (link := tmp_path / "link").symlink_to("nowhere")

    for place in (note, link, tmp_path, Path("/dev/null"), note / "below"):
        with pytest.raises(UsageError, match="name another"):
            write_whole(place, OURS, OURS)

    assert note.read_text() == "mine"
    assert link.is_symlink()
    assert {one.name for one in tmp_path.iterdir()} == {"note.txt", "link"}


@pytest.mark.parametrize("name", ["a\0b", "n" * 5000, "\ud800"])
def test_a_place_that_cannot_be_is_one_line(tmp_path, name):
    """NUL, an endless name and half a character are refused, and told of in few letters."""
    for refuse in (lambda path: write_whole(path, OURS, OURS), own_folder):
        with pytest.raises(UsageError, match="cannot be written") as told:
            refuse(tmp_path / name)
        assert len(str(told.value)) < 400
        assert str(told.value).isprintable()


def test_a_folder_is_ours_by_its_mark_alone(tmp_path):
    """A new or empty folder is taken, one of ours taken again; a file of that name is no mark."""
    (tmp_path / "empty").mkdir()
    for name in ("new/deep", "empty", "empty"):
        assert (own_folder(tmp_path / name) / MARK).is_file()
    (foreign := tmp_path / "foreign").mkdir()
    (foreign / MARK).write_text("a note of mine")

    for place in (foreign, foreign / MARK, foreign / MARK / "below", Path("/proc/new")):
        with pytest.raises(UsageError, match="name another"):
            own_folder(place)


def test_what_settles_leaves_notes_alone(tmp_path):
    """Files of a finished folder take the places of their names; a note beside them stays."""
    (made := tmp_path / "made").mkdir()
    for name in ("card", "weights"):
        (made / name).write_text("new")
    folder = own_folder(tmp_path / "net")
    for name in ("card", "note.txt"):
        (folder / name).write_text("old")

    settle(made, folder, last="card")

    found = {one.name: one.read_text() for one in folder.iterdir() if one.name != MARK}
    assert found == {"card": "new", "weights": "new", "note.txt": "old"}
