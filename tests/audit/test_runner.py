"""Laws of the runner: the same rows however it is cut, and no failure ends an audit."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import ClassVar

import pytest
import torch

from audit.errors import DataError, UsageError
from audit.measurement import Measurement
from audit.plan import plan
from audit.probe import Audit, Needs
from audit.record import Record
from audit.runner import run
from suites.pipeline.score import Score
from suites.resolution.scale import Scale
from suites.shift.defocus import Defocus
from suites.shift.intensity import Intensity
from suites.shift.noise import Noise
from tests.toys import (
    Brightness,
    Does,
    Reach,
    Reader,
    Summary,
    Tiny,
    audit_of,
    cells,
    dump,
    raw_threshold,
    rows_of,
    scene,
    scenes,
    segmenter,
    tiny,
)

PROBES = (
    Score(),
    Noise(photons=(100.0, 10.0)),
    Defocus(sigma_um=(0.5,)),
    Intensity(gain=(2.0,), pedestal=(), gamma=()),
    Scale(factor=(0.5, 1.0)),
)


def measured(path, audit, probes=PROBES, **given):
    """Return all rows of an audit that is run into a record at a path."""
    with Record(path) as record:
        return dump(run(audit, probes, record, **given))


def picky(bright: float):
    """Return a model that raises where an image holds an intensity above a bound."""

    def judge(images):
        if float(images.max()) > bright:
            raise RuntimeError("too bright\nfor this model")
        return torch.cat((140 - images, images - 140), 1)

    return segmenter(Does(judge), digest="picky")


def broken(name: str, **given):
    """Return a sample whose file cannot be read."""

    def unreadable():
        raise DataError(f"{name}: the file is cut short")

    return scene(9, id=name, image=unreadable, **given)


def statuses(record, probe="pipeline.score"):
    """Return the status of each image's unit."""
    return {name: unit.status for unit in record.units(probe) for name in unit.samples}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the rows of an uninterrupted audit of four simulated images."""
    return measured(tmp_path_factory.mktemp("whole") / "r.sqlite", audit_of(tiny(), cells(4)))


def test_one_seed_gives_one_result(tmp_path, whole):
    """Two runs with one seed give the same rows; another seed gives other noise and only that."""
    assert measured(tmp_path / "a.sqlite", audit_of(tiny(), cells(4))) == whole
    other = measured(tmp_path / "b.sqlite", audit_of(tiny(), cells(4), seed=1))
    probes = {row[1] for row in set(other) ^ set(whole)}
    assert probes == {"shift.noise"}


def test_a_probe_alone_gives_its_rows_of_the_whole(tmp_path, whole):
    """A run with one probe gives that probe's rows of the full run."""
    for probe in PROBES:
        alone = measured(tmp_path / f"{probe.name}.sqlite", audit_of(tiny(), cells(4)), [probe])
        assert alone == [row for row in whole if row[1] == probe.name] != []


@pytest.mark.parametrize("size", [2, 3])
def test_the_size_of_blocks_changes_no_row(tmp_path, whole, size):
    """Blocks of one image and of several give the same rows to the bit: they are counts."""
    assert measured(tmp_path / "r.sqlite", audit_of(tiny(), cells(4)), block_size=size) == whole


def test_shards_merge_to_the_whole(tmp_path):
    """Three shards, adopted and finished, equal the whole, what reads across images included."""
    probes = (*PROBES, Brightness(), Reach(), Reader(), Summary())
    audit = audit_of(tiny(), cells(4))
    whole = measured(tmp_path / "whole.sqlite", audit, probes)
    for index in range(3):
        measured(tmp_path / f"{index}.sqlite", audit, probes, shard=(index, 3))
    keys = {task.key for task in plan(audit, probes)}
    calls = []
    with Record(tmp_path / "merged.sqlite") as record:
        for index in range(3):
            assert record.adopt(tmp_path / f"{index}.sqlite", keys) > 0
        run(audit, probes, record, say=lambda step: calls.append(step.probe))
        assert dump(record) == whole
    assert set(calls) == {"toy.reader", "toy.summary"}


