"""The diagnosis of real training logs, as a careful reader sees their curves."""

from __future__ import annotations

import pytest

from audit.logs.open import open_log
from suites.training.conditions import diagnose

HEALTHY = (
    "keras_dsb2018/history.csv",
    "keras_histopathology/history.csv",
    "keras_nuclei/history.csv",
    "zerocostdl4mic_b_subtilis/training_evaluation.csv",
    "nnunet_scrollshot/training_log_2025_2_7_09_15_05.txt",
    "cellpose_finetune/run.log",
    "stardist_ecoli_dapi",
)


@pytest.mark.parametrize("path", HEALTHY)
def test_a_healthy_log_is_called_a_good_fit(real_data, path):
    """Trainings of six programs whose curves come to rest side by side are accused of nothing."""
    for run in open_log(real_data / "curves" / path).runs:
        assert diagnose(run).holding == ("good fit",)


def test_a_log_that_jumps_has_too_high_a_rate(real_data):
    """Eight epochs that jump between 5 and 10 fall by chance only."""
    (run,) = open_log(real_data / "curves" / "lightning_histocytometry" / "metrics.csv").runs
    assert diagnose(run).holding == ("learning rate too high",)


@pytest.mark.parametrize(
    ("flaw", "condition"),
    [
        ("overfit", "overfitting"),
        ("unfinished", "underfitting"),
        ("healthy", "good fit"),
        ("healthy-seed1", "good fit"),
        ("healthy-wide", "good fit"),
        ("void-hallucinator", "good fit"),
    ],
)
def test_a_network_of_known_flaw_is_read_as_its_curves_show(real_data, flaw, condition):
    """A planted flaw of training shows; a flaw of another kind leaves the curves as they were."""
    path = real_data / "networks" / "PhC-C2DH-U373" / flaw / "training.csv"
    (run,) = open_log(path).runs
    assert condition in diagnose(run).holding
