"""One question of a benchmark: the finding, its figure, and the numbers that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.quantities.networks import value
from audit.quantities.scatter import widening
from audit.quantities.summary import summary
from reports.benchmark import say
from reports.benchmark.column import quantity
from reports.benchmark.contrast import apart, family
from reports.benchmark.draw import draw_axis, draw_differences
from reports.benchmark.network import seeds
from reports.benchmark.question import QUESTIONS, AnsweredQuestion, answer
from reports.words import NONE, count, slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.quantities.answer import Answer
    from reports.benchmark.contrast import Compared, Table
    from reports.benchmark.network import Asked, AuditedNetwork

HEAD = ("quantity", "row", "value", "difference", "", "could have seen")


@dataclass(frozen=True, kw_only=True)
class DatasetSection:
    """A question put to one dataset."""

    anchor: str
    asks: str
    why: str
    dataset: str
    finding: str
    svg: str
    key: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    contrasts: tuple[Compared, ...]


def section(asked: Asked, networks: Sequence[AuditedNetwork], table: Table) -> DatasetSection:
    """Return what a benchmark answers to one question on one dataset."""
    question = QUESTIONS[asked.question]
    mine = {row: table[row] for row in asked.rows}
    contrasts = family(mine, asked.against, [quantity(name) for name in question.quantities])
    places = dict(zip(asked.rows, asked.places, strict=True))
    finding = answer(question, contrasts, places)
    return DatasetSection(
        anchor=f"question-{slug(asked.question)}-{slug(asked.dataset)}",
        asks=question.asks,
        why=question.why,
        dataset=asked.dataset,
        finding=finding,
        svg=drawing(question, asked, mine, contrasts, finding) if contrasts else "",
        key=key(question),
        head=HEAD,
        rows=tuple(numbers(question, asked, mine, contrasts)),
        note=note(asked, networks, contrasts),
        contrasts=tuple(contrasts),
    )


def drawing(
    question: AnsweredQuestion, asked: Asked, table: Table, contrasts: Sequence[Compared], says: str
) -> str:
    """Return the figure of a question."""
    if question.kind == "pair":
        return draw_differences(contrasts, says)
    places = dict(zip(asked.rows, asked.places, strict=True))
    levels = {
        name: found for name in question.quantities if len(found := levels_of(name, table)) > 1
    }
    sure = {(one.row, one.quantity.name) for one in contrasts if one.sure}
    return draw_axis(levels, places, sure, question.axis, says)


def levels_of(name: str, table: Table) -> list[tuple[str, Answer]]:
    """Return the value of a quantity in each row that has one."""
    wanted = quantity(name)
    known = apart(wanted, table)
    pairs = [(row, value(seen[name], apart=known)) for row, seen in table.items() if name in seen]
    return [(row, found) for row, found in pairs if found is not None]


def numbers(
    question: AnsweredQuestion, asked: Asked, table: Table, contrasts: Sequence[Compared]
) -> list[tuple[str, ...]]:
    """Return the table of a question: every quantity of every row, beside the difference."""
    known = {(one.quantity.name, one.row): one for one in contrasts}
    lines: list[tuple[str, ...]] = []
    for name in question.quantities:
        wanted = quantity(name)
        for row, found in levels_of(name, table):
            short = summary(found, table[row][name])
            whole = f"{say.value(wanted, short)} {say.within(wanted, short)}"
            one = known.get((name, row))
            none = "compared with" if row == asked.against else NONE
            change = (none, "", "")
            if one:
                here = say.beside(say.change(one), say.elsewhere(one))
                change = (here, verdict(one), say.could(one))
            lines.append((wanted.head, row, whole.strip(), *change))
    return lines


def verdict(one: Compared) -> str:
    """Return what a comparison comes to."""
    if one.identical:
        return "the same on every image"
    return say.MARKS[one.word] or "no difference seen"


def key(question: AnsweredQuestion) -> tuple[tuple[str, str], ...]:
    """Return the key of a figure."""
    ends = "interval of the difference, wider for the number of comparisons"
    whole = "value with its 95 % interval"
    return (
        ("dot", "differs surely from the row compared with"),
        ("hollow", "no difference seen, or the row compared with itself"),
        ("model", ends if question.kind == "pair" else whole),
    )


def note(asked: Asked, networks: Sequence[AuditedNetwork], contrasts: Sequence[Compared]) -> str:
    """Return how the comparison was made, and what it holds for."""
    mine = [one for one in networks if one.row == asked.against]
    images = contrasts[0].answer.here.n if contrasts else 0
    groups = contrasts[0].answer.here.groups if contrasts else 0
    carries = contrasts[0].answer.carries if contrasts else ""
    movies = f" of {count(groups, 'group')}" if groups != images else ""
    grown = (
        f"One network a row ({seeds(mine)}): differences are those of these very networks, and two "
        "seeds of one recipe may differ by as much."
        if len(mine) == 1
        else f"{len(mine)} networks a row ({seeds(mine)}), the same on either side: the intervals "
        f"include the scatter of images and of seeds.{scarce(contrasts, len(asked.rows))}"
    )
    return (
        f"{count(len(contrasts), 'comparison')}, each paired on the same {count(images, 'image')}"
        f"{movies}, share one risk of 5 % (Holm). {carries} {grown} Could have seen: the "
        "difference that such a comparison would have found with a probability of 80 %."
    )


def scarce(contrasts: Sequence[Compared], rows: int) -> str:
    """Return how much wider few seeds make the intervals; "" where images limit them more."""
    if not contrasts:
        return ""
    one = contrasts[0]
    here = one.answer.here
    known, images = one.answer.estimate.known, here.n - (here.groups if one.answer.several else 1.0)
    if known >= images:
        return ""
    now, more = (widening(free, images, one.held_to) for free in (known, known + rows))
    return (
        f" The scatter of seeds is known on {count(known, 'degree')} of freedom alone, which makes "
        f"the intervals {now:.1f} times as wide; one more seed a row would leave {more:.1f} times."
    )
