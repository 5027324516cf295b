"""Laws of loading: nothing in a file is ever run, and every refusal is one line with a remedy."""

from __future__ import annotations

import pickle
import shutil

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from audit.errors import ModelError, UsageError
from audit.models.load import load_model
from tests.toys import Tiny

IMAGES = torch.rand(1, 1, 12, 13, generator=torch.Generator().manual_seed(0))
SOURCE = """\
from __future__ import annotations

from dataclasses import dataclass

from tests.toys import Tiny


@dataclass
class Width:
    number: int = 4


def network(classes: int = 2):
    return Tiny(classes)
"""
CARD = """\
network = "net.py:network"
weights = "{weights}"
normalisation = "zscore"
"""


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a network's source, its weights in three formats, and its card."""
    (tmp_path / "net.py").write_text(SOURCE)
    state = {name: value * 2 for name, value in Tiny().state_dict().items()}
    torch.save(state, tmp_path / "w.pt")
    torch.save(
        {"model_state_dict": {f"module.{k}": v for k, v in state.items()}, "epoch": 3},
        tmp_path / "wrapped.pt",
    )
    save_file(state, tmp_path / "w.safetensors")
    (tmp_path / "model.toml").write_text(CARD.format(weights="w.pt"))
    return tmp_path


def refused(path, says, **declared):
    """Assert that loading raises a one-line ModelError that names the remedy."""
    with pytest.raises(ModelError, match=says) as caught:
        load_model(str(path), **declared)
    assert "\n" not in str(caught.value)


def card(folder, **changes):
    """Write a card with some keys changed, and return its path."""
    lines = {"network": '"net.py:network"', "weights": '"w.pt"'} | changes
    path = folder / "model.toml"
    path.write_text("\n".join(f"{key} = {value}" for key, value in lines.items()))
    return path


def test_every_format_of_weights_gives_the_same_output(folder):
    """A state dict, a wrapped one and safetensors hold the same network."""
    network = Tiny()
    network.load_state_dict(torch.load(folder / "w.pt", weights_only=True))
    expected = network(IMAGES)
    for weights in ("w.pt", "wrapped.pt", "w.safetensors"):
        model = load_model(str(card(folder, weights=f'"{weights}"')))
        assert torch.allclose(model.logits(IMAGES), expected, atol=1e-6)
    spec = f"{folder / 'net.py'}:network"
    declared = load_model(spec, weights=str(folder / "w.pt"))
    assert torch.allclose(declared.logits(IMAGES), expected, atol=1e-6)


def test_a_folder_and_its_card_are_one_model(folder):
    """The folder stands for the card in it, and the digest is the model's identity."""
    one, two = load_model(str(folder)), load_model(str(folder / "model.toml"))
    assert one.traits == two.traits
    other = load_model(str(folder), normalisation="minmax")
    assert other.traits.digest != one.traits.digest
    renamed = load_model(str(folder), name="other")
    assert renamed.traits.digest == one.traits.digest


class Payload:
    """A pickle that makes a file when it is loaded."""

    def __init__(self, path) -> None:
        self.path = path

    def __reduce__(self):
        """Name the call that a pickle would make."""
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin"])
def test_what_is_in_a_file_is_never_run(folder, suffix):
    """A pickle with a payload, and a pickled module, are refused, and the payload never runs."""
    hurt = folder / "hurt"
    evil = folder / f"evil{suffix}"
    torch.save({"state_dict": Payload(hurt)}, evil)
    refused(card(folder, weights=f'"{evil.name}"'), "refused, because loading it would run code")
    evil.write_bytes(pickle.dumps(Payload(hurt)))
    refused(card(folder, weights=f'"{evil.name}"'), "evil")
    torch.save(Tiny(), evil)
    refused(card(folder, weights=f'"{evil.name}"'), "save its state_dict instead")
    refused(evil, "not TorchScript")
    assert not hurt.exists()
    # The payload is live: loading it without care would have made the file.
    pickle.loads(pickle.dumps(Payload(hurt))).close()  # noqa: S301
    assert hurt.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "no such weight file; check `weights`"),
        (b"", "empty; download it again"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "run `git lfs pull`"),
        (b"\n<!DOCTYPE html><html>", "a web page, not the weights"),
        (b"garbage" * 100, "not readable as weights|refused"),
    ],
)
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_weights_that_are_none_are_named(folder, content, says, suffix):
    """A missing, empty, substituted or garbled weight file is said to be so."""
    path = folder / f"bad{suffix}"
    if content is not None:
        path.write_bytes(content)
    refused(card(folder, weights=f'"{path.name}"'), says)


