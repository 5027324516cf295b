"""An audit costs its forward passes and little else: ratios, measured side by side in one process.

Run with `tox -e bench`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from audit.datasets.sample import Sample
from audit.engine.runner import run
from audit.models.card import Card
from audit.models.memory import keep_activations_mapped
from audit.models.torch_module import TorchSegmenter
from audit.probing.audited import Audit
from audit.probing.catalog import Catalog
from audit.record.record import Record
from baselines.unet import UNet

if TYPE_CHECKING:
    from pathlib import Path

IMAGES, SIDE = 20, 512


def field(index: int) -> Sample:
    """Return a textured image with forty bright discs, and their mask."""
    random = np.random.default_rng(index + 1)
    y, x = np.mgrid[:SIDE, :SIDE]
    mask = np.zeros((SIDE, SIDE), np.int64)
    for cy, cx in random.uniform(0, SIDE, (40, 2)):
        mask[(y - cy) ** 2 + (x - cx) ** 2 < 400] = 1
    image = (100 + 80 * mask + random.normal(0, 10, mask.shape)).astype(np.float32)[None]
    return Sample(
        id=f"field/{index}",
        image=lambda: image,
        mask=lambda: mask,
        shape=(1, SIDE, SIDE),
        digest=str(index),
        group=str(index),
        pixel_um=0.65,
    )


def overhead(folder: Path) -> float:
    """Return the wall time of audits over that of their bare forward passes, image by image."""
    keep_activations_mapped()
    torch.manual_seed(0)
    network = UNet(1, 2, (16, 32, 64)).eval()
    heard: list[torch.Tensor] = []
    hook = network.register_forward_pre_hook(lambda _, inputs: heard.append(inputs[0]))
    model = TorchSegmenter(network, Card(normalisation="zscore", stride=4), digest="bench")
    probes = Catalog.installed().select(["shift", "resolution", "pipeline.score"])
    audited = bare = 0.0
    with Record(folder / "record.sqlite") as record:
        for index in range(-1, IMAGES):
            heard.clear()
            alone = Audit(models={"audited": model}, samples=(field(index),))
            started = time.perf_counter()
            run(alone, probes, record)
            audited += (time.perf_counter() - started) * (index >= 0)
            started = time.perf_counter()
            with torch.inference_mode():
                for images in tuple(heard):
                    network(images)
            bare += (time.perf_counter() - started) * (index >= 0)
    hook.remove()
    return audited / bare


@pytest.mark.timeout(1800)
def test_an_audit_takes_at_most_1_3_times_its_bare_forward_passes(benchmark, tmp_path):
    """Perturbing, scoring, drawing and recording add at most 30 % to the forward passes."""
    ratio = benchmark.pedantic(overhead, (tmp_path,), rounds=1)
    benchmark.extra_info["ratio"] = round(ratio, 3)
    assert ratio <= 1.3
