"""Laws of the comparison page: whole, without scripts, and its words are its numbers."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from reports.benchmark.page import page, write
from reports.benchmark.quantity import QUANTITIES, quantity
from reports.benchmark.question import QUESTIONS
from tests.reports.benchmark.made import benchmark
from tests.reports.benchmark.made import write as write_record
from tests.reports.test_html import Tags

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
    assert "this benchmark could have seen 0.0" in section.finding
    assert "One network a row" in section.note


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
    from audit.record import Record
    from reports.benchmark.seen import see

    path = tmp_path / "r.sqlite"
    write_record(path, [0.5] * 9, classes=[(0, 1.0, 900), (1, 0.9, 80), (2, 0.3, 9), (3, 0.1, 0)])
    with Record(path, readonly=True) as record:
        found = see(record, quantity("minority"))
    assert found.values.tolist() == [[0.3]] * 9


def test_one_kind_of_object_has_no_rarest_class(tmp_path):
    """With two classes the rarest would be the foreground once more, and count twice."""
    from audit.record import Record
    from reports.benchmark.seen import see

    path = tmp_path / "r.sqlite"
    write_record(path, [0.5] * 9, classes=[(0, 1.0, 900), (1, 0.9, 80)])
    with Record(path, readonly=True) as record:
        assert see(record, quantity("minority")) == "there is one kind of object only"


@pytest.mark.parametrize("name", QUESTIONS)
def test_questions_are_about_quantities_that_there_are(name):
    """Every question names known quantities that can be compared."""
    known = {one.name: one for one in QUANTITIES}
    assert all(known[one].better for one in QUESTIONS[name].quantities)
