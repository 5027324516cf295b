"""Controls of pipeline.formats: a file that says otherwise is caught, object by object."""

from __future__ import annotations

import torch

from audit.engine.plan import plan
from audit.probing.audited import Audit
from audit.probing.case import Block, Case
from audit.role import Role
from suites.pipeline.formats import Formats
from suites.pipeline.score import Score
from tests.suites.pipeline.verdict import verdicts
from tests.toys import Does, audit_of, mean_of, raw_threshold, scenes, segmenter, tiny


def without_a_quarter():
    """Return a model that finds the same, but nothing in the upper left quarter: one disc less."""

    def forward(images):
        out = images - 140.0
        out[..., :32, :32] = -9.0
        return out

    return segmenter(Does(forward), output="sigmoid-logits", digest="quarter")


def measured(*others):
    """Return the rows of the audited threshold beside other files."""
    samples = scenes(2)
    models = {"audited": raw_threshold()} | {f"format:{n}": m for n, m in others}
    audit = Audit(models=models, samples=samples)
    case = Case(audit, "audited", Formats(), Block(samples), lambda _: ())
    return list(Formats().measure(case)), case


def test_a_file_that_says_the_same_is_left_alone():
    """Negative control: the same function in another file agrees wholly."""
    rows, case = measured(("same", raw_threshold()))
    values = {row.metric: row.value for row in rows if row.sample == "scene/00"}
    assert values == {
        "agreement": 1, "probability_change": 0, "gained": 0, "lost": 0, "split": 0, "merged": 0,
        "rearranged": 0, "wobble": 0,
    }  # fmt: skip
    assert case.passes == 2 * 2


def test_a_file_that_drops_an_object_is_caught():
    """Positive control: one disc of four is lost, in that file alone, and the policy fails it."""
    rows, _ = measured(("same", raw_threshold()), ("worse", without_a_quarter()))
    assert mean_of(rows, "lost", format="worse") == mean_of(rows, "rearranged", format="worse") == 1
    assert mean_of(rows, "lost", format="same") == 0
    assert mean_of(rows, "agreement", format="worse") < 0.8


def test_the_policy_names_the_bad_file():
    """Judged by the default policy: FAIL beside a bad file, PASS beside a good one."""
    for other, verdict in ((without_a_quarter(), "FAIL"), (raw_threshold(), "PASS")):
        found = verdicts(Formats(), raw_threshold(), "formats", formats={"other": other})
        assert set(found.values()) == {verdict}


def test_objects_of_another_class_are_others():
    """An object that changes its class is lost in one and gained in the other."""
    one = torch.tensor([[1, 1, 0, 2, 2]]).repeat(8, 1)
    found = Formats(least_area_px=2).fates(one, one.clamp(max=1), 3)
    assert (found.lost, found.gained) == (1, 1)


def test_only_this_probe_is_put_to_other_files():
    """A further file is compared with the audited one, and is not audited for itself."""
    audit = audit_of(tiny(), scenes(1))
    audit.models[Role("format", "other")] = tiny("other")
    tasks = plan(audit, [Score(), Formats()])
    assert {(task.probe.name, str(task.role)) for task in tasks} == {
        ("pipeline.score", "audited"),
        ("pipeline.formats", "audited"),
    }
    (before,) = [task.key for task in tasks if task.probe.needs.formats]
    audit.models[Role("format", "other")] = tiny("newer")
    (after,) = [one.key for one in plan(audit, [Formats()])]
    assert before != after
