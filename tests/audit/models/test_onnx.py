"""Laws of ONNX files: what they give, what they lack, and which files they may read."""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest
import torch

from audit.errors import ModelError
from audit.models.load import load_model

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

KERNEL = np.random.default_rng(0).normal(size=(1, 1, 3, 3)).astype(np.float32)
IMAGES = torch.randn(2, 1, 20, 31, generator=torch.Generator().manual_seed(0))
SIZES = ("b", 1, "y", "x")


def wanted(images):
    """Return the logit (B, 1, Y, X) that the written networks give."""
    return torch.nn.functional.conv2d(images, torch.from_numpy(KERNEL), padding=1)


def node(kind, taken, given, **attributes):
    """Return a node of a graph."""
    return onnx.helper.make_node(kind, taken, given, **attributes)


def write(path, shape=SIZES, *, nodes=None, external="", outputs=1):
    """Write an ONNX file of one convolution; its kernel elsewhere where that is named."""
    kernel = onnx.numpy_helper.from_array(KERNEL, "kernel")
    if external:
        (path.parent / "kernel.bin").write_bytes(KERNEL.tobytes())
        kernel.ClearField("raw_data")
        kernel.data_location = onnx.TensorProto.EXTERNAL
        for key, value in {"location": external, "length": str(KERNEL.nbytes)}.items():
            kernel.external_data.add(key=key, value=value)
    nodes = nodes or [node("Conv", ["image", "kernel"], ["logit"], pads=[1, 1, 1, 1])]
    free = [None] * len(shape)
    graph = onnx.helper.make_graph(
        nodes,
        "graph",
        [onnx.helper.make_tensor_value_info("image", onnx.TensorProto.FLOAT, shape)],
        [
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, free)
            for name in ("logit", "more")[:outputs]
        ],
        [kernel],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    path.write_bytes(model.SerializeToString())
    return str(path)


def foreground(model, images=IMAGES):
    """Return the logit of the foreground (B, Y, X)."""
    return model.logits(images)[:, 1] * 2


def test_an_onnx_file_is_live_and_gives_no_gradients(tmp_path):
    """It gives what its network gives, and says that it has no gradients."""
    model = load_model(write(tmp_path / "net.onnx"), output="sigmoid-logits")

    assert torch.allclose(foreground(model), wanted(IMAGES)[:, 0], atol=1e-5)
    assert model.traits.access == "live"
    assert not model.logits(IMAGES.clone().requires_grad_()).requires_grad
    assert model.evaluated() is None


def test_a_card_may_name_an_onnx_file(tmp_path):
    """What a card declares stands around an ONNX file as around any other."""
    write(tmp_path / "net.onnx")
    (tmp_path / "model.toml").write_text(
        'weights = "net.onnx"\noutput = "sigmoid-logits"\nnormalisation = "zscore"\n'
    )
    model = load_model(str(tmp_path))
    shown = IMAGES[:1] * 50 + 200
    scaled = (shown - shown.mean()) / shown.std(correction=0)

    assert torch.allclose(foreground(model, shown), wanted(scaled)[:, 0], atol=1e-4)


@pytest.mark.parametrize("shape", [(1, 1, 16, 16), (1, 1, 40, 40), ("b", 1, 20, 31)])
def test_a_fixed_size_is_padded_to_or_cut_into(tmp_path, shape):
    """An export of one size is asked in pieces; away from their edges nothing changes."""
    model = load_model(write(tmp_path / "net.onnx", shape), output="sigmoid-logits")
    found, expected = foreground(model), wanted(IMAGES)[:, 0]

    assert found.shape == expected.shape
    assert torch.allclose(found[:, 1:14, 1:14], expected[:, 1:14, 1:14], atol=1e-5)


def test_channels_may_stand_last(tmp_path):
    """Networks from TensorFlow take (B, Y, X, C) and give (B, Y, X, K)."""
    nodes = [
        node("Transpose", ["image"], ["first"], perm=[0, 3, 1, 2]),
        node("Conv", ["first", "kernel"], ["found"], pads=[1, 1, 1, 1]),
        node("Transpose", ["found"], ["logit"], perm=[0, 2, 3, 1]),
    ]
    path = write(tmp_path / "net.onnx", ("b", "y", "x", 1), nodes=nodes)

    assert torch.allclose(
        foreground(load_model(path, output="sigmoid-logits")), wanted(IMAGES)[:, 0], atol=1e-5
    )


def test_weights_beside_the_file_are_part_of_the_model(tmp_path):
    """A file beside it is read, and belongs to the model's identity."""
    path = write(tmp_path / "net.onnx", external="kernel.bin")
    model = load_model(path, output="sigmoid-logits")
    assert torch.allclose(foreground(model), wanted(IMAGES)[:, 0], atol=1e-5)

    (tmp_path / "kernel.bin").write_bytes((KERNEL * 2).tobytes())
    assert load_model(path, output="sigmoid-logits").traits.digest != model.traits.digest


@pytest.mark.parametrize("kind", ["above", "absolute", "soft", "hard", "missing"])
def test_weights_elsewhere_are_not_read(tmp_path, kind):
    """A way out, a link of either kind, and a missing file are each told of in one line."""
    secret = tmp_path / "secret.bin"
    secret.write_bytes(KERNEL.tobytes())
    inner = tmp_path / "model"
    inner.mkdir()
    name = {"above": "../secret.bin", "absolute": str(secret)}.get(kind, "linked.bin")
    if kind == "soft":
        (inner / name).symlink_to(secret)
    elif kind == "hard":
        os.link(secret, inner / name)
    path = write(inner / "net.onnx", external=name)
    says = {"hard": "a hard link", "missing": "which is not there"}.get(kind, "leads out of")
    with pytest.raises(ModelError, match=says) as caught:
        load_model(path)
    assert "\n" not in str(caught.value)


def test_what_is_no_image_is_refused(tmp_path):
    """3-D networks, several outputs, batches of two and broken files are told of in one line."""
    same = [node("Identity", ["image"], ["logit"])]
    both = [*same, node("Identity", ["image"], ["more"])]
    path = tmp_path / "net.onnx"
    for says, shape, nodes, outputs in (
        ("3-D: it takes 5 axes", ("b", 1, "z", "y", "x"), same, 1),
        ("it takes 3 axes", (1, "y", "x"), same, 1),
        (r"gives .*, .*; audited is one output", SIZES, both, 2),
        ("takes 2 images at once", (2, 1, "y", "x"), None, 1),
    ):
        with pytest.raises(ModelError, match=says) as caught:
            load_model(write(path, shape, nodes=nodes, outputs=outputs))
        assert "\n" not in str(caught.value)
    path.write_bytes(b"garbage" * 50)
    with pytest.raises(ModelError, match="cannot be opened by onnxruntime"):
        load_model(str(path))
    with pytest.raises(ModelError, match="no such model"):
        load_model(str(tmp_path / "absent.onnx"))


def test_without_onnxruntime_it_is_said_how_to_get_it(tmp_path, monkeypatch):
    """The message names what to install."""
    path = write(tmp_path / "net.onnx")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelError, match=r"pip install 'bioaudit\[onnx\]'"):
        load_model(path)
