"""Controls of shift.population: a narrow training set, twice the noise, and no drift at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from audit.engine.runner import run
from audit.imaging.estimate import noise_sigma
from audit.measurement import Measurement
from audit.policy.judge import judge
from audit.policy.policy import Policy
from audit.policy.reading import load_policy
from audit.policy.verdict import Verdict
from audit.record.record import Record
from suites.shift.population import Population
from tests.toys import audit_of, cells, held, scenes, tiny, written

FEATURES = 7
RULES = tuple(rule for rule in load_policy().rules if rule.probe == "shift.population")


def noisier(number: int, sample):
    """Return an image with twice the noise."""

    def image():
        clean = sample.image()
        sigma = noise_sigma(torch.from_numpy(clean)) * 3**0.5
        grain = np.random.default_rng(number).standard_normal(clean.shape)
        return (clean + sigma * grain).astype(np.float32)

    return replace(sample, id=f"noisy/{sample.id}", digest=f"noisy {sample.digest}", image=image)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Return the features, by image, of simulated cells, and of twenty with twice the noise."""
    plain = cells(80, 48)
    noisy = tuple(noisier(number, sample) for number, sample in enumerate(plain[:20]))
    train = tuple(replace(s, part="train") for s in plain)
    with Record(tmp_path_factory.mktemp("population") / "r.sqlite") as record:
        run(audit_of(tiny(), train + noisy), [Population()], record, pictures=False)
        rows = list(record.measurements("shift.population", ""))
    features = {s.id: [row for row in rows if row.sample == s.id] for s in plain + noisy}
    return [features[s.id] for s in plain], [features[s.id] for s in noisy]


def verdicts(test, train, folder):
    """Return the default policy's verdicts on images of both parts, given by their rows."""
    rows = [
        Measurement(m.metric, m.value, f"{part}/{n}", {"part": part}, m.weight, m.undefined)
        for part, images in (("test", test), ("train", train))
        for n, image in enumerate(images)
        for m in image
    ]
    with written(folder / "r.sqlite", rows, probe="shift.population") as record:
        outcomes = judge(Policy(name="drift", rule=RULES), record).outcomes
    return {one.rule.name: one for one in outcomes}


def test_without_drift_there_are_few_alarms(measured, tmp_path):
    """Negative control: of 30 random splits of one population at most 4 fail any of the rules."""
    plain, _ = measured
    stream, alarms = np.random.default_rng(0), 0
    for number in range(30):
        order = stream.permutation(len(plain))[:40]
        folder = tmp_path / str(number)
        folder.mkdir()
        chosen = [plain[place] for place in order]
        found = verdicts(chosen[:20], chosen[20:], folder)
        assert len(found) == FEATURES
        assert Verdict.UNDECIDED not in {one.verdict for one in found.values()}
        alarms += any(one.verdict is Verdict.FAIL for one in found.values())
    assert alarms <= 4


def test_twice_the_noise_is_seen_with_twenty_images(measured, tmp_path):
    """Positive control: the rule on noise fails, with twenty images a side."""
    plain, noisy = measured
    found = verdicts(noisy, plain[20:40], tmp_path)
    assert found["population noise"].verdict is Verdict.FAIL


def test_a_narrow_training_set_is_seen(measured, tmp_path):
    """Positive control: training images of the fewest cells only differ in density."""
    plain, _ = measured
    density = [next(m.value for m in image if m.metric == "objects_per_mpx") for image in plain]
    order = np.argsort(density, kind="stable")
    narrow, rest = [plain[n] for n in order[:16]], [plain[n] for n in order[16:]]
    found = verdicts(rest[::4], narrow, tmp_path)
    assert found["population object density"].verdict is Verdict.FAIL


def test_one_movie_against_another_is_undecided(tmp_path):
    """Frames of one movie a side, however different: for these movies only, and so undecided."""
    train = tuple(replace(s, id=f"a{n}", part="train", group="a") for n, s in enumerate(scenes(8)))
    test = tuple(replace(s, id=f"b{n}", group="b") for n, s in enumerate(scenes(8, noise=20.0)))
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", "tiny", "tiny")
        run(audit_of(tiny(), train + test), [Population()], record, pictures=False)
        outcomes = judge(Policy(name="drift", rule=RULES), record).outcomes
    assert {one.verdict for one in outcomes} == {Verdict.UNDECIDED}
    assert all("can be exchanged in 2 ways" in one.because for one in outcomes)


def test_the_objects_of_an_image_are_its_own(tmp_path):
    """Median diameter and density are those of the mask; without a mask both are undefined."""
    mask = np.zeros((50, 40), int)
    mask[2:6, 2:6], mask[20:32, 20:32] = 1, 1
    drawn = held("drawn", np.random.default_rng(0).normal(100, 5, (1, 50, 40)), mask)
    bare = replace(drawn, id="bare", mask=None, part="train")
    partial = replace(drawn, id="partial", complete=False)
    with Record(tmp_path / "r.sqlite") as record:
        run(audit_of(tiny(), (drawn, bare, partial)), [Population()], record, pictures=False)
        rows = {(r.sample, r.metric): r for r in record.measurements("shift.population", "")}
    size = (4 + 12) / np.pi**0.5
    assert rows["drawn", "object_diameter_px"].value == pytest.approx(size)
    assert rows["drawn", "objects_per_mpx"].value == 1000
    assert rows["partial", "object_diameter_px"].value == pytest.approx(size)
    assert "only part" in rows["partial", "objects_per_mpx"].undefined
    assert rows["bare", "objects_per_mpx"].undefined == "the image has no mask"
    assert len(rows) == 3 * FEATURES


def test_a_constant_image_has_no_noise_to_compare(tmp_path):
    """Of a constant image noise is 0; its ratio and its slope are undefined, with the reason."""
    flat = held("flat", np.full((1, 32, 32), 9.0), np.zeros((32, 32)))
    with Record(tmp_path / "r.sqlite") as record:
        samples = (flat, replace(flat, id="train", part="train"))
        run(audit_of(tiny(), samples), [Population()], record, pictures=False)
        rows = {r.metric: r for r in record.measurements("shift.population", "")}
    assert rows["noise_counts"].value == 0
    assert rows["snr_db"].undefined == rows["spectrum_slope"].undefined
