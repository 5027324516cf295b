"""What one probe found: its figure with its finding and pictures, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audit.role import AUDITED
from reports.figures import fates
from reports.figures.crops import worst_objects
from reports.figures.curves import chart
from reports.figures.drops import drops, means
from reports.figures.evidence import main_metric, metrics, roles
from reports.figures.fates import LEDGER, objects
from reports.figures.figure import (
    Figure,
    anchor,
    of_charts,
    of_drops,
    of_means,
    of_pairs,
    of_spread,
)
from reports.figures.material import gather
from reports.figures.pairs import pairs
from reports.figures.spread import spread
from reports.figures.tables import of_everything, of_remarks, of_rows
from reports.figures.trained import of_trainings
from reports.figures.training import ADVICE, CURVES, DIAGNOSIS, SOUND, Training, trainings
from reports.page.summary import summary
from reports.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audit.policy.rule import Rule
    from audit.record.record import Record
    from reports.figures.curves import Chart
    from reports.figures.evidence import Question
    from reports.figures.fates import FatedObject
    from reports.figures.filmstrip import Album
    from reports.figures.material import Material
    from reports.figures.spread import Spread


MANY = 3
"""A probe that is judged by so many metrics is shown as a table of all."""


@dataclass(frozen=True, kw_only=True)
class Probed:
    """One probe with its figure; `silence` says why there is none.

    `elsewhere` says that the figure of another probe shows what it found; `whole`, that its own
    tells what each of its rules came to. `says` and `advice` stand beside it: what is well, and
    what to do; `advised` where its table says what to do.
    """

    question: Question
    figure: Figure | None = None
    elsewhere: bool = False
    whole: bool = False
    says: str = ""
    advice: str = ""
    advised: bool = False
    charts: tuple[Chart, ...] = ()
    scatter: Spread | None = None
    silence: str = ""


def probed(
    record: Record, question: Question, rules: list[Rule], album: Album, *, typical: bool = False
) -> Probed:
    """Return what a probe found on the audited model, with the `typical` image where wanted."""
    # A question that needs no model is answered where none was audited.
    found = roles(record) or {AUDITED: ""}
    names = metrics(record, question.name, found[AUDITED])
    mine = [rule for rule in rules if rule.probe == question.name]
    metric = main_metric(names, mine, record.main_metric)
    if metric is None:
        return Probed(question=question, silence=silence(record, question, found[AUDITED]))
    if question.name in (CURVES, DIAGNOSIS, ADVICE) and (runs := trainings(record, found[AUDITED])):
        return trained(record, question, runs)
    if figure := in_words(record, question, found[AUDITED], names):
        return Probed(question=question, figure=figure)
    if question.name == LEDGER and (fated := objects(record, found[AUDITED])):
        return of_fates(record, question, fated, album)
    material = gather(record, question, metric, found, rules=rules, words=album.words)
    mine = [rule for rule in rules if rule.probe == question.name]
    together = pairs(record, mine)
    if together:
        made = Probed(question=question, figure=of_pairs(material, together))
    elif len({rule.metric for rule in mine}) >= MANY or unruled(mine, names):
        whole = summary(record, question, found, album.words)
        made = Probed(question=question, figure=of_everything(material, whole))
    else:
        made = pictured(record, material)
    strips = album.strips(question.name, found[AUDITED], material.panels, typical=typical)
    assert made.figure is not None
    return replace(made, figure=replace(made.figure, strips=strips))


def of_fates(
    record: Record, question: Question, found: Sequence[FatedObject], album: Album
) -> Probed:
    """Return what became of the objects: shares by size, the images, and the worst of them."""
    digest = roles(record)[AUDITED]
    sizes = {pixel for (pixel,) in record.database.execute("select pixel_um from samples")}
    pixel_um = sizes.pop() if len(sizes) == 1 else None
    title = fates.title_of(found)
    return Probed(
        question=question,
        figure=Figure(
            anchor=anchor(question),
            finding=title,
            svg=fates.draw(found, pixel_um, title),
            key=fates.key(),
            note=fates.note_of(found, pixel_um),
            strips=(
                *worst_objects(record, album, found, digest, pixel_um),
                *album.strips(question.name, digest, ()),
            ),
        ),
    )


def trained(record: Record, question: Question, runs: Sequence[Training]) -> Probed:
    """Return what was found on the curves of a training, once for all probes that speak of them."""
    diagnosed = any(one.shapes for one in runs)
    if question.name != (DIAGNOSIS if diagnosed else CURVES):
        return Probed(question=question, elsewhere=True)
    remarks = [text for _, text in record.remarks(CURVES, "notices")]
    return Probed(
        question=question,
        figure=of_trainings(question, runs, remarks),
        whole=diagnosed,
        says=sound(runs),
        advice=runs[0].advice if len(runs) == 1 else "",
        advised=any(one.advice for one in runs),
    )


def sound(runs: Sequence[Training]) -> str:
    """Return why the only run is a good fit; "" where it is none, and of many."""
    if len(runs) > 1:
        return ""
    return next((one.because for one in runs[0].shapes if one.holds and one.name == SOUND), "")


def in_words(
    record: Record, question: Question, digest: str, metrics: Sequence[tuple[str, bool]]
) -> Figure | None:
    """Return the figure of a probe that speaks in its own words; None of any other."""
    said = {name: record.remarks(question.name, name) for name, _ in metrics}
    metric = max(said, key=lambda name: len(said[name]))
    if not said[metric]:
        return None
    rows = list(record.measurements(question.name, digest, metric))
    return of_remarks(question, rows, {str(at): text for at, text in said[metric]})


def unruled(rules: Sequence[Rule], names: Sequence[tuple[str, bool]]) -> bool:
    """Return whether nobody says which of many metrics is the one to draw."""
    found = {metric for metric, _ in names}
    return not rules and len(found) >= MANY and "iou" not in found


def silence(record: Record, question: Question, digest: str) -> str:
    """Return why a probe measured nothing, in its units' own words."""
    units = [unit for unit in record.units(question.name) if unit.model in (digest, "")]
    if not units:
        return "It was not run."
    reasons = dict.fromkeys(unit.reason for unit in units if unit.reason)
    status = units[0].status.replace("_", " ")
    why = "; ".join(short(one, 200) for one in reasons)
    return f"Nothing was measured ({status}{': ' * bool(why)}{why})."


def pictured(record: Record, material: Material) -> Probed:
    """Return the figure that fits the probe's conditions: scatter, drops, curves, or a table."""
    question, panels = material.question, material.panels
    axes = {panel.axis for panel in panels}
    if any(row.sample is None for row in material.mine):
        return Probed(question=question, figure=of_rows(material))
    if axes == {None} and len(panels) == 1 and (scatter := spread(material, panels[0])):
        return Probed(question=question, figure=of_spread(material, scatter), scatter=scatter)
    found = (chart(record, material, panel) for panel in panels if panel.axis)
    charts = tuple(one for one in found if one)
    if (len(axes) > 1 or None in axes) and (lost := drops(material)):
        return Probed(question=question, figure=of_drops(material, lost), charts=charts)
    if charts and None not in axes:
        return Probed(question=question, figure=of_charts(material, charts), charts=charts)
    if len(apiece := means(material)) > 1:
        return Probed(question=question, figure=of_means(material, apiece))
    return Probed(question=question, figure=of_rows(material))
