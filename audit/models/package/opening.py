"""Where the description of a package stands: in a folder, in a zip, or named itself."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from audit.errors import ModelError
from audit.models.package.description import FILES, ModelDescription, read_description
from audit.unpack import unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = (".yaml", ".yml")
ZIP = ".zip"
MOST_BYTES = 16 * 2**30
"""Of what a zip may hold."""


def is_package(path: Path) -> bool:
    """Return whether a path looks like a package: a folder with a description, YAML, or a zip."""
    if path.is_dir():
        return described_in(path) is not None
    return path.is_file() and path.suffix.lower() in (*TEXTS, ZIP)


def described_in(folder: Path) -> Path | None:
    """Return the description in a folder; None where there is none."""
    return next((folder / name for name in FILES if (folder / name).is_file()), None)


@contextmanager
def opened(path: Path) -> Iterator[ModelDescription]:
    """Lend the description of a package; a zip is unpacked for as long as it is lent.

    Raises ModelError, or DataError for a zip that leads outside or is too large.
    """
    if path.is_dir():
        yield read_description(found(path, path))
    elif path.suffix.lower() in TEXTS:
        yield read_description(path)
    else:
        with TemporaryDirectory(prefix="bioaudit-package-") as made:
            folder = unpack(path, Path(made) / "package", most_bytes=MOST_BYTES)
            yield read_description(found(folder, path))


def found(folder: Path, path: Path) -> Path:
    """Return the description in a folder, or in the only folder in it, as some zips have one."""
    inner = [one for one in sorted(folder.iterdir()) if one.is_dir()]
    tried = (folder, *(inner if len(inner) == 1 else ()))
    file = next((one for one in map(described_in, tried) if one), None)
    if file is None:
        named = " and no ".join(FILES)
        raise ModelError(f"{path}: no {named} in it: not a package of bioimage.io")
    return file
