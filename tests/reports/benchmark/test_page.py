"""Laws of the comparison page: whole, without scripts, and its words are its numbers."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy.stats import t

from audit.quantities.networks import value
from audit.record.record import Record
from audit.record.unit import Unit
from reports.benchmark.column import QUANTITIES, quantity
from reports.benchmark.contrast import apart
from reports.benchmark.network import read
from reports.benchmark.page import page, write
from reports.benchmark.question import QUESTIONS
from tests.audit.quantities.shown import METRICS
from tests.reports.benchmark.made import benchmark, m
from tests.reports.benchmark.made import write as write_record
from tests.reports.test_html import Tags

IOU = quantity("iou")
STREAM = np.random.default_rng(4)
HARD = STREAM.normal(0.7, 0.05, 12)
ALIKE = HARD + STREAM.normal(0, 0.01, 12)
POOR = HARD - 0.2 + STREAM.normal(0, 0.01, 12)


def test_the_page_stands_alone(tmp_path):
    """The page nests, holds no script and asks for nothing from elsewhere."""
    path = write(tmp_path / "b.html", benchmark(tmp_path, {"standard": HARD, "poor": POOR}))
    text = path.read_text("utf-8")
    tags = Tags(text)
    assert not tags.open
    assert not {"script", "link", "iframe", "img"} & {tag for tag, _ in tags.found}
    assert "default-src 'none'" in text


def test_a_planted_difference_is_said_and_marked(tmp_path):
    """The row is marked, the sentence names the quantity, and the CSV holds the same."""
    made = benchmark(tmp_path, {"standard": HARD, "poor": POOR, "alike": ALIKE})
    whole = page(made)
    (sheet,) = whole.sheets
    standard, poor, alike = sheet.rows
    assert poor.cells[0][0].mark == "▼ worse"
    assert standard.cells[0][0].mark == alike.cells[0][0].mark == ""
    assert sheet.says[0].startswith("Poor is worse in IoU (")
    assert sheet.says[1].startswith("Alike: no difference seen in any of")
    write(tmp_path / "b.html", made)
    lines = list(csv.DictReader((tmp_path / "b.csv").read_text().splitlines()))
    words = {(one["row"], one["quantity"]): one["word"] for one in lines}
    assert words["poor", "iou"] == "worse"
    assert words["alike", "iou"] == ""


def test_no_difference_says_what_could_have_been_seen(tmp_path):
    """The title of a question without a finding is honest about its power."""
    (section,) = page(benchmark(tmp_path, {"standard": HARD, "alike": ALIKE})).sections
    assert section.finding.startswith("Alike and standard: no difference seen")
    assert "this benchmark could have seen a difference of 0.0" in section.finding
    assert "One network a row (seed 0)" in section.note


def test_seeds_are_named(tmp_path):
    """Two seeds a row are named in the table and in the note, with what a third would bring."""
    rows = {"standard": HARD, "alike": ALIKE}
    whole = page(benchmark(tmp_path, rows, scatter=(-0.02, 0.02)))
    assert "2 networks (seeds 0 and 1)" in whole.sheets[0].rows[0].note
    note = whole.sections[0].note
    assert "2 networks a row (seeds 0 and 1), the same on either side" in note
    held = whole.sections[0].contrasts[0].held_to
    now, more = (t.isf(held / 2, free) / t.isf(held / 2, 11) for free in (2, 4))
    assert f"known on 2 degrees of freedom alone, which makes the intervals {now:.1f}" in note
    assert f"one more seed a row would leave {more:.1f} times" in note


def test_where_images_are_scarcer_no_seed_is_asked_for(tmp_path):
    """Four images leave three degrees of freedom, which four seeds a row do not raise."""
    rows = {"standard": HARD[:4], "alike": ALIKE[:4]}
    (section,) = page(benchmark(tmp_path, rows, scatter=(-0.02, 0.0, 0.01, 0.02))).sections
    assert "seeds 0, 1, 2 and 3" in section.note
    assert "one more seed" not in section.note


def test_rows_share_what_is_known_of_seeds(tmp_path):
    """The interval of a value is the narrower for what other rows tell of the scatter."""
    rows = {"standard": HARD, "alike": ALIKE}
    widths = []
    for names in (("standard",), ("standard", "alike")):
        made = benchmark(
            tmp_path / str(len(names)), {name: rows[name] for name in names}, scatter=(-0.02, 0.02)
        )
        table = read(made.networks)
        found = value(table["standard"]["iou"], apart=apart(IOU, table))
        low, high = found.interval()
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_the_words_are_those_of_the_page(tmp_path):
    """Every cell's head is explained, and nothing that the page does not show."""
    whole = page(benchmark(tmp_path, {"standard": HARD, "alike": ALIKE}))
    heads = {line.head for row in whole.sheets[0].rows for cell in row.cells for line in cell}
    assert {term for term, _ in whole.terms} == heads | {"interval"}


def test_an_axis_is_answered_along_itself(tmp_path):
    """A learning curve names the numbers of images that lose, and those that do not."""
    rows = {"all": HARD, "some": ALIKE, "few": POOR}
    made = benchmark(tmp_path, rows, question="images", places=(100, 50, 5))
    (section,) = page(made).sections
    assert section.finding.startswith("IoU against 100 training images: worse with 5, ")
    assert "no difference seen with 50, where 0.0" in section.finding
    assert section.svg.startswith("<svg")


def test_hostile_names_do_no_harm(tmp_path):
    """What a recipe is called is text and nothing else."""
    made = benchmark(tmp_path, {"standard": HARD, "<script>x</script>": POOR})
    assert "<script" not in write(tmp_path / "b.html", made).read_text("utf-8")


def test_the_rarest_class_is_that_of_the_fewest_pixels(tmp_path):
    """Its recall is compared, whichever number it has; a class without pixels is none."""
    path = tmp_path / "r.sqlite"
    write_record(path, [0.5] * 9, classes=[(0, 1.0, 900), (1, 0.9, 80), (2, 0.3, 9), (3, 0.1, 0)])
    with Record(path, readonly=True) as record:
        found = quantity("minority").seen(record)
    assert found.evidence.values.tolist() == [[0.3]] * 9


def test_an_attack_keeps_no_more_than_all(tmp_path):
    """Retention has no upper end of its own; of an attack that saw the untouched image it has."""
    path = tmp_path / "r.sqlite"
    write_record(path, [0.5] * 9)
    kept = [m("retention", value, n, noise_ratio=0.5) for n, value in enumerate([1, 1, 1, 0.2])]
    with Record(path) as record:
        record.write(Unit(key="g", model="m", probe="adversarial.gradient", block=0), kept)
        found = value([quantity("attack").seen(record)])
    assert found.interval()[1] == 1.0 < found.estimate.interval()[1]


def test_one_kind_of_object_has_no_rarest_class(tmp_path):
    """With two classes the rarest would be the foreground once more, and count twice."""
    path = tmp_path / "r.sqlite"
    write_record(path, [0.5] * 9, classes=[(0, 1.0, 900), (1, 0.9, 80)])
    with Record(path, readonly=True) as record:
        found = quantity("minority").seen(record)
    assert found.reason == "there is one kind of object only"


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_are_about_quantities_that_there_are(name):
    """Every question names known quantities that can be compared."""
    known = {one.name: one for one in QUANTITIES}
    assert all(METRICS[known[one].asks.metric].better for one in QUESTIONS[name].quantities)
