"""One network in every file that it may come in says the same."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from audit.models.load import load_model
from audit.probing.audited import Audit
from audit.probing.case import Block, Case
from audit.role import Role
from suites.pipeline.formats import Formats
from tests.audit.models.package.made import Blurred, described, package
from tests.toys import scenes

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
SOURCE = "from tests.audit.models.package.made import Blurred as build\n"


def written(path, kernel):
    """Write the convolution of `Blurred` as an ONNX file."""
    info = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Conv", ["image", "kernel"], ["logit"], pads=[1, 1, 1, 1])],
        "graph",
        [info("image", onnx.TensorProto.FLOAT, ("b", 1, "y", "x"))],
        [info("logit", onnx.TensorProto.FLOAT, ("b", 1, "y", "x"))],
        [onnx.numpy_helper.from_array(kernel, "kernel")],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    model.ir_version = 8
    path.write_bytes(model.SerializeToString())


@pytest.fixture
def models(tmp_path):
    """Return one network as a package by each format of its weights, and by cards."""
    network = Blurred()
    folder = package(tmp_path / "p", network=network)
    (folder / "net.py").write_text(SOURCE)
    torch.save(network.state_dict(), folder / "weights.pth")
    written(folder / "weights.onnx", network.weight.detach().numpy())
    entries = {
        "torchscript": {"source": "weights.pt"},
        "pytorch_state_dict": {
            "source": "weights.pth",
            "architecture": {"source": "net.py", "callable": "build"},
        },
        "onnx": {"source": "weights.onnx"},
    }
    (folder / "rdf.yaml").write_text(json.dumps(described(weights=entries)))
    by_package = {name: load_model(str(folder), weights=name) for name in entries}
    said = {"output": "sigmoid-logits", "normalisation": "zscore", "stride": 4}
    by_file = {
        name: load_model(str(folder / name), **said) for name in ("weights.pt", "weights.onnx")
    }
    return by_package | by_file


def test_the_same_network_in_any_file_gives_the_same_rows(models):
    """Package and file, TorchScript, state dict and ONNX: pipeline.formats finds no difference."""
    first, *others = models
    roles = {"audited": models[first]} | {Role("format", one): models[one] for one in others}
    samples = scenes(2)
    case = Case(Audit(models=roles, samples=samples), "audited", Formats(), Block(samples), [].copy)
    rows = list(Formats().measure(case))

    assert {row.at["format"] for row in rows} == {*others}
    assert {row.value for row in rows if row.metric == "agreement"} == {1.0}
    assert max(row.value for row in rows if row.metric == "probability_change") < 1e-4
    assert {row.value for row in rows if row.metric == "rearranged"} == {0.0}


def test_access_is_that_of_the_file(models):
    """Gradients pass through torch's files, and none through ONNX."""
    found = {name: model.traits.access for name, model in models.items()}

    assert found == {
        "torchscript": "gradients",
        "pytorch_state_dict": "gradients",
        "onnx": "live",
        "weights.pt": "gradients",
        "weights.onnx": "live",
    }
    assert len({model.traits.digest for model in models.values()}) == len(models)
    assert np.isfinite(
        [float(one.logits(torch.rand(1, 1, 16, 16)).sum()) for one in models.values()]
    ).all()
