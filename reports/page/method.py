"""How a probe was done: its settings, its source, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.figures.evidence import roles
from reports.words import clean, count, duration, number, with_unit

if TYPE_CHECKING:
    from audit.record.record import Record
    from reports.figures.evidence import Question


@dataclass(frozen=True, kw_only=True)
class Method:
    """The folded part of a chapter; `link` is empty where the source is no web address.

    `done` says whether the probe measured anything.
    """

    probe: str
    settings: tuple[tuple[str, str], ...]
    source: str
    link: str
    done: bool


def describe(record: Record, question: Question) -> Method:
    """Return how a probe was done."""
    units = record.units(question.name)
    return Method(
        probe=clean(question.name),
        settings=tuple((with_unit(k), setting(v)) for k, v in question.parameters.items()),
        source=clean(question.source),
        link=link(question.source),
        done=any(unit.status == "done" for unit in units),
    )


def setting(value: Any) -> str:
    """Return the value of a setting."""
    if isinstance(value, list):
        return ", ".join(setting(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else clean(value)


def link(source: str) -> str:
    """Return the web address of a source; "" for whatever is not surely one.

    >>> link("doi:10.1000/1"), link("arXiv:1711.08189"), link("javascript:alert(1)")
    ('https://doi.org/10.1000/1', 'https://arxiv.org/abs/1711.08189', '')
    """
    text = clean(source)
    kind, _, rest = text.partition(":")
    if kind.lower() == "doi" and rest.startswith("10."):
        return f"https://doi.org/{rest}"
    if kind.lower() == "arxiv" and rest:
        return f"https://arxiv.org/abs/{rest}"
    return text if text.startswith(("https://", "http://")) else ""


def totals(record: Record) -> tuple[str, str]:
    """Return the time spent and the forward passes of a whole audit, in words."""
    units = record.units()
    passes = sum(unit.passes for unit in units)
    backward = sum(unit.gradients for unit in units)
    words = count(passes, "forward pass")
    if len(roles(record)) > 1:
        words += f" over {len(roles(record))} models"
    return duration(sum(unit.seconds for unit in units)), words + (
        f", {number(backward, 0)} backward" if backward else ""
    )