@pytest.mark.parametrize("name", ["w.pt", "w.safetensors"])
@pytest.mark.parametrize("kept", [0.3, 0.9, 0.99])
def test_truncated_weights_are_refused(folder, name, kept):
    """A file that was cut short is not read in part."""
    data = (folder / name).read_bytes()
    (folder / f"cut{name}").write_bytes(data[: int(kept * len(data))])
    refused(card(folder, weights=f'"cut{name}"'), "not readable as weights")


def test_weights_must_fit_exactly(folder):
    """A missing, a surplus and a misshapen tensor are errors that name the tensor."""
    state = Tiny().state_dict()
    first = next(iter(state))
    changes = {
        "Missing key": {k: v for k, v in state.items() if k != first},
        "Unexpected key": state | {"more": torch.zeros(1)},
        "size mismatch": state | {first: torch.zeros(2, 2)},
    }
    for says, changed in changes.items():
        torch.save(changed, folder / "other.pt")
        refused(card(folder, weights='"other.pt"'), rf"does not fit the network: {says}")
    torch.save([1, 2], folder / "list.pt")
    refused(card(folder, weights='"list.pt"'), "expected a state dict, got list")


def test_cards_are_checked(folder):
    """An unknown key names the near one; a wrong value and broken TOML name the file."""
    refused(card(folder, normalization='"zscore"'), "normalization: unknown key; did you mean")
    refused(card(folder, output='"label"'), "output: Input should be 'logits', 'softmax'")
    refused(card(folder, classes="1"), "classes: Input should be greater than or equal to 2")
    refused(card(folder, format="2"), "format: Input should be 1")
    (folder / "model.toml").write_text("network = ")
    refused(folder, r"model\.toml: not a TOML file")
    refused(folder / "absent.toml", "no such model")
    (folder / "model.toml").write_text("")
    refused(folder, "names neither a network nor weights")


def test_networks_are_checked(folder):
    """A missing file, function or setting, and a builder that fails, are named in one line."""
    refused(card(folder, network='"absent.py:network"'), "no such file; a network is named")
    refused(card(folder, network='"net.py:netwrk"'), "has no function 'netwrk'")
    refused(card(folder, network='"net"'), r"expected file\.py:function")
    card(folder)
    refused(folder, "no.such.package: cannot be imported", network="no.such.package:f")
    refused(card(folder, settings="{ depth = 3 }"), "failed with settings .*depth")
    refused(card(folder, network='"net.py:Width"'), "gave Width, not a torch module")
    (folder / "bad.py").write_text("import no_such_library")
    refused(card(folder, network='"bad.py:network"'), "cannot be run: ModuleNotFoundError")
    (folder / "bad.py").write_text("def network(:")
    refused(card(folder, network='"bad.py:network"'), "cannot be run: SyntaxError")


def test_weights_alone_are_no_model(folder):
    """Weights without their network are refused with what is missing."""
    refused(folder / "w.safetensors", "say which network they are for")
    refused(folder / "w.pt", "a state dict, not TorchScript; weights alone need a `network`")


class Normed(nn.Module):
    """A network with batch statistics."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        self.head = nn.Conv2d(1, 2, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits."""
        return self.head(self.norm(images))


@pytest.mark.parametrize("training", [True, False])
def test_a_script_keeps_the_mode_in_which_it_was_saved(tmp_path, training):
    """Batch normalisation left in training mode stays so: that flaw is to be found, not cured."""
    path = tmp_path / "model.pt"
    torch.jit.script(Normed().train(training)).save(str(path))
    model = load_model(str(path))
    assert model.module.training is training
    assert model.module.norm.training is training
    alone, dark = torch.rand(1, 1, 8, 8), torch.rand(1, 1, 8, 8) + 5
    together = model.logits(torch.cat((alone, dark)))[:1]
    depends = not torch.allclose(model.logits(alone), together, atol=1e-3)
    assert depends is training


