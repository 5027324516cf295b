"""Laws of packages: what is declared is done, and what cannot be done is said in one line."""

from __future__ import annotations

import json
import shutil
from copy import deepcopy
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
import torch

from audit.errors import BioauditError, ModelError, UsageError
from audit.models.load import load_model
from tests.audit.models.package.made import (
    AXES,
    ZSCORE,
    Blurred,
    by_hand,
    described,
    example,
    outgoing,
    package,
    sha256,
)

IMAGES = torch.from_numpy(example((16, 24))[0])


def probability(model, images):
    """Return the probability (B, Y, X) of the foreground."""
    return model.predict(images).probabilities[:, 1]


def expected(images):
    """Return it by hand."""
    return torch.from_numpy(by_hand(images.numpy()))[:, 0].float()


def facts(model):
    """Return what was decided when a model was opened, by name."""
    return model.traits.found


def test_a_package_needs_no_further_key(tmp_path):
    """Steps before and after are done, images of sizes that do not fit are padded."""
    model = load_model(str(package(tmp_path / "p", network=Blurred())))

    assert torch.allclose(probability(model, IMAGES), expected(IMAGES), atol=1e-5)
    odd = torch.from_numpy(example((13, 18))[0])
    inner = (slice(None), slice(1, -1), slice(1, -1))
    assert torch.allclose(probability(model, odd)[inner], expected(odd)[inner], atol=1e-5)
    assert (model.traits.stride, model.traits.classes, model.traits.access) == (4, 2, "gradients")
    assert facts(model)["package_test"] == "its test output is reproduced"


def test_attacks_get_gradients_that_a_sigmoid_does_not_swallow(tmp_path):
    """Gradients pass through steps and network, and are not flat where the sigmoid is."""
    model = load_model(str(package(tmp_path / "p", network=Blurred())))
    images = IMAGES.clone().requires_grad_()
    (slope,) = torch.autograd.grad(model.logits(images)[:, 1].sum(), images)

    assert torch.isfinite(slope).all()
    assert (slope != 0).float().mean() > 0.9


@pytest.mark.parametrize("name", ["rdf.yaml", "bioimageio.yaml"])
def test_folder_zip_and_description_are_one_model(tmp_path, name):
    """However a package is named, the same model comes out."""
    folder = package(tmp_path / "p", network=Blurred())
    if name != "rdf.yaml":
        (folder / "rdf.yaml").rename(folder / name)
    inner = tmp_path / "inner.zip"
    with ZipFile(inner, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"top/{file.name}")
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    digests = {load_model(str(one)).traits.digest for one in (folder, packed, inner, folder / name)}

    assert len(digests) == 1
    assert load_model(str(folder), range=(0.0, 9e3)).traits.digest not in digests


def test_a_zip_that_leads_outside_is_refused(tmp_path):
    """Nothing is unpacked beside the folder, and a zip of something else is said to be none."""
    with ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../hurt", "x")
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(BioauditError, match="leads outside"):
        load_model(str(tmp_path / "evil.zip"))
    with pytest.raises(ModelError, match=r"no bioimageio\.yaml and no rdf\.yaml in it"):
        load_model(str(tmp_path / "other.zip"))
    assert not (tmp_path / "hurt").exists()


def test_yaml_is_read_as_1_2(tmp_path):
    """In YAML, `1e-6` is a number; a date and a word `no` hurt nobody."""
    pytest.importorskip("ruyaml", reason="ruyaml is not installed")
    folder = package(tmp_path / "p", network=Blurred())
    keys = json.loads((folder / "rdf.yaml").read_text())
    keys["inputs"][0]["preprocessing"] = []
    text = json.dumps(keys)[1:-1].replace('"preprocessing": []', (
        '"preprocessing": [{id: zero_mean_unit_variance, '
        "kwargs: {axes: [channel, y, x], eps: 1e-6}}]"
    ))  # fmt: skip
    (folder / "rdf.yaml").write_text(
        f"%YAML 1.2\n---\n{{{text}, timestamp: 2019-12-11T11:22:32, no: no}}\n"
    )
    model = load_model(str(folder))

    assert torch.allclose(probability(model, IMAGES), expected(IMAGES), atol=1e-5)
    (folder / "rdf.yaml").write_text("a: [1, 2\nb: }")
    with pytest.raises(ModelError, match="not a YAML file") as caught:
        load_model(str(folder))
    assert "\n" not in str(caught.value)


