"""One image of a case: what it shows, and the rows that are told of it."""

from __future__ import annotations

import pytest
import torch

from audit.probing.case import Block, Case
from suites.pipeline.score import Score
from tests.toys import audit_of, cells, tiny


@pytest.fixture
def case() -> Case:
    """Return a case of three images in one block."""
    audit = audit_of(tiny(), cells(3))
    return Case(audit, "audited", Score(), Block(audit.samples), lambda _: ())


def test_a_look_shows_one_image_of_the_block(case):
    """Image, truth, objects and clean labels are those of the sample at its place."""
    for number, look in enumerate(case.looks()):
        assert look.sample is case.samples[number]
        assert torch.equal(look.image, torch.from_numpy(look.sample.image()))
        assert torch.equal(look.mask, torch.from_numpy(look.sample.mask()))
        assert torch.equal(look.objects, torch.from_numpy(look.sample.instances()))
        assert torch.equal(look.labels, case.clean.labels[number])


def test_a_row_carries_every_condition(case):
    """What the look is bound to and what the row says stand side by side."""
    look = case.looks(sigma_um=0.5)[1].at(axis="y")
    row = look.row("iou", 0.25, weight=8, factor=2.0)
    assert row.at == {"axis": "y", "factor": 2.0, "sigma_um": 0.5}
    assert (row.sample, row.value, row.weight) == (case.samples[1].id, 0.25, 8.0)
    assert look.undefined("iou", "no truth", factor=2.0).at == row.at


def test_a_row_has_a_value_or_a_reason(case):
    """A reason counts only where there is no value, and weighs nothing; without both is refused."""
    look = case.looks()[0]
    assert look.row("iou", 0.5, why="empty").undefined is None
    assert look.row("iou", None, weight=3, why="empty") == look.undefined("iou", "empty")
    assert look.undefined("iou", "empty").weight == 0
    with pytest.raises(ValueError, match="either a value or a reason"):
        look.row("iou", None)


def test_a_stream_is_keyed_by_sample_and_condition(case):
    """One key, one stream, whatever the order of its words; another image or condition, another."""
    first, second, _ = case.looks(noise="white")

    def draw(look):
        return torch.rand(4, generator=look.generator()).tolist()

    (batch, *_) = case.generators(noise="white", level=1)
    assert draw(first.at(level=1)) == torch.rand(4, generator=batch).tolist()
    assert draw(first.at(level=1)) == draw(case.looks(level=1)[0].at(noise="white"))
    assert len({tuple(draw(one)) for one in (first, second, first.at(level=1))}) == 3


def test_one_image_is_shown_alone_and_counted(case):
    """The model sees a batch of one, which costs one pass."""
    look = case.looks()[2]
    labels = look.labels_of(look.image)
    assert torch.equal(labels, case.model.predict(look.image[None]).labels[0])
    assert case.passes == 1


def test_a_drawn_row_is_the_same_row(case):
    """Evidence is outside equality, and drawn only when asked for."""
    look = case.looks()[0]
    row = look.row("iou", 0.5)
    shown = look.drawn(row, look.image, look.mask, look.labels)
    assert shown == row
    assert shown.picture().width == look.image.shape[-1]
