"""One image shown to a network, to say what each of its channels seems to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch

from audit.application.composition import find_device
from audit.application.parts import open_parts
from audit.errors import DataError, ModelError
from audit.models.channels import channels_of
from audit.models.contradiction import contradiction, fitting
from audit.models.load import load_model
from audit.models.misplaced import misplaced
from audit.models.torch_module import TorchSegmenter
from audit.models.trying import spared, tried

if TYPE_CHECKING:
    from audit.application.settings import Settings
    from audit.datasets.sample import Sample
    from audit.models.channels import Channel


class Showing(NamedTuple):
    """What a network gave for one image.

    `fits` is the declaration that the numbers would bear, `wrong` why they contradict what is
    declared, or nothing.
    """

    image: str
    channels: list[Channel]
    fits: str
    wrong: str


def shown(wanted: Settings) -> Showing:
    """Return what a network gives for the first image that can be read.

    Raises ModelError where it is no network, or fails.
    """
    device = find_device(wanted.device)
    model = load_model(wanted.model or "", device=device, **wanted.card)
    if not isinstance(model, TorchSegmenter):
        raise ModelError(f"{wanted.model}: only the channels of a network can be looked at")
    sample = first(open_parts(wanted).test.samples)
    image = torch.from_numpy(sample.image())[None].to(device)
    truth = objects(sample)
    with torch.inference_mode():
        model = spared(tried(model, image))
        output = model.channels(image)
    wrong = contradiction(output, model.decoder)
    if not wrong and truth is not None:
        wrong = misplaced(output, model.decoder, truth[None].to(device) > 0)
    there = None if truth is None else truth.to(device)
    return Showing(sample.id, channels_of(output[0], there), fitting(output), wrong)


def first(samples: tuple[Sample, ...]) -> Sample:
    """Return the first sample whose image can be read; one with objects where there is any."""
    for sample in (*(one for one in samples if holds(one)), *samples):
        try:
            sample.image()
        except DataError:
            continue
        return sample
    raise DataError("no image can be read")


def holds(sample: Sample) -> bool:
    """Return whether the truth of a sample can be read and holds something."""
    try:
        return sample.mask is not None and bool(sample.mask().any())
    except DataError:
        return False


def objects(sample: Sample) -> torch.Tensor | None:
    """Return the true objects (Y, X) by number; the mask where they are not numbered."""
    if sample.instances is not None:
        return torch.from_numpy(sample.instances()).long()
    return None if sample.mask is None else torch.from_numpy(sample.mask()).long()
