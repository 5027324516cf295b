"""Public datasets by name: official addresses, pinned hashes, and the terms of their use.

Nothing is fetched before its terms were accepted, and nothing is unpacked before its hash matched;
the hash is the only trust, for some addresses are plain http. The values are those that torch-em
pins (constantinpape/torch-em, torch_em/data/datasets/light_microscopy); an archive whose hash is
not known is not offered. An archive put into the folder by hand counts as fetched.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from audit.errors import DataError, UsageError, suggest
from audit.images.reading import plain
from audit.unpack import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping

CTC_TERMS = (
    "Cell Tracking Challenge: cite doi:10.1038/s41592-023-01879-y and acknowledge the providers; "
    "free for use in the challenge, other public scientific use needs the data providers' "
    "permission, commercial use that of the organisers and the providers "
    "(https://celltrackingchallenge.net/datasets/)"
)
DEEPBACS_TERMS = (
    "DeepBacs: CC-BY-4.0 (https://creativecommons.org/licenses/by/4.0/), cite "
    "doi:10.1038/s42003-022-03634-z"
)


@dataclass(frozen=True, kw_only=True)
class Archive:
    """One archive: where it is, what its bytes are, and on which terms it may be used."""

    name: str
    url: str
    file: str
    sha256: str
    terms: str


def _challenge(name: str, sha256: str) -> Archive:
    """Return the training archive of a challenge dataset."""
    return Archive(
        name=name,
        url=f"http://data.celltrackingchallenge.net/training-datasets/{name}.zip",
        file=f"{name}.zip",
        sha256=sha256,
        terms=CTC_TERMS,
    )


def _deepbacs(name: str, record: int, file: str, sha256: str) -> Archive:
    """Return an archive of a DeepBacs record."""
    return Archive(
        name=name,
        url=f"https://zenodo.org/records/{record}/files/{file}?download=1",
        file=file,
        sha256=sha256,
        terms=DEEPBACS_TERMS,
    )


_ARCHIVES = (
    _challenge("BF-C2DL-HSC", "0aa68ec37a9b06e72a5dfa07d809f56e1775157fb674bb75ff904936149657b1"),
    _challenge("BF-C2DL-MuSC", "ca72b59042809120578a198ba236e5ed3504dd6a122ef969428b7c64f0a5e67d"),
    _challenge("DIC-C2DH-HeLa", "832fed2d05bb7488cf9c51a2994b75f8f3f53b3c3098856211f2d39023c34e1a"),
    _challenge(
        "Fluo-C2DL-Huh7", "1912658c1b3d8b38b314eb658b559e7b39c256917150e9b3dd8bfdc77347617d"
    ),
    _challenge("Fluo-C2DL-MSC", "a083521f0cb673ae02d4957c5e6580c2e021943ef88101f6a2f61b944d671af2"),
    _challenge(
        "Fluo-N2DH-GOWT1", "1a7bd9a7d1d10c4122c7782427b437246fb69cc3322a975485c04e206f64fc2c"
    ),
    _challenge(
        "Fluo-N2DH-SIM+", "3e809148c87ace80c72f563b56c35e0d9448dcdeb461a09c83f61e93f5e40ec8"
    ),
    _challenge(
        "Fluo-N2DL-HeLa", "35dd99d58e071aba0b03880128d920bd1c063783cc280f9531fbdc5be614c82e"
    ),
    _challenge("PhC-C2DH-U373", "b18185c18fce54e8eeb93e4bbb9b201d757add9409bbf2283b8114185a11bc9e"),
    _challenge("PhC-C2DL-PSC", "9d54bb8febc8798934a21bf92e05d92f5e8557c87e28834b2832591cdda78422"),
    _deepbacs(
        "deepbacs-s-aureus",
        5550933,
        "DeepBacs_Data_Segmentation_Staph_Aureus_dataset.zip",
        "4047792f1248ee82fce34121d0ade84828e55db5a34656cc25beec46eacaf307",
    ),
    _deepbacs(
        "deepbacs-e-coli",
        5550935,
        "DeepBacs_Data_Segmentation_E.coli_Brightfield_dataset.zip",
        "f812a2f814c3875c78fcc1609a2e9b34c916c7a9911abbf8117f423536ef1c17",
    ),
    _deepbacs(
        "deepbacs-mixed",
        5551009,
        "DeepBacs_Data_Segmentation_StarDist_MIXED_dataset.zip",
        "2730e6b391637d6dc05bbc7b8c915fd8184d835ac3611e13f23ac6f10f86c2a0",
    ),
)

REGISTRY: Mapping[str, Archive] = {archive.name: archive for archive in _ARCHIVES}
"""Every archive that can be fetched, by name."""


def archive_of(name: str) -> Archive:
    """Return the archive of a name; raises UsageError with the nearest known one."""
    if name not in REGISTRY:
        raise UsageError(f"{plain(name)}: no such dataset; {suggest(name, REGISTRY)}")
    return REGISTRY[name]


def cache_folder() -> Path:
    """Return where archives are kept: $BIOAUDIT_CACHE, or the user's cache folder."""
    chosen = os.environ.get("BIOAUDIT_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    return Path(_pooch().os_cache("bioaudit"))


def fetch(name: str, *, accept_terms: bool = False, cache: str | Path | None = None) -> Path:
    """Return the unpacked folder of a dataset, fetched once and verified.

    Raises UsageError with the terms of use until they are accepted, DataError where the archive
    cannot be fetched or is not what was pinned.
    """
    archive = archive_of(name)
    if not accept_terms:
        raise UsageError(f"{name}: accept the terms of use first. {archive.terms}")
    base = Path(cache) if cache is not None else cache_folder()
    unpacked = base / "unpacked" / name
    if not unpacked.is_dir():
        unpack(_retrieve(archive, base / "archives"), unpacked)
    return _inner(unpacked)


def _retrieve(archive: Archive, folder: Path) -> Path:
    """Return the verified archive file, downloaded to a temporary name first."""
    pooch, target = _pooch(), folder / archive.file
    if target.is_file() and _sha256(target) == archive.sha256:
        return target
    if target.exists():
        raise DataError(f"{plain(target)}: not the pinned bytes; move it away and fetch again")
    try:
        pooch.retrieve(
            archive.url,
            f"sha256:{archive.sha256}",
            fname=archive.file,
            path=folder,
            progressbar=False,
        )
    except ValueError as error:
        raise DataError(
            f"{archive.url}: not the pinned bytes (sha256 {archive.sha256}); nothing was kept, "
            "the download broke off or the dataset has changed"
        ) from error
    except OSError as error:
        raise DataError(
            f"{archive.name}: could not be fetched; download {archive.url} elsewhere and put it at "
            f"{plain(target)}"
        ) from error
    return target


def fetched(folder: Path) -> str:
    """Return the name of the archive that a folder was fetched of; "" where it was not.

    Such a folder lies in the cache beside the archive itself, whose hash was checked.
    """
    for place in (folder, *folder.parents):
        archive = REGISTRY.get(place.name)
        if archive and place.parent.name == "unpacked":
            kept = place.parent.parent / "archives" / archive.file
            return place.name if kept.is_file() else ""
    return ""


def verify(name: str, *, cache: str | Path | None = None) -> Path:
    """Hash the archive and compare every unpacked file with it; return the unpacked folder.

    Raises DataError where either is missing or differs.
    """
    archive = archive_of(name)
    base = Path(cache) if cache is not None else cache_folder()
    source, unpacked = base / "archives" / archive.file, base / "unpacked" / name
    if not source.is_file():
        raise DataError(f"{plain(source)}: not there; fetch {name}")
    if _sha256(source) != archive.sha256:
        raise DataError(f"{plain(source)}: not the pinned bytes; remove it and fetch {name} again")
    try:
        with ZipFile(source) as content:
            sums = {one.filename: one.CRC for one in content.infolist() if not one.is_dir()}
    except (BadZipFile, OSError) as error:
        raise DataError(f"{plain(source)}: no readable zip ({plain(str(error))})") from error
    for member, checksum in sums.items():
        path = unpacked / member
        if not path.is_file() or zlib.crc32(path.read_bytes()) != checksum:
            raise DataError(f"{plain(path)}: missing or changed; remove the folder and fetch again")
    return _inner(unpacked)


def _inner(folder: Path) -> Path:
    """Return the one folder that an archive holds, or the folder it was unpacked to."""
    inner = [path for path in folder.iterdir() if path.name != "__MACOSX"]
    return inner[0] if len(inner) == 1 and inner[0].is_dir() else folder


def _sha256(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pooch() -> Any:
    """Return pooch, which is an extra; raises UsageError with the remedy where it is missing."""
    try:
        import pooch
    except ImportError as error:
        raise UsageError("fetching needs pooch; pip install 'bioaudit[data]'") from error
    return pooch
