"""The test tensors of a package: what its authors got, and whether the network gives it here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from audit.declared import within
from audit.errors import ModelError, text_of
from audit.models.package.network import finished, restored
from audit.models.sizes import placed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from audit.models.package.contract import Contract
    from audit.models.package.description import ModelDescription
    from audit.models.package.heads import Activation
    from audit.models.package.network import DeclaredNetwork

TOLERANCE = 1e-3
"""Relative and absolute, as bioimageio.core has it."""

MOST_PER_MILLION = 100
"""Elements that may be further off, as for format 0.5 in bioimageio.core."""

MOST_ELEMENTS = 2**27
ROUNDING = 1e-3
TRIED_SIZES = 3
MOST_PIXELS = 2**20
"""Of an image whose size is tried."""


class Replayed(NamedTuple):
    """What came of it: the share of elements that differ, and the largest difference."""

    differing: float
    largest: float
    shapes: tuple[tuple[int, ...], ...] = ()
    """Of what is published and of what is given, where they are not one."""
    failure: str = ""
    """Why the network gives nothing at all for the published input."""

    @property
    def reproduced(self) -> bool:
        """Whether what is published comes out again."""
        return self.differing * 1e6 <= MOST_PER_MILLION

    def __str__(self) -> str:
        """Return it as part of a sentence."""
        if self.reproduced:
            return "its test output is reproduced"
        if self.failure:
            return f"its test output is NOT reproduced: on its input it fails ({self.failure})"
        if self.shapes:
            return (
                f"its test output is NOT reproduced: it has a shape of {self.shapes[0]}, "
                f"the network gives {self.shapes[1]}"
            )
        return (
            f"its test output is NOT reproduced: {self.differing:.2%} of it differ, "
            f"by {self.largest:.3g} at most"
        )


def replayed(
    network: DeclaredNetwork, described: ModelDescription, *, objects: bool = False
) -> Replayed | str:
    """Return how the network's answer to the test input differs from the test output.

    Or why that cannot be had, in words. `objects` says that it gives their numbers. Sizes are
    those of the test input: nothing is padded.
    """
    contract = network.contract
    try:
        shown = read_array(described, "test input", *tensor_of(described, 0, contract))
        expected = read_array(described, "test output", *tensor_of(described, 1, contract))
        if shown is None or expected is None:
            return "it brings no test tensors"
        images = restored(torch.from_numpy(shown.astype(np.float32)), contract.input_order)
        wanted = restored(torch.from_numpy(expected.astype(np.float64)), contract.output_order)
    except ModelError as error:
        return f"its test tensors cannot be tried: {error}"
    tries: list[Replayed] = []
    try:
        tries.extend(
            compared(one, wanted, numbers_objects=objects) for one in answers(network, images)
        )
    except Exception as error:  # noqa: BLE001
        # A stranger's code raises what it likes; one answer of two is enough.
        tries = tries or [Replayed(1.0, math.inf, failure=text_of(error).strip()[:120])]
    return next((one for one in tries if one.reproduced), tries[0])


def answers(network: DeclaredNetwork, images: torch.Tensor) -> Iterator[torch.Tensor]:
    """Yield the declared output for images as they are, and with the border that a halo asks for.

    Newer test outputs are made the second way.
    """
    contract = network.contract
    with torch.inference_mode():
        shown = network.prepared(images)
        yield finished(network.called(shown), contract.after).double()
        if contract.halo:
            found = placed(shown, contract.y, contract.x, network.called)
            yield finished(found, contract.after).double()


def compared(
    found: torch.Tensor, wanted: torch.Tensor, *, numbers_objects: bool = False
) -> Replayed:
    """Return the difference between what is given and what is published.

    All of it differs where the shapes do. The numbers of objects are compared up to their order.
    """
    if found.shape != wanted.shape:
        return Replayed(1.0, math.inf, (tuple(wanted.shape), tuple(found.shape)))
    if numbers_objects:
        found = renumbered(found, wanted)
    apart = (found - wanted).abs()
    far = ~(apart <= TOLERANCE + TOLERANCE * wanted.abs())
    return Replayed(float(far.double().mean()), float(apart.max()))


def renumbered(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return objects under the numbers of those that they overlap most; 0 stays the background.

    Each number is given once, so that two halves of one object are not taken for it.
    """
    both = np.stack((found.flatten().numpy(), wanted.flatten().numpy()))
    pairs, shared = np.unique(both, axis=1, return_counts=True)
    numbered, done, taken = torch.full_like(found, -1), {0.0}, {0.0}
    numbered[found == 0] = 0
    for place in shared.argsort()[::-1]:
        mine, theirs = pairs[:, place].tolist()
        if mine not in done and theirs not in taken:
            numbered[found == mine] = theirs
            done.add(mine)
            taken.add(theirs)
    return numbered


