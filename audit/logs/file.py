"""One file of a log: its format is told by its content, never by its name."""

from __future__ import annotations

from pathlib import PurePath

from audit.errors import LogError
from audit.logs.content import text
from audit.logs.events import is_events
from audit.logs.free import read_free
from audit.logs.history import read_history
from audit.logs.prose import read_styled
from audit.logs.sheet import FoundLog
from audit.logs.table import has_names, read_table
from audit.logs.tensorboard import EVENTS, gathered


def read_file(content: bytes) -> FoundLog:
    """Return what a file holds; raises LogError where it is no log."""
    if is_events(content):
        return FoundLog(format=EVENTS, sheets=gathered({PurePath("events"): content}))
    found = read_text(text(content))
    if found is None:
        raise LogError(
            "no known log; expected a table, JSON, TensorBoard events, or lines such as "
            "`epoch 3 loss: 0.2 val_loss: 0.3`"
        )
    return found


def read_text(content: str) -> FoundLog | None:
    """Return what a text holds, None where it is no log.

    Lines of a known program go before tables, for their commas are not those of one; so do lines of
    any other where the table would have no line of names.
    """
    found = read_history(content) or read_styled(content)
    if found is not None:
        return found
    try:
        table, broken = read_table(content), None
    except LogError as error:
        table, broken = None, error
    if table is not None and has_names(table):
        return table
    prose = read_free(content)
    if prose is None and broken is not None:
        raise broken
    return prose or table
