"""Laws of fetching: terms first, pinned bytes only, unpacked whole or not at all."""

from __future__ import annotations

import hashlib
import re
import stat
import sys
import threading
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from audit.datasets import fetch as module
from audit.datasets.fetch import REGISTRY, Archive, cache_folder, fetch, verify
from audit.errors import DataError, UsageError
from audit.unpack import unpack


class Quiet(SimpleHTTPRequestHandler):
    """A file server that says nothing."""

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def zipped(tmp_path):
    """Return a small archive with one top folder."""
    path = tmp_path / "served" / "small.zip"
    path.parent.mkdir()
    with ZipFile(path, "w") as file:
        file.writestr("small/01/t000.tif", b"pixels")
        file.writestr("small/readme.txt", b"words")
    return path


@pytest.fixture
def served(zipped, monkeypatch):
    """Serve the archive on this machine and register it with its hash."""
    server = HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(zipped.parent)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    register(monkeypatch, f"http://127.0.0.1:{server.server_port}/small.zip", zipped.read_bytes())
    yield server
    server.shutdown()
    server.server_close()


def register(monkeypatch, url, content):
    """Register an archive of these bytes under the name small."""
    archive = Archive(
        name="small",
        url=url,
        file="small.zip",
        sha256=hashlib.sha256(content).hexdigest(),
        terms="cite us",
    )
    monkeypatch.setattr(module, "REGISTRY", {"small": archive})


def test_every_address_is_pinned():
    """Every archive has a whole sha256 of its own, terms, and an official address."""
    assert len(REGISTRY) >= 10
    assert len({archive.sha256 for archive in REGISTRY.values()}) == len(REGISTRY)
    for archive in REGISTRY.values():
        assert re.fullmatch(r"[0-9a-f]{64}", archive.sha256)
        assert archive.terms
        assert re.match(
            r"http://data\.celltrackingchallenge\.net/|https://zenodo\.org/", archive.url
        )


def test_terms_come_first(served, tmp_path):
    """Nothing is fetched until the terms, which the refusal states, are accepted."""
    with pytest.raises(UsageError, match="cite us"):
        fetch("small", cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_dataset_is_fetched_once_and_verified(served, tmp_path):
    """The first call fetches and unpacks; the second needs no network; verify finds no fault."""
    folder = fetch("small", accept_terms=True, cache=tmp_path)
    assert (folder / "01" / "t000.tif").read_bytes() == b"pixels"
    served.shutdown()
    assert fetch("small", accept_terms=True, cache=tmp_path) == folder
    assert verify("small", cache=tmp_path) == folder
    (folder / "01" / "t000.tif").write_bytes(b"pixelz")
    with pytest.raises(DataError, match="missing or changed"):
        verify("small", cache=tmp_path)


def test_other_bytes_are_not_kept(served, zipped, tmp_path):
    """A download that is not what was pinned is refused, and nothing is unpacked."""
    zipped.write_bytes(zipped.read_bytes() + b"x")
    with pytest.raises(DataError, match="not the pinned bytes"):
        fetch("small", accept_terms=True, cache=tmp_path / "cache")
    assert not list((tmp_path / "cache").rglob("*.zip"))
    assert not list((tmp_path / "cache").rglob("*.tif"))


def test_without_network_the_file_may_be_put_there(zipped, tmp_path, monkeypatch):
    """Offline is one line with the address and the place; a file put there counts."""
    register(monkeypatch, "http://127.0.0.1:9/small.zip", zipped.read_bytes())
    place = tmp_path / "cache" / "archives" / "small.zip"
    with pytest.raises(DataError, match=re.escape(str(place))):
        fetch("small", accept_terms=True, cache=tmp_path / "cache")
    zipped.rename(place)
    assert fetch("small", accept_terms=True, cache=tmp_path / "cache").name == "small"


def test_a_missing_pooch_names_the_extra(monkeypatch, tmp_path):
    """Without pooch the refusal says what to install."""
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(UsageError, match=r"pip install 'bioaudit\[data\]'"):
        fetch("PhC-C2DH-U373", accept_terms=True, cache=tmp_path)


def test_an_unknown_name_suggests_the_near_one():
    """A misspelt name names its neighbour."""
    with pytest.raises(UsageError, match="PhC-C2DH-U373"):
        fetch("PhC-C2DH-U37", accept_terms=True)


def test_the_cache_can_be_chosen(monkeypatch, tmp_path):
    """BIOAUDIT_CACHE names the cache; without it, it is the user's own."""
    monkeypatch.setenv("BIOAUDIT_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("BIOAUDIT_CACHE")
    assert cache_folder().name == "bioaudit"


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["../evil"], "outside"),
        (["/abs"], "outside"),
        (["a\\..\\b"], "outside"),
        (["C:/x"], "outside"),
        (["a/b", "A/B"], "twice"),
    ],
)
def test_dangerous_names_are_refused(tmp_path, names, reason):
    """A name that leads outside or collides refuses the whole archive and leaves nothing."""
    with ZipFile(tmp_path / "a.zip", "w") as file:
        for name in ["fine", *names]:
            file.writestr(name, b"x")
    with pytest.raises(DataError, match=reason):
        unpack(tmp_path / "a.zip", tmp_path / "out" / "a")
    assert list((tmp_path / "out").iterdir()) == []


def test_links_bombs_and_broken_archives_are_refused(tmp_path):
    """A link, too many bytes, too high a ratio, or half an archive leaves nothing behind."""
    link = ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(tmp_path / "link.zip", "w") as file:
        file.writestr(link, "/etc/passwd")
    with ZipFile(tmp_path / "big.zip", "w", ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(10**6))
    whole = (tmp_path / "big.zip").read_bytes()
    (tmp_path / "half.zip").write_bytes(whole[: len(whole) // 2])
    for name, reason in (("link", "is a link"), ("big", "more than"), ("half", "unpacked")):
        with pytest.raises(DataError, match=reason):
            unpack(tmp_path / f"{name}.zip", tmp_path / "out" / name, most_bytes=10**5)
    assert list((tmp_path / "out").iterdir()) == []
