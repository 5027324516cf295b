"""Laws of the plan: order, blocks, keys, and what a probe is not put to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audit.engine.plan import WHOLE, blocks, lacking, plan
from audit.engine.runner import in_shard
from audit.probing.audited import Audit
from audit.probing.probe import Needs
from suites.pipeline.score import Score
from suites.shift.defocus import Defocus
from suites.shift.noise import Noise
from tests.toys import (
    Brightness,
    Reach,
    Reader,
    Summary,
    audit_of,
    raw_threshold,
    scene,
    scenes,
    tiny,
    training_log,
)


def test_blocks_hold_each_image_once_and_one_shape():
    """Every image is in one block, no block mixes shapes or exceeds the size."""
    samples = (*scenes(5), *(scene(n, size=48) for n in range(5, 8)))
    for size in (1, 2, 3, 10):
        made = blocks(audit_of(raw_threshold(), samples), size)
        assert sorted(s.id for block in made for s in block) == sorted(s.id for s in samples)
        assert all(len({s.shape for s in block}) == 1 for block in made)
        assert max(map(len, made)) <= size


def test_the_order_is_drawn_from_the_seed():
    """The order of images depends on the seed, not on the order in which they are given."""
    samples = scenes(8)
    first = blocks(audit_of(raw_threshold(), samples), 1)
    assert first == blocks(audit_of(raw_threshold(), samples[::-1]), 1)
    assert first != blocks(audit_of(raw_threshold(), samples, seed=1), 1)


def test_a_probe_comes_after_what_it_reads():
    """Whole-audit and per-image stages alternate so that every probe finds the rows it reads."""
    probes = [Reader(), Summary(), Brightness(), Reach()]
    order = [task.probe.name for task in plan(audit_of(raw_threshold()), probes)]
    last = {name: len(order) - 1 - order[::-1].index(name) for name in order}
    assert last["toy.brightness"] < order.index("toy.summary")
    assert last["toy.reach"] < order.index("toy.reader")
    read = order.index("toy.reader")
    assert "toy.brightness" in order[:read]


def test_images_come_block_by_block():
    """All probes of one image come before the next image, so that clean predictions are shared."""
    tasks = plan(audit_of(raw_threshold(), scenes(4)), [Score(), Noise()])
    assert [task.block for task in tasks] == [0, 0, 1, 1, 2, 2, 3, 3]


def test_a_key_depends_on_all_that_its_rows_depend_on():
    """Model, setting, seed, image and version change the key; the role does not."""
    audit = audit_of(raw_threshold(), scenes(1))
    (task,) = plan(audit, [Noise()])
    (same,) = plan(audit_of(raw_threshold(), scenes(1)), [Noise()])
    assert task.key == same.key == replace(task, role="reference").key

    class Newer(Noise):
        version = 2

    others = [
        plan(replace(audit, seed=1), [Noise()]),
        plan(audit, [Noise(photons=(5.0,))]),
        plan(audit_of(raw_threshold(), (scene(0, digest="other"),)), [Noise()]),
        plan(audit_of(raw_threshold(), (scene(0, pixel_um=2.0),)), [Noise()]),
        plan(audit, [Newer()]),
        plan(audit, [Score()]),
    ]
    keys = {one.key for tasks in others for one in tasks} | {replace(task, model="x").key}
    assert len(keys | {task.key}) == 8


def test_a_key_depends_on_the_log_and_the_last_checkpoint_where_they_are_read():
    """Another log, or another end of training, is another question, but to who reads it alone."""

    class Reads(Score):
        needs = Needs(log=True, last=True)

    def keys(probe, **given):
        audit = replace(audit_of(raw_threshold(), scenes(1)), **given)
        return plan(audit, [probe])[0].key

    ended = {"audited": raw_threshold(), "last": tiny("last")}
    given = [{}, {"log": training_log()}, {"log": training_log(rise=1.0)}, {"models": ended}]
    assert len({keys(Reads(), **one) for one in given}) == 4
    assert len({keys(Score(), **one) for one in given}) == 1


def test_shards_share_the_units():
    """Each unit is in one shard; what is done once, and reads nothing, is in the first."""
    tasks = plan(audit_of(raw_threshold(), scenes(7)), [Score(), Reach(), Summary()])
    for task in tasks:
        mine = [index for index in range(3) if in_shard(task, (index, 3))]
        if task.block != WHOLE:
            assert mine == [task.block % 3]
        else:
            assert mine == ([] if task.probe.after else [0])
        assert in_shard(task, (0, 1))


def test_samples_without_what_a_probe_needs_are_left_out():
    """Masks and pixel size are needs of each sample: the others are still asked."""
    samples = (scene(0), scene(1, mask=None), scene(2, pixel_um=None))
    tasks = plan(audit_of(raw_threshold(), samples), [Score(), Defocus()])
    asked = {
        probe: {s.id for t in tasks if t.probe.name == probe for s in t.samples}
        for probe in ("pipeline.score", "shift.defocus")
    }
    assert asked == {
        "pipeline.score": {"scene/00", "scene/02"},
        "shift.defocus": {"scene/00"},
    }


@pytest.mark.parametrize(
    ("needs", "samples", "reason"),
    [
        (Needs(log=True), scenes(1), "no training log was given"),
        (Needs(reference=True), scenes(1), "no reference network was given"),
        (Needs(formats=True), scenes(1), "no further format of the model was given"),
        (Needs(last=True), scenes(1), "at the end of its training was not given"),
        (Needs(parts=("train",)), scenes(1), "no training images were given"),
        (Needs(masks=True), (scene(0, mask=None),), "no image has a mask"),
        (Needs(instances=True), scenes(1), "no image has numbered objects"),
        (Needs(complete=True), (scene(0, complete=False),), "no image has complete truth"),
        (
            Needs(masks=True, complete=True),
            (scene(0, complete=False), scene(1, mask=None)),
            "no image has complete truth",
        ),
        (Needs(pixel_um=True), (scene(0, pixel_um=None),), "no image has a pixel size"),
        (Needs(model="gradients"), scenes(1), "the model gives no gradients"),
        (Needs(probabilities=True), scenes(1), "the model gives labels, not probabilities"),
    ],
)
def test_every_unmet_need_has_its_reason(needs, samples, reason):
    """What is lacking is said in words; the same audit lacks nothing for a modest probe."""

    class Needy(Score):
        pass

    Needy.needs = needs
    model = raw_threshold()
    poor = replace(model.traits, access="live", output="labels")
    audit = Audit(models={"audited": model}, samples=samples)
    assert reason in lacking(Needy(), audit, poor)
    assert lacking(Brightness(), audit, poor) is None


@pytest.mark.parametrize("access", ["outputs", "live", "gradients"])
@pytest.mark.parametrize("rung", ["none", "outputs", "live", "gradients"])
def test_access_is_a_ladder(rung, access):
    """A probe is asked from its own rung on upwards; below, the reason says what is missing."""

    class Rung(Score):
        pass

    order = ["none", "outputs", "live", "gradients"]
    Rung.needs = Needs(model=rung)
    model = raw_threshold()
    audit = Audit(models={"audited": model}, samples=scenes(1))
    reason = lacking(Rung(), audit, replace(model.traits, access=access))

    assert (reason is None) == (order.index(rung) <= order.index(access))
    assert reason is None or ("recorded" in reason) == (access == "outputs")
