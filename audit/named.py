"""Commands among the names of models: told, and shown without where their files lie."""

from __future__ import annotations

import os

COMMAND = "command:"


def is_command(model: str) -> bool:
    """Return whether a model is named as a command.

    >>> is_command("command: segment {input} {output}"), is_command("model.toml")
    (True, False)
    """
    return model.startswith(COMMAND)


def shown(model: str) -> str:
    """Return what a record calls a model: the name of its file, or its command without folders.

    >>> shown("nets/model.toml"), shown("command: python /home/me/segment.py {input} {output}")
    ('model.toml', 'python segment.py {input} {output}')
    """
    if not is_command(model):
        return os.path.basename(model.rstrip("/")) or model  # noqa: PTH119 (loads nothing)
    words = model.removeprefix(COMMAND).split()
    return " ".join(os.path.basename(w) if w.startswith("/") else w for w in words)  # noqa: PTH119