def test_format_0_4_is_read(tmp_path):
    """Letters, lists of sizes, modes and test files of the older format mean what they meant."""
    keys = {
        "format_version": "0.4.9",
        "name": "Tiny",
        "inputs": [
            {
                "name": "raw",
                "axes": "bcyx",
                "shape": {"min": [1, 1, 8, 8], "step": [0, 0, 4, 4]},
                "preprocessing": [
                    {
                        "name": "zero_mean_unit_variance",
                        "kwargs": {"mode": "per_sample", "axes": "cyx"},
                    }
                ],
            }
        ],
        "outputs": [
            {
                "name": "prob",
                "axes": "bcyx",
                "shape": {"reference_tensor": "raw", "scale": [1] * 4, "offset": [0] * 4},
                "halo": [0, 0, 0, 0],
                "postprocessing": [{"name": "sigmoid"}],
            }
        ],
        "test_inputs": ["in.npy"],
        "test_outputs": ["out.npy"],
        "weights": {"torchscript": {"source": "weights.pt"}},
    }
    model = load_model(str(package(tmp_path / "p", keys, Blurred())))

    assert torch.allclose(probability(model, IMAGES), expected(IMAGES), atol=1e-5)
    assert model.traits.stride == 4
    assert facts(model)["package_test"] == "its test output is reproduced"