def tensor_of(described: ModelDescription, kind: int, contract: Contract) -> tuple[Any, ...]:
    """Return the source of a test tensor: of the input (0) or of the output (1)."""
    tensors = (described.inputs, described.outputs)[kind]
    number = contract.output_number if kind else contract.input_number
    test = tensors[number].test
    if test is not None:
        return (test.get("source"),)
    listed = described.tests[kind]
    return (listed[number] if number < len(listed) else None,)


def read_array(described: ModelDescription, what: str, source: Any) -> NDArray[Any] | None:
    """Return an array of the package; None where it is not there. Nothing in it is ever run."""
    path = array_file(described, source)
    if path is None:
        return None
    name = path.name
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ModelError(f"the {what} {name} cannot be read: {text_of(error)[:80]}") from None
    if array.size > MOST_ELEMENTS or array.dtype.kind not in "fiub":
        raise ModelError(f"the {what} {name} is no image: {array.dtype} {array.shape}")
    return array


def array_file(described: ModelDescription, source: Any) -> Path | None:
    """Return the file of an array in the package; None where it is not there."""
    source = source.get("source") if isinstance(source, dict) else source
    name = str(source or "").rpartition("/")[2] if "://" in str(source) else str(source or "")
    path = within(described.folder, name) if name else None
    return path if path and path.is_file() and path.suffix == ".npy" else None


def tensor_files(described: ModelDescription, contract: Contract) -> tuple[Path, ...]:
    """Return the test tensors that are there: what is found by them belongs to them too."""
    kinds = (array_file(described, *tensor_of(described, kind, contract)) for kind in (0, 1))
    return tuple(path for path in kinds if path)


def refused_sizes(network: DeclaredNetwork) -> str:
    """Return which of the smallest sizes that are declared the network does not take, in words."""
    contract = network.contract
    told = []
    for more in range(TRIED_SIZES):
        height, width = (one.size.least + more * one.size.step for one in (contract.y, contract.x))
        if height * width > MOST_PIXELS:
            break
        try:
            with torch.inference_mode():
                network.called(torch.zeros(1, contract.channels, height, width))
        except Exception as error:  # noqa: BLE001
            # A stranger's code raises what it likes.
            reason = text_of(error).strip().splitlines()[-1:] or [type(error).__name__]
            told.append(f"{height} x {width} px ({reason[0][:80]})")
    return f"it does NOT take sizes that are declared: {', '.join(told)}" if told else ""


def seen(described: ModelDescription, contract: Contract) -> Activation | None:
    """Return what the published test output shows of its activation: "softmax", "unit" or nothing.

    Values that fill 0 to 1 are probabilities; where the channels of every pixel sum to one, of
    classes.
    """
    try:
        array = read_array(described, "test output", *tensor_of(described, 1, contract))
        if array is None:
            return None
        values = restored(torch.from_numpy(array.astype(np.float64)), contract.output_order)
    except ModelError:
        return None
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > 1 or not low < high:
        return None
    apart = float((values.sum(1) - 1).abs().max())
    return "softmax" if values.shape[1] > 1 and apart <= ROUNDING else "unit"
