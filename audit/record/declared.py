"""What a record's metrics, conditions and suites mean, as their suites declared it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audit.metric import Condition, Metric

if TYPE_CHECKING:
    from collections.abc import Iterable
    from sqlite3 import Connection

    from audit.probing.suite import Suite


def declare(database: Connection, suites: Iterable[Suite]) -> None:
    """Keep what suites declare, all of it or nothing; what is known already is written anew."""
    database.execute("begin")
    try:
        fill(database, suites)
    except BaseException:
        database.execute("rollback")
        raise
    database.execute("commit")


def fill(database: Connection, suites: Iterable[Suite]) -> None:
    """Write a row for each suite, metric and condition."""
    for suite in suites:
        database.execute(
            "insert or replace into suites values (?, ?, ?)", (suite.name, suite.title, suite.about)
        )
        database.executemany(
            "insert or replace into metrics values (?, ?, ?, ?, ?, ?, ?)",
            [
                (one.name, one.words, one.unit, end(one.low), end(one.high), one.better, one.paired)
                for one in suite.metrics
            ],
        )
        database.executemany(
            "insert or replace into conditions values (?, ?, ?, ?, ?, ?)",
            [
                (one.name, one.words, one.unit, one.neutral, one.identity, one.many)
                for one in suite.conditions
            ],
        )


def end(value: float) -> float | None:
    """Return an end of a range as SQL keeps it."""
    return value if math.isfinite(value) else None


def metrics(database: Connection) -> dict[str, Metric]:
    """Return what every metric means, by name."""
    query = "select name, words, unit, low, high, better, paired from metrics order by name"
    return {
        name: Metric(
            name=name,
            words=words,
            unit=unit,
            low=-math.inf if low is None else low,
            high=math.inf if high is None else high,
            better=better,
            paired=bool(paired),
        )
        for name, words, unit, low, high, better, paired in database.execute(query)
    }


def conditions(database: Connection) -> dict[str, Condition]:
    """Return what every condition means, by name."""
    query = "select name, words, unit, neutral, identity, many from conditions order by name"
    return {
        name: Condition(
            name=name,
            words=words,
            unit=unit,
            neutral=neutral,
            identity=bool(identity),
            many=bool(many),
        )
        for name, words, unit, neutral, identity, many in database.execute(query)
    }