class Arranged(torch.nn.Module):
    """`Blurred` for images whose axes stand in another order."""

    def __init__(self, forth: tuple[int, ...], back: tuple[int, ...]) -> None:
        super().__init__()
        self.inner = Blurred()
        self.forth, self.back = list(forth), list(back)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits in the order in which the images came."""
        return self.inner(images.permute(self.forth)).permute(self.back)


@pytest.mark.parametrize("letters", ["byxc", "bxyc", "cbyx"])
def test_axes_stand_where_they_are_declared(tmp_path, letters):
    """Channels last, or rows and columns exchanged, are arranged for the network and back."""
    forth = tuple(letters.index(one) for one in "bcyx")
    back = tuple("bcyx".index(one) for one in letters)
    keys = described()
    for tensor in (keys["inputs"][0], keys["outputs"][0]):
        tensor["axes"] = [tensor["axes"]["bcyx".index(one)] for one in letters]
    model = load_model(str(package(tmp_path / "p", keys, Arranged(forth, back), tests=None)))

    assert torch.allclose(probability(model, IMAGES), expected(IMAGES), atol=1e-5)


def test_a_halo_is_given_and_cut_off(tmp_path):
    """The network sees the halo beyond the image, by reflection, and none of it comes out."""
    keys = described()
    keys["outputs"][0]["axes"] = outgoing(halo=4)
    model = load_model(str(package(tmp_path / "p", keys, Blurred())))
    scaled = (IMAGES - IMAGES.mean()) / (IMAGES.std(correction=0) + 1e-6)
    wide = torch.nn.functional.pad(scaled, (4, 4, 4, 4), mode="reflect")
    wanted = Blurred()(wide)[:, 0, 4:-4, 4:-4].sigmoid()

    assert torch.allclose(probability(model, IMAGES), wanted, atol=1e-5)
    assert model.traits.halo == 4


@pytest.mark.parametrize("size", [(16, 24), (33, 70), (64, 16), (100, 90)])
def test_a_fixed_size_is_padded_to_or_cut_into(tmp_path, size):
    """With a halo as wide as it sees, tiles of a fixed size give what one large image gives."""
    keys = described()
    for axis in keys["inputs"][0]["axes"][2:]:
        axis["size"] = 32
    keys["outputs"][0]["axes"] = outgoing(halo=2)
    model = load_model(str(package(tmp_path / "p", keys, Blurred(), tests=None)))
    images = torch.from_numpy(example(size)[0])
    found, wanted = probability(model, images), expected(images)

    assert found.shape == wanted.shape
    assert torch.allclose(found[:, 1:-1, 1:-1], wanted[:, 1:-1, 1:-1], atol=1e-5)


def test_a_smaller_output_is_put_where_it_belongs(tmp_path):
    """Valid convolutions whose output is smaller by 3 px at each end are not shifted."""
    keys = described()
    for axis in keys["outputs"][0]["axes"][2:]:
        axis["size"]["offset"] = -6
    model = load_model(str(package(tmp_path / "p", keys, Blurred(valid=3), tests=None)))
    found = probability(model, IMAGES)

    assert torch.allclose(found[:, 1:-1, 1:-1], expected(IMAGES)[:, 1:-1, 1:-1], atol=1e-5)
    lie = load_model(str(package(tmp_path / "q", keys, Blurred(), tests=None)))
    with pytest.raises(ModelError, match=r"gave \(24, 32\) px \(Y, X\) .* declared are \(18, 26\)"):
        lie.logits(IMAGES)


def test_pixel_size_and_range_are_taken_over(tmp_path):
    """A scale with a unit is the pixel size in micrometres; images beyond the range are refused."""
    keys = described()
    for axis in (*keys["inputs"][0]["axes"][2:], *keys["outputs"][0]["axes"][2:]):
        axis |= {"scale": 650.0, "unit": "nanometer"}
    keys["inputs"][0] |= {"preprocessing": [], "data": {"type": "uint8", "range": [0, 255]}}
    model = load_model(str(package(tmp_path / "p", keys, Blurred(), tests=None)))

    assert model.traits.pixel_um == pytest.approx(0.65)
    assert model.traits.range == (0, 255)
    with pytest.raises(ModelError, match="takes intensities from 0 to 255, and the image runs"):
        model.logits(IMAGES * 40)
    model.logits(IMAGES.clamp(0, 255))


def test_statistics_of_the_whole_batch_are_those_of_the_batch(tmp_path):
    """A z-score without axes is one of the whole batch: company changes an answer, and may."""
    keys = described()
    keys["inputs"][0]["preprocessing"] = [{"id": "zero_mean_unit_variance"}]
    model = load_model(str(package(tmp_path / "p", keys, Blurred(), tests=None)))
    alone = probability(model, IMAGES)
    together = probability(model, torch.cat((IMAGES, IMAGES * 30)))[:1]

    assert torch.allclose(alone, expected(IMAGES), atol=1e-5)
    assert not torch.allclose(alone, together, atol=0.05)


def test_a_batch_of_one_is_shown_one_image_at_a_time(tmp_path):
    """Where the batch is declared as 1, a network never sees two images at once."""
    keys = described()
    keys["inputs"][0]["axes"][0]["size"] = 1
    model = load_model(str(package(tmp_path / "p", keys, Lonely(), tests=None)))

    assert len(probability(model, torch.cat((IMAGES, IMAGES)))) == 2


class Lonely(Blurred):
    """A network that fails in company."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits of one image."""
        assert images.shape[0] == 1
        return torch.nn.functional.conv2d(images, self.weight, padding=1)


SOURCE = """\
from tests.audit.models.package.made import Blurred


def build(scale: int = 1):
    return Blurred()
"""


@pytest.mark.parametrize("format_version", ["0.4.10", "0.5.4"])
def test_a_state_dict_brings_its_architecture(tmp_path, format_version):
    """The architecture's file in the package is run, with its settings; one elsewhere is not."""
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "net.py").write_text(SOURCE)
    torch.save(Blurred().state_dict(), folder / "weights.pth")
    new = {"architecture": {"source": "net.py", "callable": "build", "kwargs": {"scale": 2}}}
    old = {"architecture": "net.py:build", "kwargs": {"scale": 2}}
    entry = {"source": "weights.pth", **(new if format_version == "0.5.4" else old)}
    keys = described(weights={"pytorch_state_dict": entry})
    model = load_model(str(package(folder, deepcopy(keys))))
    assert torch.allclose(probability(model, IMAGES), expected(IMAGES), atol=1e-5)

    (folder / "src").mkdir()
    (folder / "net.py").rename(folder / "src" / "net.py")
    new["architecture"]["source"] = "src/net.py"
    entry["architecture"] = new["architecture"] if "0.5" in format_version else "src/net.py:build"
    load_model(str(package(folder, deepcopy(keys))))

    entry["architecture"] = {"import_from": "os", "callable": "system", "kwargs": {}}
    with pytest.raises(ModelError, match="a card may name a file beside it"):
        load_model(str(package(folder, deepcopy(keys))))
    entry["architecture"] = {"source": "../net.py", "callable": "build"}
    with pytest.raises(ModelError, match="leads out of the package"):
        load_model(str(package(folder, deepcopy(keys))))


