"""Laws of what a record says of the user's machine: names, and not what leads to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit.application.provenance import fingerprints, hidden
from audit.application.settings import Settings


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return the working directory, below a home directory, with a folder of images."""
    desk = tmp_path / "home" / "desk"
    (desk / "trunc" / "images").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(desk)
    return desk


@pytest.mark.parametrize("given", ["trunc", "./trunc", "trunc/", "../desk/trunc", "{here}/trunc"])
def test_a_path_is_hidden_however_its_folder_was_given(here, given):
    """The absolute path of an image begins at the folder that was asked for."""
    wanted = Settings(test=given.format(here=here))

    said = hidden(f"{here}/trunc/images/f036.tif: holds no image", wanted)

    assert said == "…/trunc/images/f036.tif: holds no image"


def test_a_folder_behind_a_link_is_hidden(here):
    """Readers follow links: where a link leads is hidden as well."""
    store = here.parent.parent / "store"
    (store / "movie").mkdir(parents=True)
    (here / "link").symlink_to(store / "movie")

    said = hidden(f"{store}/movie/f.tif and {here}/link/f.tif differ", Settings(test="link"))

    assert said == "…/movie/f.tif and …/link/f.tif differ"


def test_every_path_of_a_reason_is_hidden(here):
    """Image, mask, a sibling of the folder, the working directory and home: all of them."""
    wanted = Settings(
        test="trunc", train=str(here.parent / "far" / "train"), other=("/elsewhere/o",)
    )
    places = (here / "trunc/a.tif", here / "trunc_GT/a.tif", here.parent / "far/train_GT/a.tif")
    more = (Path("/elsewhere/o/a.tif"), here / "b.tif", here.parent / "c.tif")

    said = hidden(" ".join(map(str, (*places, *more))) + f" in {here}/trunc.", wanted)

    assert "/home" not in said
    assert "elsewhere" not in said
    assert [Path(word).name for word in said.split()[:6]] == [
        *("a.tif", "a.tif", "a.tif", "a.tif", "b.tif", "c.tif")
    ]
    assert said.endswith(" in …/trunc.")


@pytest.mark.parametrize("given", ["a", "images", "a/b", "/", "/srv", "simulated:2k-10", None])
def test_nothing_is_cut_out_of_a_longer_word(here, given):
    """Names that only begin, end or hold a path that is hidden stay whole, as do words."""
    said = f"a mask a/bc of images/a.tif: 3 / 4 and/or /mnt{here}/x.tif or {here.parent}-2/y.tif"
    if given == "/srv":
        said = "a mask of /srv2/a.tif and /mnt/srv/a.tif"

    assert hidden(said, Settings(test=given)) == said


def test_a_machine_without_home_hides_what_it_can(here, monkeypatch):
    """In a container at the root, with no image asked for by a path, a reason stays as it is."""
    monkeypatch.setenv("HOME", "/")
    monkeypatch.chdir("/")

    assert hidden("/a.tif: holds no image", Settings(test="/")) == "/a.tif: holds no image"


def test_digests_are_those_of_the_files(here):
    """A record names each file by its SHA-256; what was not given, or is no file, has none."""
    (here / "model.pt").write_bytes(b"abc")

    found = fingerprints("model.pt", None, "trunc", str(here / "missing"))

    assert found == {"model.pt": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}
