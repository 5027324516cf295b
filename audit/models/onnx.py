"""ONNX files: a network and its weights in one, run by onnxruntime; no gradients come out.

An ONNX file may keep weights in other files. They are read only where they lie in its own folder,
as files of their own: onnxruntime refuses links and ways out, but not a hard link to any file of
the machine.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from audit.declared import within
from audit.errors import ModelError
from audit.models.sizes import Size, Sized, placed
from audit.models.torch_module import TorchSegmenter
from audit.models.weights import require

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NEEDED = "onnxruntime"
TYPES: dict[str, type[np.generic]] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(uint16)": np.uint16,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
}
LOCATION = re.compile(rb"\n\x08location\x12([\x01-\x7f]|[\x80-\xff][\x01-\x7f])", re.DOTALL)
"""How a file names another one that holds its weights: a key, and the length of its value."""

AXES = 4
MOST_CHANNELS = 4
"""Of an image whose channels stand last."""


class OnnxNetwork(nn.Module):
    """A session of onnxruntime as a module: tensors in, a list of tensors out, on the CPU."""

    def __init__(self, session: Any, files: tuple[Path, ...] = ()) -> None:
        super().__init__()
        self.session = session
        self.files = files
        self.taken = session.get_inputs()[0]
        self.channels_last = False

    def forward(self, images: Tensor) -> list[Tensor]:
        """Return every output for images in the order of axes that the file wants."""
        shown = images.detach().cpu()
        shown = shown.movedim(1, -1) if self.channels_last else shown
        array = np.ascontiguousarray(shown.numpy()).astype(TYPES[self.taken.type], copy=False)
        found = self.session.run(None, {self.taken.name: array})
        tensors = [torch.from_numpy(np.array(one)).to(images.device) for one in found]
        return [one.movedim(-1, 1) for one in tensors] if self.channels_last else tensors


class OnnxSegmenter(TorchSegmenter):
    """An ONNX file behind the contract of `Segmenter`: live, without gradients."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.traits = replace(self.traits, access="live")


def open_onnx(path: Path) -> OnnxNetwork:
    """Return the network in an ONNX file; ModelError that names the file and the remedy."""
    require(path)
    try:
        import onnxruntime
    except ImportError:
        raise ModelError(
            f"{path}: an ONNX file needs the package {NEEDED}; pip install 'bioaudit[onnx]'"
        ) from None
    files = external(path)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # noqa: BLE001
        # onnxruntime has a family of errors for each reason, with no common parent.
        said = " ".join(str(error).split())[:160]
        raise ModelError(f"{path}: cannot be opened by onnxruntime: {said}") from None
    inputs = session.get_inputs()
    if len(inputs) != 1 or inputs[0].type not in TYPES:
        names = ", ".join(f"{one.name}: {one.type}" for one in inputs)
        raise ModelError(f"{path}: takes {names[:120]}; an audit shows one image")
    return OnnxNetwork(session, files)


class OneOutput(nn.Module):
    """An ONNX network of one image in and one out, as (B, C, Y, X) and (B, K, Y, X)."""

    def __init__(self, inner: OnnxNetwork, shape: list[Any]) -> None:
        super().__init__()
        self.inner = inner
        self.files = inner.files
        inner.channels_last = is_last(shape)
        places = (1, 2) if inner.channels_last else (2, 3)
        self.y, self.x = (Sized(size_of(shape[place])) for place in places)
        self.one_by_one = shape[0] == 1

    def forward(self, images: Tensor) -> Tensor:
        """Return the one output for images of any size."""
        return placed(images, self.y, self.x, self.called)

    def called(self, images: Tensor) -> Tensor:
        """Return the one output for images of a size that the file takes."""
        if self.one_by_one:
            return torch.cat([self.inner(one[None])[0] for one in images])
        return self.inner(images)[0]  # type: ignore[no-any-return]


def size_of(declared: Any) -> Size:
    """Return the sizes that an axis may have: the one that stands there, or any."""
    return Size(declared, 0) if isinstance(declared, int) and declared > 0 else Size()


def load_onnx(path: Path) -> nn.Module:
    """Return an ONNX file that takes an image (B, C, Y, X) or (B, Y, X, C) and gives one.

    Raises ModelError where it takes or gives something else.
    """
    inner = open_onnx(path)
    shown, found = inner.taken.shape, [one.shape for one in inner.session.get_outputs()]
    if len(shown) != AXES:
        kind = "3-D: it" if len(shown) > AXES else "it"
        raise ModelError(
            f"{path}: {kind} takes {len(shown)} axes {told(shown)}; audited are images (B, C, Y, X)"
        )
    if isinstance(shown[0], int) and shown[0] > 1:
        raise ModelError(f"{path}: takes {shown[0]} images at once; export it with a free batch")
    if len(found) != 1 or len(found[0]) != AXES:
        raise ModelError(
            f"{path}: gives {', '.join(map(told, found))[:120]}; audited is one output (B, K, Y, X)"
        )
    return OneOutput(inner, shown).eval()


def is_last(shape: list[Any]) -> bool:
    """Return whether the channels of an input stand last, as networks from TensorFlow have them.

    >>> is_last([1, "height", "width", 3]), is_last([None, 1, 512, 512]), is_last([1, 3, "y", "x"])
    (True, False, False)
    """
    first, last = shape[1], shape[3]
    few = isinstance(last, int) and 0 < last <= MOST_CHANNELS
    return few and not (isinstance(first, int) and 0 < first <= MOST_CHANNELS)


def told(shape: Iterable[Any]) -> str:
    """Return a shape in words."""
    return f"({', '.join(str(one) for one in shape)})"


def external(path: Path) -> tuple[Path, ...]:
    """Return the other files that an ONNX file keeps its weights in.

    Raises ModelError where one is missing, leads out of the folder, or is a link of either kind.
    """
    found = []
    for name in sorted(named(path)):
        place = within(path.parent, name)
        if place is None or place.is_symlink():
            raise ModelError(
                f"{path}: keeps weights in {name!r:.80}, which leads out of its folder"
            )
        if not place.is_file():
            raise ModelError(f"{path}: keeps weights in {name!r:.80}, which is not there")
        if place.stat().st_nlink > 1:
            raise ModelError(
                f"{path}: keeps weights in {name!r:.80}, a hard link, which may be anybody's "
                "file; copy it"
            )
        found.append(place)
    return tuple(found)


def named(path: Path) -> set[str]:
    """Return the names of all files that an ONNX file refers to, wherever in it they stand."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return {
            content[one.end() : one.end() + varint(one[1])].decode("utf-8", "replace")
            for one in LOCATION.finditer(content)
        }


def varint(raw: bytes) -> int:
    r"""Return a number as protobuf writes it, seven bits a byte, the lowest first.

    >>> varint(b"\x05"), varint(b"\x80\x01")
    (5, 128)
    """
    return sum((one & 0x7F) << (7 * place) for place, one in enumerate(raw))
