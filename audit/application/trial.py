"""A model tried on a few real images before anything else, so that it is what was declared.

An audit of a wrong declaration costs its time and says one thing in every line. What can be found
by trying is found here; what the numbers contradict is refused in one sentence.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import torch

from audit.errors import BioauditError, DataError, ModelError, told
from audit.interrupt import Interrupted, heeded
from audit.models.contradiction import constant, contradiction
from audit.models.function import FunctionSegmenter
from audit.models.misplaced import inverted, misplaced
from audit.models.torch_module import TorchSegmenter
from audit.models.trying import spared, tried

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from audit.datasets.sample import Sample
    from audit.models.segmenter import Segmenter

LOOKED_AT = 3
"""Images that a model is tried on, spread over the test images."""


class Sight(NamedTuple):
    """An image (1, C, Y, X) that a model is tried on, and its foreground (1, Y, X) if known."""

    name: str
    image: Tensor
    truth: Tensor | None


def looked_at(samples: Sequence[Sample], device: str) -> list[Sight]:
    """Return a few images spread over the samples; what cannot be read is told in its turn."""
    step = max(1, len(samples) // LOOKED_AT)
    spread = sorted(range(len(samples)), key=lambda number: number % step)
    return list(islice(readable([samples[n] for n in spread], device), LOOKED_AT))


def readable(samples: Sequence[Sample], device: str) -> Iterator[Sight]:
    """Yield the samples whose image and mask can be read, and whose image has contrast."""
    for sample in samples:
        try:
            image = torch.from_numpy(sample.image())[None].to(device)
            truth = torch.from_numpy(sample.mask() > 0)[None] if sample.mask else None
        except DataError:
            continue
        if float(image.min()) < float(image.max()):
            yield Sight(sample.id, image, None if truth is None else truth.to(device))


def approved(model: Segmenter, seen: Sequence[Sight], name: str) -> Segmenter:
    """Return a model as it must be shown images, once it does what is declared of it.

    Raises ModelError, one sentence with the remedy, where it fails on every image, or where what it
    gives contradicts what is declared.
    """
    if seen:
        model = fitted(model, seen, name)
        try:
            with blamed():
                reason = refusal(model, seen)
        except ModelError as error:
            reason = f"tried on {seen[0].name}, it {error}"
        if reason:
            raise ModelError(f"{name}: {reason}")
    return model


def fitted(model: Segmenter, seen: Sequence[Sight], name: str) -> Segmenter:
    """Return a model as it must be shown images, whatever it gives for them."""
    if not seen or not isinstance(model, TorchSegmenter):
        return model
    try:
        with blamed():
            return tried(model, seen[0].image)
    except ModelError as error:
        raise ModelError(f"{name}: tried on {seen[0].name}, it {error}") from None


@contextmanager
def blamed() -> Iterator[None]:
    """Make whatever a stranger's code raises a ModelError, even what would end the process."""
    try:
        with heeded():
            yield
    except (BioauditError, Interrupted):
        raise
    except BaseException as error:
        raise ModelError(f"failed with {told(error)}") from error


def refusal(model: Segmenter, seen: Sequence[Sight]) -> str:
    """Return why a model cannot be audited as declared; nothing where it can."""
    errors, blank, turned = [], [], []
    for one in seen:
        try:
            found = look(model, one)
        except ModelError as error:
            errors.append(f"tried on {one.name}, it {error}")
            continue
        if found.wrong:
            return f"tried on {one.name}: {found.wrong}"
        blank.append(found.blank)
        turned += [] if found.turned is None else [found.turned]
    if len(errors) == len(seen):
        return errors[0]
    if all(blank):
        return BLANK
    if turned and all(turned):
        return f"tried on {len(turned)} images: {turned[0]}"
    return ""


BLANK = (
    "its output is the same number at every pixel of images that have contrast: the network is "
    "shown intensities that it does not know; say --normalisation as in its training"
)


class Impression(NamedTuple):
    """What one image shows: a contradiction, no contrast, the foreground elsewhere, or neither.

    Where the foreground is, an image without a truth of both kinds cannot tell: `turned` is None.
    """

    wrong: str = ""
    blank: bool = False
    turned: str | None = None


def look(model: Segmenter, one: Sight) -> Impression:
    """Return what a model gives for one image, held against what is declared."""
    truth = telling(one)
    with torch.inference_mode(), torch.random.fork_rng(devices=[]):
        output = channels(model, one.image)
        if output is None or not model.traits.probable:
            labels = model.predict(one.image).labels
            classes = model.traits.classes
            return Impression(turned=None if truth is None else inverted(labels, truth, classes))
    decoder = model.decoder  # type: ignore[attr-defined]
    if wrong := contradiction(output, decoder) or missized(output, one.image):
        return Impression(wrong=wrong)
    model.decoded(output, one.image)  # type: ignore[attr-defined]
    # A function is shown the images as they are, and may answer alike for reasons of its own.
    answers = isinstance(model, TorchSegmenter) and (one.truth is None or bool(one.truth.any()))
    turned = None if truth is None else misplaced(output, decoder, truth)
    return Impression(blank=answers and constant(output), turned=turned)


def telling(one: Sight) -> Tensor | None:
    """Return the foreground of an image, where there is both foreground and background."""
    return one.truth if one.truth is not None and one.truth.any() and not one.truth.all() else None


def channels(model: Segmenter, image: Tensor) -> Tensor | None:
    """Return the channels that a model gives before they are decoded; None where it hides them."""
    if isinstance(model, TorchSegmenter):
        return spared(model).channels(image)
    if isinstance(model, FunctionSegmenter) and model.traits.probable:
        return model.output(image)
    return None


SIZE = "let the network end with an interpolation to the image's size"


def missized(output: Tensor, image: Tensor) -> str:
    """Return that an output is not of the image's size, and the remedy; nothing where it is."""
    have, want = tuple(output.shape[-2:]), tuple(image.shape[-2:])
    if have == want:
        return ""
    side = want[0] / have[0]
    if side > 1 and all(a == b * side for a, b in zip(want, have, strict=True)):
        enlarge = f"say --output-stride {side:g}, and it is enlarged" if side % 1 == 0 else SIZE
        return f"the output {have} is {side:g} times smaller than the image {want}; {enlarge}"
    if have[0] > want[0] or have[1] > want[1]:
        return (
            f"the output {have} is larger than the image {want}; let the network cut off what it "
            "adds"
        )
    less = ", ".join(f"{a - b} px in {axis}" for a, b, axis in zip(want, have, "yx", strict=True))
    return (
        f"the output {have} is not of the size of the image {want}: {less} are missing, and no "
        "padding was found that gives the image's size; say --stride"
    )
