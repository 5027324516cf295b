"""Laws of the runner: what fails or lacks something is said, and ends no audit."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import ClassVar

import pytest
import torch

from audit.engine.runner import run
from audit.errors import ReadingError
from audit.measurement import Measurement
from audit.record.record import Record
from suites.pipeline.score import Score
from suites.shift.defocus import Defocus
from tests.audit.runs import broken, measured, picky, statuses
from tests.toys import (
    Brightness,
    Does,
    Tiny,
    audit_of,
    dump,
    raw_threshold,
    rows_of,
    scene,
    scenes,
    segmenter,
)


@pytest.mark.parametrize("size", [1, 3])
def test_a_model_that_fails_on_one_image_fails_there_only(tmp_path, size):
    """The unit of that image is failed with a one-line reason, the others are done."""
    samples = (*scenes(2), scene(2, noise=60.0))
    audit = audit_of(picky(250.0), samples)
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Score()], record, block_size=size)
        assert statuses(record) == {
            "scene/00": "done",
            "scene/01": "done",
            "scene/02": "failed",
        }
        (reason,) = {u.reason for u in record.units() if u.samples == ("scene/02",)}
        assert reason.startswith("ModelError: failed on images of shape")
        assert "\n" not in reason
        assert {row[3] for row in dump(record)} == {"scene/00", "scene/01"}


@pytest.mark.parametrize("size", [1, 3])
def test_an_unreadable_image_is_left_alone(tmp_path, size):
    """The unit of an image that cannot be read says so with the reason; the run goes on."""
    audit = audit_of(raw_threshold(), (scene(0), broken("bad"), scene(1)))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Score()], record, block_size=size)
        assert statuses(record) == {"scene/00": "done", "scene/01": "done", "bad": "unread"}
        (reason,) = {u.reason for u in record.units() if u.samples == ("bad",)}
        assert reason == "bad: the file is cut short"


def test_a_reason_tells_no_more_than_it_may(tmp_path):
    """What is not to be told of a failure goes into no record, of images or of models."""
    samples = (broken("bad"), scene(2, noise=60.0))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(picky(250.0), samples), [Score()], record, hide=lambda _: "hidden")
        assert [unit.reason for unit in record.units()] == ["hidden", "hidden"]


@pytest.mark.parametrize("size", [1, 3])
def test_what_failed_is_tried_again_by_the_next_run(tmp_path, size):
    """After the cause is gone a resumed run gives the rows of a run without failure."""
    samples = (*scenes(2), scene(2, noise=60.0))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(picky(250.0), samples), [Score()], record, block_size=size)
        run(audit_of(picky(1e9), samples), [Score()], record, block_size=size)
        again = dump(record)
        assert set(statuses(record).values()) == {"done"}
    assert again == measured(tmp_path / "b.sqlite", audit_of(picky(1e9), samples), [Score()])


def test_only_the_failed_image_of_a_block_is_done_again(tmp_path):
    """A block whose images were done apart is resumed with those that are not done."""
    calls = []

    def judge(images):
        calls.append(len(images))
        if float(images.max()) > 250:
            raise RuntimeError("too bright")
        return torch.cat((140 - images, images - 140), 1)

    audit = audit_of(segmenter(Does(judge)), (*scenes(2), scene(2, noise=60.0)))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Score()], record, block_size=3)
        assert calls == [3, 1, 1, 1]
        run(audit, [Score()], record, block_size=3)
        assert calls == [3, 1, 1, 1, 1]


def test_our_own_error_in_a_model_is_the_models_failure(tmp_path):
    """A model that raises what readers of files raise has failed; the image is not unread."""

    def blame(_):
        raise ReadingError("the file is cut short")

    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(segmenter(Does(blame)), scenes(1)), [Score()], record)
        (unit,) = record.units()
    assert unit.status == "failed"
    assert "the file is cut short" in unit.reason


def test_a_lacking_need_is_one_skipped_unit_with_the_reason(tmp_path):
    """Where no image has what a probe needs the record says so; the other probes run."""
    samples = tuple(scene(number, pixel_um=None) for number in range(2))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold(), samples), [Score(), Defocus()], record)
        (unit,) = record.units("shift.defocus")
        assert unit.status == "skipped"
        assert unit.reason == "no image has a pixel size (say --pixel-um)"
        assert set(statuses(record).values()) == {"done"}


def test_needs_that_no_single_image_meets_are_skipped(tmp_path):
    """One image has a mask, another a pixel size: none has both, and the record says so."""
    samples = (scene(0, pixel_um=None), scene(1, mask=None))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold(), samples), [Defocus()], record)
        (unit,) = record.units()
        assert (unit.status, unit.samples) == ("skipped", ())
        assert unit.reason == "no image has everything that this probe needs"


def test_later_data_take_the_place_of_a_skipped_unit(tmp_path):
    """Once the pixel size is given, nothing is left of the unit that lacked it."""
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold(), (scene(0, pixel_um=None),)), [Defocus()], record)
        run(audit_of(raw_threshold(), (scene(0),)), [Defocus()], record)
        assert [unit.status for unit in record.units()] == ["done"]


def test_a_question_about_another_task_is_not_applicable(tmp_path):
    """Elsewhere a probe is not applicable, which is not the same as lacking."""
    audit = audit_of(raw_threshold(), scenes(1), task="instances")
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Score()], record)
        assert {unit.status for unit in record.units()} == {"not_applicable"}


class Doubled(Brightness):
    """Measures the same thing twice."""

    name: ClassVar[str] = "toy.doubled"

    def measure(self, case):
        """Yield one row twice."""
        yield from [Measurement("mean", 1.0, case.samples[0].id)] * 2


class Pressed(Brightness):
    """Is at work when the user presses Ctrl-C, and swallows it where it can."""

    name: ClassVar[str] = "toy.pressed"

    def measure(self, case):
        """Do as a user does."""
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return super().measure(case)


def test_a_probe_that_contradicts_itself_fails_alone(tmp_path):
    """Two rows about one thing fail their unit, not the audit."""
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold(), scenes(1)), [Doubled(), Brightness()], record)
        assert {u.probe: u.status for u in record.units()} == {
            "toy.doubled": "failed",
            "toy.brightness": "done",
        }


def test_an_interrupt_is_never_swallowed(tmp_path):
    """Ctrl-C ends the run, though the code that ran took it, and the unit is not recorded."""
    with Record(tmp_path / "r.sqlite") as record:
        with pytest.raises(KeyboardInterrupt):
            run(audit_of(raw_threshold(), scenes(1)), [Pressed()], record)
        assert record.units() == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


class Mute(Exception):  # noqa: N818
    """An error that ends the process when it is asked what it says."""

    def __str__(self) -> str:
        """Say nothing."""
        raise SystemExit(0)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SystemExit(0), "SystemExit: 0"),
        (KeyboardInterrupt(), "KeyboardInterrupt: "),
        (GeneratorExit("done"), "GeneratorExit: done"),
        (Mute(), "its text cannot be read (SystemExit)"),
        (ValueError("\ud800"), "?"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, BaseException) else "",
)
def test_a_model_cannot_end_the_audit(tmp_path, error, reason):
    """What a model raises to end the process fails its unit, and the other images are done."""

    def judge(images):
        if float(images.max()) > 250:
            raise error
        return torch.cat((140 - images, images - 140), 1)

    audit = audit_of(segmenter(Does(judge)), (scene(2, noise=60.0), *scenes(2)))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Score()], record)
        assert sorted(statuses(record).values()) == ["done", "done", "failed"]
        (said,) = {unit.reason for unit in record.units() if unit.status == "failed"}
        assert said.endswith(reason)


def test_a_mask_of_more_classes_than_the_model_has_is_refused():
    """A class that the model cannot predict is named, never counted as another."""
    with pytest.raises(
        AssertionError, match="the mask holds class 2, the model has classes 0 to 1"
    ):
        rows_of(Score(), segmenter(Tiny()), (scene(0, mask=lambda: scene(0).mask() * 2),))
