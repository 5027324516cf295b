"""Laws of the runner: probes read one another's rows, and what they cost is counted."""

from __future__ import annotations

import json
from typing import ClassVar

import torch

from audit.engine.runner import run
from audit.measurement import Measurement
from audit.probing.audited import Audit
from audit.probing.probe import Needs
from audit.record.record import Record
from suites.pipeline.score import Score
from suites.resolution.scale import Scale
from suites.shift.noise import Noise
from tests.audit.runs import broken
from tests.toys import (
    Brightness,
    Does,
    Reach,
    Reader,
    Summary,
    audit_of,
    cells,
    raw_threshold,
    scene,
    scenes,
    segmenter,
    tiny,
)


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