def test_a_truncated_script_is_refused(tmp_path):
    """A TorchScript file that was cut short is not run."""
    path = tmp_path / "model.pt"
    torch.jit.script(Normed()).save(str(path))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused(path, "not TorchScript")
    shutil.rmtree(tmp_path)
    refused(path, "no such model")


def test_a_built_network_is_in_inference_mode(folder):
    """A network that is built from source is meant for inference."""
    assert load_model(str(folder)).module.training is False


CALLABLE = """\
from torch import nn


def segment(image):
    return image > image.mean()


def loads(thing):
    return nn.Identity()


def pair(image):
    return image, image


def needs(image, diameter):
    return image
"""


@pytest.fixture
def code(tmp_path):
    """Return the path of a file with functions of an image."""
    (tmp_path / "code.py").write_text(CALLABLE)
    return tmp_path / "code.py"


def test_a_function_of_an_image_is_a_model(code):
    """Its signature says it, and the record keeps by what; `--as callable` says it without."""
    for declared, by in (({}, "its parameter `image`"), ({"taken_as": "callable"}, None)):
        model = load_model(f"{code}:segment", **declared)
        assert torch.equal(model.predict(IMAGES).labels, (IMAGES.mean() < IMAGES).long()[:, 0])
        assert model.traits.found.get("by") == by
        assert model.traits.access == "live"


def test_a_function_of_an_image_in_a_card_is_one_too(code):
    """A card may name such a function beside it, and declare what it gives."""
    (code.parent / "model.toml").write_text('network = "code.py:segment"\noutput = "labels"\n')
    model = load_model(str(code.parent))
    assert model.traits.output == "labels"
    assert model.predict(IMAGES).labels.any()


def test_what_a_function_is_can_be_said(code, folder):
    """`--as network` calls it as a builder; a wrong word, or weights, are named."""
    refused(f"{code}:segment", "failed with settings {}: TypeError", taken_as="network")
    refused(f"{code}:segment", "brings its own weights", taken_as="callable", weights="w.pt")
    with pytest.raises(UsageError, match="taken_as: Input should be 'network'"):
        load_model(f"{code}:segment", taken_as="builder")
    built = load_model(f"{folder / 'net.py'}:network", weights=str(folder / "w.pt"))
    assert built.traits.found == {}


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("loads", "gave a torch module: it builds a network; say --as network"),
        ("pair", "gave a tuple of 2; return the one array"),
        ("needs", "missing 1 required positional argument: 'diameter'"),
    ],
)
def test_a_function_that_gives_no_array_is_named(code, name, says):
    """What it gives instead, and the remedy, are told at the first image."""
    with pytest.raises(ModelError, match=says):
        load_model(f"{code}:{name}").predict(IMAGES)


@pytest.mark.parametrize("name", ["unet.h5", "unet.keras", "saved"])
def test_a_keras_model_is_told_how_it_comes_in(tmp_path, name):
    """Keras and TensorFlow files are refused with the lines that audit them."""
    path = tmp_path / name
    if name == "saved":
        path.mkdir()
        (path / "saved_model.pb").touch()
    else:
        path.touch()
    with pytest.raises(ModelError, match="wrap it in a Python function") as caught:
        load_model(str(path))
    (note,) = caught.value.__notes__
    assert f"load_model('{name}'" in note
    assert "bioaudit run --model segment.py:segment" in note


def test_keras_weights_are_no_weights_of_torch(folder):
    """Weights of Keras beside a network of torch are refused with the same lines."""
    (folder / "unet.weights.h5").write_bytes(b"\x89HDF")
    refused(card(folder, weights='"unet.weights.h5"'), "a Keras or TensorFlow model")


def test_a_keras_model_that_is_not_there_is_no_model(tmp_path):
    """A name alone is not yet a model."""
    refused(tmp_path / "absent.h5", "no such model")
