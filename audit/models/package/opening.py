"""Where the description of a package stands: in a folder, in a zip, or named itself."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from audit.errors import ModelError
from audit.models.package.description import FILES, ModelDescription, read_description
from audit.unpack import unpack

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


def open_package(path: Path) -> tuple[ModelDescription, TemporaryDirectory[str] | None]:
    """Return the description of a package, and where a zip was unpacked for as long as it is held.

    Raises ModelError, or DataError for a zip that leads outside or is too large.
    """
    if path.is_dir():
        return read_description(found(path, path)), None
    if path.suffix.lower() in TEXTS:
        return read_description(path), None
    made = TemporaryDirectory(prefix="bioaudit-package-")
    try:
        folder = unpack(path, Path(made.name) / "package", most_bytes=MOST_BYTES)
        return read_description(found(folder, path)), made
    except BaseException:
        made.cleanup()
        raise


def found(folder: Path, path: Path) -> Path:
    """Return the description in a folder, or in the only folder in it, as some zips have one."""
    inner = [one for one in sorted(folder.iterdir()) if one.is_dir()]
    with suppress(StopIteration):
        return next(
            file
            for one in (folder, *(inner if len(inner) == 1 else ()))
            if (file := described_in(one))
        )
    raise ModelError(f"{path}: no {' and no '.join(FILES)} in it: not a package of bioimage.io")
