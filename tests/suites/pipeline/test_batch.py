"""Controls of pipeline.batch: batch statistics are caught as they were saved, and not cured."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from audit.errors import UsageError
from audit.models.load import load_model
from audit.probing.case import Block, Case
from suites.pipeline.batch import Batch
from tests.suites.pipeline.verdict import verdicts
from tests.toys import (
    Does,
    Threshold,
    audit_of,
    mean_of,
    rows_of,
    scenes,
    segmenter,
    tiny,
    zscore_threshold,
)


class Normalised(nn.Module):
    """Foreground is what is bright once the batch is normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        self.norm.running_mean += 120.0
        self.norm.running_var += 1600.0

    def forward(self, images):
        """Return logits of two classes."""
        score = 5.0 * (self.norm(images) - 0.3)
        return torch.cat((-score, score), 1)


def saved(folder, *, training: bool):
    """Return a network that was saved as TorchScript in a mode, and loaded as any model is."""
    script = torch.jit.script(Normalised().train(training))
    script.save(folder / "model.pt")
    return load_model(str(folder / "model.pt"))


def test_batch_statistics_are_caught(tmp_path):
    """Positive control: saved in training mode, it is audited so, and fails beside a black image.

    Beside its own mirror image, which has the same statistics, it passes.
    """
    model = saved(tmp_path, training=True)
    assert model.module.training
    found = verdicts(Batch(), model, "batch companion")
    assert found["batch companion=black"] == "FAIL"
    assert found["batch companion=similar"] == "PASS"


def test_the_same_network_in_inference_mode_passes(tmp_path):
    """Negative control: after eval() no companion matters."""
    model = saved(tmp_path, training=False)
    assert set(verdicts(Batch(), model, "batch").values()) == {"PASS"}


def test_an_image_is_compared_with_itself_alone_whatever_the_block():
    """In a block of three, each image is still asked alone and beside each companion."""
    model, samples = zscore_threshold(), scenes(3)
    case = Case(audit_of(model, samples), "audited", Batch(), Block(samples), lambda _: ())
    together = [row for row in Batch().measure(case) if row.metric == "agreement"]
    apart = [row for row in rows_of(Batch(), model, samples) if row.metric == "agreement"]
    assert sorted(map(repr, together)) == sorted(map(repr, apart))
    assert len(together) == 3 * 4
    assert {row.value for row in together} == {1.0}


def test_a_faint_dependence_is_seen_in_the_probabilities():
    """Company that moves a probability but no label agrees wholly, and the change is measured."""
    steady = Threshold(140.0, 0.2)
    module = Does(lambda images: steady(images) + 0.05 * (len(images) - 1))
    rows = rows_of(Batch(companion=("black",)), segmenter(module, output="sigmoid-logits"))
    assert mean_of(rows, "agreement", companion="black") == 1
    assert 0 < mean_of(rows, "probability_change", companion="black") < 0.0126


def test_an_unknown_companion_is_refused():
    """A companion that is not there is named, with the nearest one."""
    with pytest.raises(UsageError, match="did you mean 'black'"):
        Batch(companion=("blck",))
    assert tiny().traits.classes == 2
