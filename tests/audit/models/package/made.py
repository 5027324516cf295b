"""Packages of bioimage.io as tests need them: written descriptions around tiny networks."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy

import numpy as np
import torch
from torch import nn

AXES = [
    {"type": "batch"},
    {"type": "channel", "channel_names": ["raw"]},
    {"type": "space", "id": "y", "size": {"min": 8, "step": 4}},
    {"type": "space", "id": "x", "size": {"min": 8, "step": 4}},
]
ZSCORE = {"id": "zero_mean_unit_variance", "kwargs": {"axes": ["channel", "y", "x"]}}


def outgoing(channels=("probability",), halo=0):
    """Return the axes of an output that is as large as its input."""
    follows = [{"tensor_id": "raw", "axis_id": axis} for axis in "yx"]
    return [
        {"type": "batch"},
        {"type": "channel", "channel_names": list(channels)},
        *(
            {"type": "space", "id": axis, "size": size, **({"halo": halo} if halo else {})}
            for axis, size in zip("yx", follows, strict=True)
        ),
    ]


def described(**changes):
    """Return the keys of a description of format 0.5: z-score, a logit out, a sigmoid after it."""
    keys = {
        "type": "model",
        "format_version": "0.5.4",
        "name": "Tiny",
        "tags": ["nuclei"],
        "inputs": [{"id": "raw", "axes": deepcopy(AXES), "preprocessing": [deepcopy(ZSCORE)]}],
        "outputs": [{"id": "prob", "axes": outgoing(), "postprocessing": [{"id": "sigmoid"}]}],
        "weights": {"torchscript": {"source": "weights.pt"}},
    }
    return {**keys, **changes}


class Blurred(nn.Module):
    """A logit that depends on a pixel and its neighbours, to be told from its shifted copies."""

    def __init__(self, channels: int = 1, outputs: int = 1, valid: int = 0) -> None:
        super().__init__()
        stream = torch.Generator().manual_seed(0)
        self.weight = nn.Parameter(torch.randn(outputs, channels, 3, 3, generator=stream))
        self.valid = valid

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (B, K, Y, X) of images (B, C, Y, X)."""
        found = nn.functional.conv2d(images, self.weight, padding=1)
        if self.valid > 0:
            return found[:, :, self.valid : -self.valid, self.valid : -self.valid]
        return found


def package(folder, keys=None, network=None, tests=True):
    """Write a package with TorchScript weights, and test tensors of a network; return its folder.

    The description is JSON, which is YAML as well.
    """
    folder.mkdir(exist_ok=True)
    keys = described() if keys is None else keys
    if network is not None:
        torch.jit.script(network.eval()).save(str(folder / "weights.pt"))
    if tests is True:
        tests = example()
    if tests:
        for name, array, tensor in zip(("in", "out"), tests, ("inputs", "outputs"), strict=True):
            np.save(folder / f"{name}.npy", array)
            keys[tensor][0]["test_tensor"] = {"source": f"{name}.npy"}
    (folder / "rdf.yaml").write_text(json.dumps(keys))
    return folder


def example(size=(16, 20)):
    """Return an image (1, 1, Y, X) and what the description of `Blurred` gives for it."""
    image = np.random.default_rng(1).normal(100, 20, (1, 1, *size)).astype(np.float32)
    return image, by_hand(image)


def by_hand(image):
    """Return the probabilities of `Blurred` in its description: z-score, network, sigmoid."""
    scaled = (image - image.mean((1, 2, 3), keepdims=True)) / (
        image.std((1, 2, 3), keepdims=True) + 1e-6
    )
    with torch.inference_mode():
        logits = Blurred()(torch.from_numpy(scaled.astype(np.float32))).numpy()
    return 1 / (1 + np.exp(-logits))


def sha256(path):
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
