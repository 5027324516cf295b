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


def test_eight_epochs_that_jump_are_too_few_to_be_blamed_on_the_rate(real_data):
    """Losses between 5 and 10 look like long steps; by so few of them nobody is accused."""
    (run,) = open_log(real_data / "curves" / "lightning_histocytometry" / "metrics.csv").runs
    found = diagnose(run)
    assert found.holding == ()
    assert "it jumps rather than falls" in found["learning rate too high"].because


@pytest.mark.parametrize(
    ("flaw", "condition"),
    [
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


def test_a_network_whose_rate_was_annealed_early_is_not_acquitted(real_data):
    """Two fifths of the first loss were learnt: too little for a good fit, too much to accuse."""
    path = real_data / "networks" / "PhC-C2DH-U373" / "unfinished" / "training.csv"
    (run,) = open_log(path).runs
    assert diagnose(run)["underfitting"].holds is None
    assert diagnose(run)["good fit"].holds is None


def test_fourteen_epochs_of_an_overfitted_network_leave_it_open(real_data):
    """Its gap is wide and grew, by bounds that hold for twenty points: it is not acquitted."""
    path = real_data / "networks" / "PhC-C2DH-U373" / "overfit" / "training.csv"
    (run,) = open_log(path).runs
    assert diagnose(run)["overfitting"].holds is None
