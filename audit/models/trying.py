"""A network tried on a piece of an image: which sizes, memory and precision it takes.

A card declares what it can; what it leaves out is found here, and told by whoever asks. Pieces are
odd multiples of each stride that is tried, so that no smaller stride passes for a larger one.
"""

from __future__ import annotations

from contextlib import suppress
from copy import copy, deepcopy
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from audit.errors import ModelError
from audit.models.manner import MAIN, entries, told
from audit.models.middle import SIDE, centred, piece
from audit.models.torch_module import normalise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from audit.models.manner import Manner
    from audit.models.torch_module import TorchSegmenter

STRIDES = (1, 2, 4, 8, 16, 32, 64, 128, 3, 5, 6, 7, 10, 12, 14, 20, 24, 28, 48, 56)
"""The likeliest first: poolings by two, then by three, and patches."""

PRECISIONS = ("float16", "bfloat16", "float64")
SIDES = (SIDE, 132, 204, 396)
"""Where sizes are counted from, for a network that needs room for its margin."""

PERIOD = 32
"""So many sizes in a row are tried on a network whose output is smaller than its input."""

DISORDER = ("dtype", "scalar type", "same type", "Half", "BFloat16", "Double", "double")
"""Words of torch's about numbers in a precision that a network does not take."""


def tried(model: TorchSegmenter, image: Tensor) -> TorchSegmenter:
    """Return the network as it must be shown an image (1, C, Y, X), where that can be found.

    Where nothing fits, the network is returned as it was: its own error is told when it runs.
    """
    spare = spared(model)
    with torch.inference_mode(), torch.random.fork_rng(devices=[]):
        shown = normalise(image, model.card)
        found = next(filter(None, (fitting(spare, shown, m) for m in layouts(spare, shown))), None)
    return model.adapted(found) if found else model


def spared(model: TorchSegmenter) -> TorchSegmenter:
    """Return a network that may be tried without a trace.

    A pass in training mode moves running statistics, which are part of the model.
    """
    if not any(part.training for part in model.module.modules()):
        return model
    other = copy(model)
    # What cannot be copied is tried itself: better a trace than a model that cannot be audited.
    with suppress(Exception):
        other.module = deepcopy(model.module)
    return other


def layouts(model: TorchSegmenter, shown: Tensor) -> Iterator[Manner]:
    """Yield the manners in which a network might take numbers: as it is first."""
    yield model.manner
    yield replace(model.manner, contiguous=True)
    reason = failure(model, shown, model.manner)
    if any(word in reason for word in DISORDER):
        for precision in PRECISIONS:
            yield replace(model.manner, precision=precision)


def failure(model: TorchSegmenter, shown: Tensor, manner: Manner) -> str:
    """Return why a network fails on an image; nothing where it does not."""
    try:
        model.answer(shown, manner)
    except ModelError as error:
        return str(error)
    return ""


def fitting(model: TorchSegmenter, shown: Tensor, manner: Manner) -> Manner | None:
    """Return a manner with a stride, an entry and a place of the channels that fit; None if none.

    A stride that was declared is taken as it is.
    """
    declared = "stride" in model.card.model_fields_set
    smaller = False
    for stride in (manner.stride,) if declared else STRIDES:
        sizes = [stride * odd(SIDE / stride, more) for more in (0, 2)]
        found = placed(model, piece(shown, (sizes[0], sizes[1])), replace(manner, stride=stride))
        if found is None:
            continue
        one, output = found
        lost = [side - left for side, left in zip(sizes, output, strict=True)]
        if lost == [0, 0]:
            return one
        smaller = smaller or min(lost) > 0
        if declared and lost[0] == lost[1] > 0 and lost[0] % 2 == 0:
            return centred(model, shown, replace(one, margin_px=lost[0] // 2))
    return margined(model, shown, manner) if smaller and not declared else None


def odd(least: float, more: int) -> int:
    """Return the first odd number that is no less, and so much more.

    >>> odd(66, 0), odd(8.25, 2), odd(0.5, 0)
    (67, 11, 1)
    """
    first = -int(-least // 1)
    return first + 1 - first % 2 + more


def placed(
    model: TorchSegmenter, shown: Tensor, manner: Manner
) -> tuple[Manner, tuple[int, int]] | None:
    """Return a manner with the entry and the place of the channels, and the output's size (Y, X).

    None where the network fails, or where nothing in its answer is an image. As many channels as
    are declared are preferred to others, which are contradicted later.
    """
    plain = replace(manner, stride=1)
    try:
        answer = model.module(plain.shown(shown))
    except Exception:  # noqa: BLE001 (a stranger's code raises what it likes)
        return None
    entry = meant(answer, manner, shown, model.decoder.channels)
    first: tuple[Manner, tuple[int, int]] | None = None
    for last in (False, True):
        one = replace(plain, entry=entry, channels_last=last)
        try:
            output = one.read(answer, (shown.shape[-2], shown.shape[-1]))
        except ModelError:
            return None
        found = replace(one, stride=manner.stride), (output.shape[-2], output.shape[-1])
        if output.shape[:2] == (1, model.decoder.channels):
            return found
        first = first or found
    return first


def meant(answer: object, manner: Manner, shown: Tensor, channels: int) -> str | None:
    """Return which of a network's several outputs is meant; ModelError where several might be.

    The one that was named, or is called "out"; the only one of the image's size, or of these the
    only one of as many channels; or any of several that are the same.
    """
    several = entries(answer)
    if several is None or manner.entry is not None or len(several) == 1:
        return manner.entry
    tensors = {name: one for name, one in several.items() if isinstance(one, torch.Tensor)}
    if MAIN in tensors:
        return MAIN
    full = [name for name, one in tensors.items() if {*shown.shape[-2:]} <= {*one.shape}]
    full = [name for name in full if channels in tensors[name].shape[1:]] or full
    if not full or all(torch.equal(tensors[full[0]], tensors[name]) for name in full):
        return full[0] if full else None
    names = "|".join(several)
    raise ModelError(f"returned {told(answer)}; say which is meant: --entry {names}")


def margined(model: TorchSegmenter, shown: Tensor, manner: Manner) -> Manner | None:
    """Return the manner of a network whose output is smaller than its input on every side.

    Of many sizes in a row those lose least that fit its poolings exactly; only there does the
    output lie in the very middle. None where they do not come at equal distances.
    """
    for first in SIDES:
        found = {
            side: got
            for side in range(first, first + PERIOD)
            if (got := placed(model, piece(shown, (side, side)), manner))
        }
        lost = {side: side - got[1][0] for side, got in found.items() if got[1][0] == got[1][1]}
        if not lost:
            continue
        least = min(lost.values())
        sides = [side for side, less in lost.items() if less == least]
        steps = {after - before for before, after in pairwise(sides)}
        if least > 0 and least % 2 == 0 and len(steps) == 1:
            (stride,) = steps
            sized = replace(found[sides[0]][0], stride=stride, remainder=sides[0] % stride)
            return centred(model, shown, replace(sized, margin_px=least // 2))
    return None
