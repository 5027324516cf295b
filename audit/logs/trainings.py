"""The trainings of a sheet: its columns chosen, its places counted, its oddities told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum, isfinite
from typing import TYPE_CHECKING

from audit.logs.attempt import Attempt, attempts
from audit.logs.axis import along
from audit.logs.choice import choose
from audit.logs.column import meaning
from audit.logs.log import Curve, Notice, Run
from audit.logs.oddity import oddities, repetitions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audit.logs.axis import Axis
    from audit.logs.choice import Choice
    from audit.logs.sheet import Sheet

NEAR = 0.2
"""A training goes on from another where its first loss is nearer than this share of its fall."""


def trainings(sheet: Sheet, name: str, asked: Mapping[str, str]) -> tuple[Run, ...]:
    """Return the trainings that follow one another in a sheet, those with a loss, under a name.

    `asked` maps `train`, `val`, `rate` and `epoch` to columns. Raises LogError where no column is
    a loss, or one that is asked for is not there.
    """
    choice = choose(sheet.columns, asked, sheet.again)
    axis = along(sheet, choice.main, asked)
    reading = AttemptReading(name=name, sheet=sheet, choice=choice, axis=axis)
    found = [reading.run(attempt) for attempt in attempts(axis.places)]
    runs = tuple(run for run in found if run.training or run.validation)
    if len(runs) == 1:
        return runs
    before = (None, *runs)
    return tuple(
        replace(numbered(run, number, len(runs)), continues=goes_on(before[number - 1], run))
        for number, run in enumerate(runs, 1)
    )


def goes_on(before: Run | None, run: Run) -> bool:
    """Say whether a training begins where the one before it in the log ended.

    Its first loss is then nearer to the last one than a fifth of what had been learnt: the count
    began anew, the network did not.
    """
    one, other = (each and (each.training or each.validation) for each in (before, run))
    if not one or not other:
        return False
    first, last, here = one.values[0], one.values[-1], other.values[0]
    return abs(here - last) < NEAR * abs(first - last)


def numbered(run: Run, number: int, of: int) -> Run:
    """Return a run with its number among those of its log."""
    text = f"training {number} of {of} in this log: the {run.counts} goes back to the start"
    return replace(
        run, name=f"{run.name} ({number})", notices=(*run.notices, Notice("several", text))
    )


@dataclass(frozen=True, kw_only=True)
class AttemptReading:
    """How the attempts of one sheet become runs."""

    name: str
    sheet: Sheet
    choice: Choice
    axis: Axis

    def run(self, attempt: Attempt) -> Run:
        """Return one training."""
        choice, counts = self.choice, self.axis.counts
        training = curve(attempt, choice.training)
        validation = curve(attempt, choice.validation)
        empty = validation is not None and self.is_unmeasured(validation)
        if empty:
            validation = None
        notices = oddities(training, validation, counts)
        return Run(
            name=self.name,
            counts=counts,
            training=training,
            validation=validation,
            rate=curve(attempt, (choice.rate,)) if choice.rate else None,
            others=dict(self.others(attempt)),
            notices=(
                *choice.notices,
                *self.axis.notices,
                *self.sheet.notices,
                *repetitions(choice.training + choice.validation, attempt.series, counts),
                *([no_test_data(choice.validation)] if empty else []),
                *(one for one in notices if not (empty and one.kind == "no validation")),
            ),
        )

    def is_unmeasured(self, found: Curve) -> bool:
        """Say whether a loss is 0 throughout because there were no data to measure it on."""
        return found.source in self.sheet.unmeasured and not any(found.values)

    def others(self, attempt: Attempt) -> Iterator[tuple[str, Curve]]:
        """Yield the further quantities; clocks and counters are none."""
        used = {*self.choice.training, *self.choice.validation, self.choice.rate, self.axis.column}
        for column in attempt.series:
            said = meaning(column)
            found = curve(attempt, (column,))
            if column not in used and not said.counts and not said.clock and found:
                yield column, found


def curve(attempt: Attempt, columns: Sequence[str]) -> Curve | None:
    """Return a column as a curve, or the sum of several where all of them have values."""
    found = [attempt.series[column] for column in columns if column in attempt.series]
    if not columns or len(found) < len(columns):
        return None
    source = " + ".join(columns)
    if len(found) == 1:
        return Curve(source=source, at=tuple(found[0].at), values=tuple(found[0].values))
    parts = [dict(zip(one.at, one.values, strict=True)) for one in found]
    at = [place for place in found[0].at if all(place in part for part in parts)]
    values = [total([part[place] for part in parts]) for place in at]
    if not at:
        return None
    return Curve(source=source, at=tuple(at), values=tuple(values))


def total(values: Sequence[float]) -> float:
    """Return a sum; infinities of both signs sum to NaN."""
    return fsum(values) if all(isfinite(value) for value in values) else sum(values)


def no_test_data(columns: Sequence[str]) -> Notice:
    """Return that zeros stand for no measurement."""
    text = f"`{columns[0]}` is 0 throughout: there were no test data, and nothing was measured"
    return Notice("no test data", text)
