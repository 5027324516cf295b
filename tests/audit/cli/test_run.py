"""`bioaudit run`: from a model and a set of images to a verdict."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET

from tests.audit.cli.asked import count


def test_a_run_leaves_a_record_a_report_and_a_verdict(bioaudit, network, images, policy, tmp_path):
    """Measure, judge and show end to end; the exit code is the verdict's."""
    out = tmp_path / "out"
    code, shown, _ = bioaudit(
        "run",
        "--model",
        network,
        "--test",
        images,
        "--policy",
        policy,
        "--out",
        out,
        "--probes",
        "pipeline.score,shift.noise",
    )

    assert code == 0
    assert "PASS" in shown
    assert "<script" not in (out / "report.html").read_text()
    assert count(out / "record.sqlite", "select count(*) from units where status = 'done'") > 12


def test_the_same_command_again_measures_nothing_again(bioaudit, network, images, policy, tmp_path):
    """A finished audit is only judged and shown again."""
    words = (
        "run",
        "--model",
        network,
        "--test",
        images,
        "--policy",
        policy,
        "--out",
        tmp_path / "o",
    )
    bioaudit(*words, "--probes", "pipeline.score")
    before = count(tmp_path / "o" / "record.sqlite", "select sum(seconds) from units")
    bioaudit(*words, "--probes", "pipeline.score")

    assert count(tmp_path / "o" / "record.sqlite", "select sum(seconds) from units") == before


def test_a_specification_says_what_the_line_would(bioaudit, network, images, policy, tmp_path):
    """A TOML file holds the same options; its paths are relative to its own folder."""
    spec = tmp_path / "audit.toml"
    spec.write_text(
        f'model = "network"\ntest = "data"\nprobes = "shift.noise"\nout = "{tmp_path / "out"}"\n'
        'policy = "policy.toml"\n[set]\n"shift.noise.photons" = [50.0]\n'
    )
    bioaudit("run", spec)

    record = tmp_path / "out" / "record.sqlite"
    noisy = "select count(distinct at) from measurements where probe = 'shift.noise'"
    assert count(record, f"{noisy} and metric = 'iou'") == 1


def test_a_record_is_judged_compared_and_exported_without_the_model(
    bioaudit, network, images, policy, tmp_path
):
    """judge, compare and report need the record alone."""
    out = tmp_path / "out"
    bioaudit(
        "run", "--model", network, "--test", images, "--probes", "pipeline.score", "--out", out
    )
    exported = (tmp_path / "outcomes.json", tmp_path / "junit.xml")

    judged = bioaudit(
        "judge", out, "--policy", policy, "--json", exported[0], "--junit", exported[1]
    )
    compared = bioaudit("compare", out, out)

    assert judged[0] == 0
    assert json.loads(exported[0].read_text())
    assert ET.parse(exported[1]).getroot().tag == "testsuites"  # noqa: S314 (our own file)
    assert compared[0] == 0
    assert "same" in compared[1]


def test_an_unfinished_audit_has_no_final_verdict(bioaudit, network, images, policy, tmp_path):
    """One shard of two is undecided and says what is missing; with the other it passes."""
    words = ("run", "--model", network, "--test", images, "--policy", policy,
             "--out", tmp_path / "out", "--probes", "pipeline.score")  # fmt: skip

    first = bioaudit(*words, "--shard", "0/2")
    second = bioaudit(*words, "--shard", "1/2")

    assert (first[0], second[0]) == (3, 0)
    assert re.search(r"The audit is unfinished: \d+ units of work are missing", first[1])
    assert "The audit is unfinished" not in second[1]


def test_another_file_of_the_model_is_compared_with_it(bioaudit, network, images, policy, tmp_path):
    """--format names the same network in another file; its rows are the audited model's."""
    out, copied = tmp_path / "out", shutil.copytree(network, tmp_path / "network.copy")
    code, _, _ = bioaudit(
        "run", "--model", network, "--format", copied, "--test", images, "--policy", policy,
        "--out", out, "--probes", "pipeline.score,pipeline.formats",
    )  # fmt: skip

    changed = "from measurements where probe = 'pipeline.formats' and metric = 'probability_change'"
    assert code == 0
    assert count(out / "record.sqlite", f"select count(*) {changed}") == 12
    assert count(out / "record.sqlite", f"select max(value) {changed}") == 0
    assert count(out / "record.sqlite", f"select min(at) {changed}") == '{"format": "copy"}'