def test_a_reference_measured_elsewhere_needs_no_pass(tmp_path):
    """Units of a model measured before are adopted by key, whatever its role was; it never runs."""
    measured(tmp_path / "stored.sqlite", audit_of(tiny("known"), cells(2)))

    def refuse(_):
        raise AssertionError("the reference was run")

    silent = segmenter(Does(refuse), digest="known", normalisation="zscore")
    audit = replace(audit_of(tiny(), cells(2)), models={"audited": tiny(), "reference": silent})
    with Record(tmp_path / "r.sqlite") as record:
        taken = record.adopt(tmp_path / "stored.sqlite", {t.key for t in plan(audit, PROBES)})
        run(audit, PROBES, record)
        assert taken == 2 * len(PROBES)
        assert {unit.status for unit in record.units()} == {"done"}
        assert list(record.measurements("shift.noise", "known"))


def test_a_finished_audit_is_not_done_again(tmp_path):
    """A second run over the same record does nothing and leaves the same rows."""
    audit = audit_of(tiny(), cells(2))
    first = measured(tmp_path / "r.sqlite", audit)
    steps = []
    assert measured(tmp_path / "r.sqlite", audit, say=steps.append) == first
    assert steps == []


def test_a_time_limit_stops_and_a_later_run_finishes(tmp_path, whole):
    """What was not started is recorded as stopped, and done by the next run."""
    audit = audit_of(tiny(), cells(4))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, PROBES, record, time_limit_s=-1.0)
        assert {(u.status, u.reason) for u in record.units()} == {
            ("stopped", "the time limit was reached")
        }
        assert len(record.units()) == len(plan(audit, PROBES))
        assert dump(run(audit, PROBES, record)) == whole


def test_progress_counts_to_the_end(tmp_path):
    """Progress is said after each unit and ends at the total; time left is known from the first."""
    steps = []
    measured(tmp_path / "r.sqlite", audit_of(tiny(), cells(2)), say=steps.append)
    assert [step.done for step in steps] == list(range(1, len(steps) + 1))
    assert {step.total for step in steps} == {len(steps)}
    assert steps[-1].remaining_s == 0
    assert all(step.remaining_s >= 0 for step in steps)


def test_other_settings_are_not_mixed_into_a_record(tmp_path):
    """The same images measured by the same probe in another way are refused, with the remedy."""
    audit = audit_of(tiny(), cells(2))
    before = measured(tmp_path / "r.sqlite", audit)
    for other, probes in ((replace(audit, seed=1), PROBES), (audit, [Noise(photons=(5.0,))])):
        with pytest.raises(UsageError, match=r"other settings.*choose another --out"):
            measured(tmp_path / "r.sqlite", other, probes)
    with Record(tmp_path / "r.sqlite") as record:
        assert dump(record) == before


def test_more_images_extend_a_record(tmp_path, whole):
    """A record of some images is extended by others, in blocks of another size too."""
    measured(tmp_path / "r.sqlite", audit_of(tiny(), cells(2)))
    audit = audit_of(tiny(), cells(4))
    assert measured(tmp_path / "r.sqlite", audit, block_size=2) == whole


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
def test_an_unreadable_image_is_skipped_alone(tmp_path, size):
    """The unit of an image that cannot be read is skipped with the reason; the run goes on."""
    audit = audit_of(raw_threshold(), (scene(0), broken("bad"), scene(1)))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Score()], record, block_size=size)
        assert statuses(record) == {"scene/00": "done", "scene/01": "done", "bad": "skipped"}
        (reason,) = {u.reason for u in record.units() if u.samples == ("bad",)}
        assert reason == "bad: the file is cut short"


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


class Exhausted(Brightness):
    """Ends as a killed process does."""

    name: ClassVar[str] = "toy.exhausted"

    def measure(self, case):
        """Raise what nobody may swallow."""
        if case.samples:
            raise KeyboardInterrupt
        yield


def test_a_probe_that_contradicts_itself_fails_alone(tmp_path):
    """Two rows about one thing fail their unit, not the audit."""
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold(), scenes(1)), [Doubled(), Brightness()], record)
        assert {u.probe: u.status for u in record.units()} == {
            "toy.doubled": "failed",
            "toy.brightness": "done",
        }


def test_an_interrupt_is_never_swallowed(tmp_path):
    """Ctrl-C ends the run at once, and the unit is not recorded."""
    with Record(tmp_path / "r.sqlite") as record:
        with pytest.raises(KeyboardInterrupt):
            run(audit_of(raw_threshold(), scenes(1)), [Exhausted()], record)
        assert record.units() == []