def test_a_file_must_be_the_one_that_is_described(tmp_path):
    """A hash that differs is told of, and so is a format that is not there."""
    keys = described()
    folder = package(tmp_path / "p", deepcopy(keys), Blurred())
    keys["weights"]["torchscript"]["sha256"] = sha256(folder / "weights.pt")
    load_model(str(package(folder, deepcopy(keys))))
    keys["weights"]["torchscript"]["sha256"] = "0" * 64
    keys["weights"]["onnx"] = {"source": "weights.onnx"}
    with pytest.raises(ModelError, match=r"weights\.pt is not the file .* weights\.onnx is not in"):
        load_model(str(package(folder, deepcopy(keys))))
    with pytest.raises(ModelError, match="name one of torchscript, pytorch_state_dict, onnx"):
        load_model(str(folder), weights="keras")


def test_a_test_output_that_does_not_come_out_is_told_of(tmp_path):
    """A published answer that the network does not give is in the facts of the record."""
    shown, wanted = example()
    folder = package(tmp_path / "p", network=Blurred(), tests=(shown, 1 - wanted))

    assert "NOT reproduced" in facts(load_model(str(folder)))["package_test"]
    np.save(folder / "out.npy", np.array([object()]), allow_pickle=True)
    assert "cannot be read" in facts(load_model(str(folder)))["package_test"]


def test_an_activation_is_found_in_the_published_output(tmp_path):
    """One channel whose activation nobody declares is a probability where the output fills 0..1."""
    keys = described()
    keys["outputs"][0]["postprocessing"] = []
    with pytest.raises(ModelError, match="say --output sigmoid or --output sigmoid-logits"):
        load_model(str(package(tmp_path / "p", deepcopy(keys), Blurred(), tests=None)))
    network = torch.nn.Sequential(Blurred(), torch.nn.Sigmoid())
    model = load_model(str(package(tmp_path / "q", deepcopy(keys), network)))

    assert torch.allclose(probability(model, IMAGES), expected(IMAGES), atol=1e-5)
    assert "its published test output" in facts(model)["package_activation"]
    said = load_model(str(tmp_path / "p"), output="sigmoid-logits")
    assert torch.allclose(probability(said, IMAGES), expected(IMAGES), atol=1e-5)


def two(*names, **changes):
    """Return a description with a channel for each name."""
    keys = described(**changes)
    keys["outputs"][0]["axes"] = outgoing(names)
    return keys


def test_channels_are_what_they_are_called_or_unknown(tmp_path):
    """Softmax makes classes; names with the background first do; maps without names are refused."""
    keys = two("background", "cell", "wall")
    keys["outputs"][0]["postprocessing"] = [{"id": "softmax", "kwargs": {"axis": "channel"}}]
    model = load_model(str(package(tmp_path / "a", keys, Blurred(outputs=3), tests=None)))
    scaled = (IMAGES - IMAGES.mean()) / (IMAGES.std(correction=0) + 1e-6)
    wanted = Blurred(outputs=3)(scaled).softmax(1)
    assert torch.allclose(model.predict(IMAGES).probabilities, wanted, atol=1e-5)

    named = two("background", "cell", "wall")
    named["outputs"][0]["postprocessing"] = []
    assert (
        load_model(
            str(package(tmp_path / "b", named, Blurred(outputs=3), tests=None))
        ).traits.classes
        == 3
    )
    folder = package(tmp_path / "c", two("channel0", "channel1"), Blurred(outputs=2), tests=None)
    with pytest.raises(ModelError, match="say --heads with a name for each"):
        load_model(str(folder))
    assert load_model(str(folder), heads="foreground,boundary").card.heads[1] == "boundary"
    assert load_model(str(folder), output="logits").traits.classes == 2
    with pytest.raises(ModelError, match="its one channel is called a boundary"):
        load_model(str(package(tmp_path / "d", two("membrane"), Blurred(), tests=None)))