def test_numbered_frames_are_one_movie_unless_told_otherwise(
    bioaudit, network, images, policy, tmp_path
):
    """The terminal and the record say what was taken; a key of the file says otherwise."""
    for place, path in enumerate(sorted((images / "images").iterdir())):
        mask = images / "masks" / path.name
        path.rename(path.with_stem(f"cell_t{place:02d}"))
        mask.rename(mask.with_stem(f"cell_t{place:02d}"))
    spec, out = tmp_path / "each.toml", tmp_path / "out"
    spec.write_text(f'model = "network"\ntest = "data"\ngroup = "each"\nout = "{out}"\n')
    line = ("run", "--model", network, "--test", images, "--out", out)
    asked = ("--policy", policy, "--probes", "pipeline.score")
    record, groups = out / "record.sqlite", "select count(distinct grp) from samples"

    taken = bioaudit(*line, *asked)
    assert count(record, groups) == 1
    bioaudit("run", spec, *asked)

    assert "like frames of one movie (cell_t00 …" in taken[1]
    assert count(record, groups) > 1


def test_a_partial_audit_is_judged_by_the_rules_that_were_asked(
    bioaudit, network, images, tmp_path
):
    """One probe is judged with the score that its losses are counted from; the rest is one line."""
    out = tmp_path / "out"
    bioaudit(
        "run", "--model", network, "--test", images, "--probes", "shift.intensity", "--out", out
    )
    outcomes = tmp_path / "outcomes.json"
    shown = bioaudit("judge", out, "--json", outcomes)[1]

    found = json.loads(outcomes.read_text())["outcomes"]
    kinds = {one["absence"] for one in found}
    judged = {one["rule"]["id"] for one in found if one["absence"] is None}
    assert kinds == {None, "not asked", "lacking"}
    of_the_score = {"score", "beyond naive predictors"}
    assert judged == of_the_score | {"gain", "pedestal", "gamma", "strong gamma", "export"}
    assert re.search(r"\d+ rules were not judged: not asked for \(\d+\)", shown)


def test_run_writes_what_judge_writes(bioaudit, network, images, policy, tmp_path):
    """--json and --junit are options of run and keys of a specification, and say the same."""
    spec, out = tmp_path / "audit.toml", tmp_path / "out"
    lines = {name: tmp_path / f"spec.{name}" for name in ("json", "junit")}
    spec.write_text(
        'model = "network"\ntest = "data"\nprobes = "pipeline.score"\npolicy = "policy.toml"\n'
        f'out = "{out}"\njson = "{lines["json"]}"\njunit = "{lines["junit"]}"\n'
    )
    bioaudit("run", spec)
    bioaudit("run", spec, "--json", tmp_path / "line.json")
    bioaudit("judge", out, "--policy", policy, "--junit", tmp_path / "judged.junit")

    assert json.loads(lines["json"].read_text()) == json.loads((tmp_path / "line.json").read_text())
    assert lines["junit"].read_text() == (tmp_path / "judged.junit").read_text()


FAILING = """
import torch

class Net(torch.nn.Module):
    def forward(self, images):
        raise RuntimeError("expected 3 channels")

def build():
    return Net()
"""


def test_a_model_that_fails_on_every_image_is_told_once(bioaudit, images, tmp_path):
    """It is tried before anything else: one sentence, exit code 2, and nothing is left."""
    (tmp_path / "net.py").write_text(FAILING)
    code, shown, errors = bioaudit(
        "run", "--model", f"{tmp_path}/net.py:build", "--test", images,
        "--probes", "shift,resolution", "--out", tmp_path / "out",
    )  # fmt: skip

    assert code == 2
    assert shown == ""
    assert re.fullmatch(r"bioaudit: .*net.py:build: tried on .*expected 3 channels.*\n", errors)
    assert not (tmp_path / "out").exists()