def test_probes_read_the_rows_of_those_they_name(tmp_path):
    """A reader finds its image's rows and the sample-less ones, in whatever order it is given."""
    rows = {}
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold()), [Reader(), Summary(), Reach(), Brightness()], record)
        for name in ("toy.reader", "toy.summary"):
            rows[name] = [(dict(r.at), r.value) for r in record.measurements(name, "raw")]
    assert rows["toy.summary"] == [({}, 6.0)]
    assert (
        rows["toy.reader"]
        == [({"of": "toy.brightness"}, 2.0)] * 3 + [({"of": "toy.reach"}, 1.0)] * 3
    )


def test_a_probe_waits_for_what_it_reads(tmp_path):
    """Without the rows it reads a probe is stopped, and a later run with them does it."""
    audit = audit_of(raw_threshold())
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Summary(), Reader()], record)
        assert {(u.status, u.reason) for u in record.units()} == {
            ("stopped", "toy.brightness has no rows yet for these images")
        }
        run(audit, [Summary(), Reader(), Brightness(), Reach()], record)
        assert {unit.status for unit in record.units()} == {"done"}


def test_a_whole_audit_question_does_not_wait_for_the_unreadable(tmp_path):
    """An image that could not be read does not keep a summary of the others from being made."""
    audit = audit_of(raw_threshold(), (scene(0), broken("bad")))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Summary(), Brightness()], record)
        assert [row.value for row in record.measurements("toy.summary", "raw")] == [2.0]


def test_rows_of_an_unnamed_probe_are_refused(tmp_path):
    """A probe that reads what it does not name in `after` fails with that reason."""

    class Curious(Brightness):
        name: ClassVar[str] = "toy.curious"

        def measure(self, case):
            """Read what it did not name."""
            yield Measurement("rows", float(len(case.rows("toy.reach"))))

    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(raw_threshold(), scenes(1)), [Curious(), Reach()], record)
        (unit,) = record.units("toy.curious")
        assert unit.status == "failed"
        assert "does not name it in `after`" in unit.reason


class Costly(Score):
    """Runs the model on a batch of known cost."""

    name: ClassVar[str] = "toy.costly"
    needs: ClassVar[Needs] = Needs(masks=True)

    def measure(self, case):
        """Use the clean prediction twice, two whole images, a quarter image, and one gradient."""
        _ = case.clean, case.clean
        case.predict(torch.cat((case.images, case.images)))
        case.predict(case.images[..., ::2, ::2])
        case.logits(case.images.clone().requires_grad_())
        yield Measurement("iou", 1.0, case.samples[0].id)


def test_passes_are_counted_in_untouched_images(tmp_path):
    """1 clean + 2 + 1/4 + 1 with gradient are 4.25 passes, of which 1 with gradient."""
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(tiny(), scenes(1)), [Costly()], record)
        (unit,) = record.units()
        assert (unit.status, unit.passes, unit.gradients) == ("done", 4.25, 1.0)


def test_clean_predictions_are_shared_by_the_probes_of_a_block(tmp_path):
    """The untouched image is predicted once a block and model, whoever asks."""
    calls = []

    def count(images):
        calls.append(len(images))
        return torch.cat((140 - images, images - 140), 1)

    model = segmenter(Does(count))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(model, scenes(2)), [Score(), Scale(factor=(1.0,))], record)
    assert calls == [1, 1]


def test_two_roles_of_one_model_are_measured_once(tmp_path):
    """Rows belong to a model, not to a role: the second role costs nothing."""
    steps = []
    audit = Audit(models={"audited": tiny(), "reference": tiny()}, samples=cells(2))
    with Record(tmp_path / "r.sqlite") as record:
        run(audit, [Score()], record, say=steps.append)
        assert len(steps) == len(record.units()) == 2


def test_the_record_says_what_was_asked(tmp_path):
    """Question, source, version and settings stand in the record: a report needs no suite."""
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(tiny(), cells(1)), [Noise(photons=(7.0,))], record)
        ((name, version, asks, source, parameters),) = record.database.execute(
            "select * from probes"
        )
    assert (name, version, asks, source) == (Noise.name, 1, Noise.asks, Noise.source)
    assert json.loads(parameters) == {"photons": [7.0], "read_electrons": 1.5}


def test_a_mask_of_more_classes_than_the_model_has_is_refused():
    """A class that the model cannot predict is named, never counted as another."""
    with pytest.raises(
        AssertionError, match="the mask holds class 2, the model has classes 0 to 1"
    ):
        rows_of(Score(), segmenter(Tiny()), (scene(0, mask=lambda: scene(0).mask() * 2),))