def test_maps_that_stand_alone_are_heads(tmp_path):
    """Of a foreground and a boundary with a sigmoid each, the first is what is scored."""
    folder = package(tmp_path / "p", two("foreground", "boundary"), Blurred(outputs=2), tests=None)
    model = load_model(str(folder))
    scaled = (IMAGES - IMAGES.mean()) / (IMAGES.std(correction=0) + 1e-6)
    wanted = Blurred(outputs=2)(scaled).sigmoid()[:, 0]

    assert model.card.heads == ("foreground", "boundary")
    assert torch.allclose(model.predict(IMAGES).probabilities[:, 1], wanted, atol=1e-5)


DEPTH = {"type": "space", "id": "z", "size": 8}
OPTION = {**ZSCORE, "kwargs": {"ep": 1}}


def put(tensor, **values):
    """Return a change of the first tensor of a kind."""
    return lambda keys: keys[tensor][0].update(values)


def narrow(keys):
    """Declare a fixed size that is all halo."""
    keys["inputs"][0]["axes"][2]["size"] = 16
    keys["outputs"][0]["axes"] = outgoing(halo=8)


CHANGED = (
    ("3-D: it takes", lambda keys: keys["inputs"][0]["axes"].insert(2, DEPTH)),
    ("takes 2 inputs", lambda keys: keys["inputs"].append({"id": "more", "axes": AXES})),
    ("gives no image", put("outputs", axes=[{"type": "batch"}])),
    ("gives 2 images", lambda keys: keys["outputs"].append({"id": "more", "axes": outgoing()})),
    ("leaves nothing within its halo", narrow),
    ("makes an image, not a segmentation", lambda keys: keys.update(tags=["Denoising"])),
    ("for TensorFlow", lambda keys: keys.update(weights={"keras_hdf5": {"source": "a.h5"}})),
    ("label images", put("outputs", data={"values": [0, 1]}, postprocessing=[])),
    ("no operation 'scale_rnge' is known", put("inputs", preprocessing=[{"id": "scale_rnge"}])),
    ("unknown setting 'ep'", put("inputs", preprocessing=[OPTION])),
    ("missing a required argument", put("outputs", postprocessing=[{"id": "binarize"}])),
    ("of the type 'dataset'", lambda keys: keys.update(type="dataset")),
    ("format_version '0.3.6'", lambda keys: keys.update(format_version="0.3.6")),
    ("names no weights", lambda keys: keys.pop("weights")),
    ("names no inputs", lambda keys: keys.update(inputs=[])),
    ("expected a tensor", lambda keys: keys.update(inputs=["raw"])),
    ("cannot be understood", put("inputs", axes=7)),
    ("takes 3 channels", lambda keys: keys["inputs"][0]["axes"][1].update(channel_names=[*"rgb"])),
)


@pytest.mark.parametrize(("says", "change"), CHANGED)
def test_what_cannot_be_audited_is_refused_in_one_line(tmp_path, says, change):
    """Each thing that an audit cannot do is named, with the package, in one line."""
    keys = described()
    change(keys)
    folder = package(tmp_path / "p", keys, Blurred(), tests=None)
    with pytest.raises(ModelError, match=says) as caught:
        load_model(str(folder)).predict(IMAGES)
    assert "\n" not in str(caught.value)


def test_keys_that_a_package_declares_itself_are_refused(tmp_path):
    """Normalisation, channels and classes are the package's own to say."""
    folder = str(package(tmp_path / "p", network=Blurred()))
    for key, value in {"normalisation": "zscore", "channels": 3, "classes": 3}.items():
        with pytest.raises(UsageError, match=f"--{key}"):
            load_model(folder, **{key: value})
    with pytest.raises(ModelError, match="said is --output softmax, but the package gives 1"):
        load_model(folder, output="softmax")


def test_a_card_in_the_folder_goes_first(tmp_path):
    """A folder with a model card is what the card says, whatever description lies beside it."""
    folder = package(tmp_path / "p", network=Blurred())
    (folder / "model.toml").write_text('weights = "weights.pt"\noutput = "sigmoid"\n')

    assert load_model(str(folder)).traits.found == {}
    assert Path(folder / "rdf.yaml").is_file()
