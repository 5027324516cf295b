"""What the tests of `bioaudit run` ask, and how they read what it left."""

from __future__ import annotations

import sqlite3

PASSING = """
format = 2
name = "anything"
[[rule]]
id = "measured"
what = "the mean foreground IoU"
probe = "pipeline.score"
metric = "iou"
at_least = 0.0
why = "Any measurement at all is inside this bound."
"""


def count(record, query):
    """Return one number from a record."""
    with sqlite3.connect(record) as database:
        return database.execute(query).fetchone()[0]
