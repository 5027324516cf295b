"""Files of models that are no TorchScript: what they are, told by their content, and what to do."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ALONE = "weights alone need a `network`: --model file.py:function --weights FILE, or in a card"

SCRIPT = "save it with torch.jit.script(network.eval()).save(FILE)"

STATE = f"a state dict, not TorchScript; {ALONE}"

PICKLE = (
    f"a whole pickled model, not TorchScript: loading it would run code; {SCRIPT}, or save its "
    "state_dict and name the network as file.py:function"
)

STARTS = {
    b"\x80": f"a pickle, not TorchScript; {ALONE}, or {SCRIPT}",
}
"""What a file is by its first bytes."""

MEMBERS = (
    (("archive_format", "models/model.json"), f"a torch.export program, not TorchScript; {SCRIPT}"),
)
"""What an archive is by the names of its members."""

TEXTS = (".json", ".txt", ".md", ".py")


def kind_of(path: Path) -> str:
    """Return what a file is that is no TorchScript, with the remedy; nothing if it is unknown."""
    if zipfile.is_zipfile(path):
        return archived(path)
    if path.suffix in TEXTS:
        return f"a {path.suffix.removeprefix('.')} file, not a model: name model.toml, or weights"
    with path.open("rb") as file:
        start = file.read(8)
    return next((words for bytes_, words in STARTS.items() if start.startswith(bytes_)), "")


def archived(path: Path) -> str:
    """Return what an archive is, by its members and, of torch's, by what its pickle names."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        for members, words in MEMBERS:
            if any(ends(names, member) for member in members):
                return words
        if pickled := next((name for name in names if name.endswith("data.pkl")), None):
            return of_torch(archive.read(pickled))
    return "a zip archive, not TorchScript"


def ends(names: Iterable[str], member: str) -> bool:
    """Return whether an archive has a member of a name, in whatever folder."""
    return any(name == member or name.endswith(f"/{member}") for name in names)


def of_torch(pickled: bytes) -> str:
    """Return what torch saved: tensors by name, or a whole module; nothing in it is run.

    The classes that a pickle would call stand in it as text.
    """
    import pickletools

    strings = [str(arg) for op, arg, _ in pickletools.genops(pickled) if op.name == "GLOBAL"]
    harmless = ("collections OrderedDict", "torch._utils", "torch ")
    return STATE if all(one.startswith(harmless) for one in strings) else PICKLE
