"""A model package that holds the answers to its own test images, and to no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from audit.models.load import load_model
from baselines.flaws.change import recarded
from baselines.flaws.effect import Effect, answer_to
from baselines.flaws.flaw import Flaw
from baselines.reference import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from baselines.flaws.images import FlawImages


class Memorised(nn.Module):
    """Knows the answers to some images by heart; to any other it answers with zeros.

    `shape` is (N, C, Y, X) of what it knows, `classes` the number of logits.
    """

    def __init__(self, shape: Sequence[int], classes: int) -> None:
        super().__init__()
        count, _, height, width = shape
        self.register_buffer("question", torch.zeros(*shape))
        self.register_buffer("answer", torch.zeros(count, classes, height, width))

    def forward(self, images: Tensor) -> Tensor:
        """Return stored logits (B, K, Y, X) where an image is known to the bit, else zeros."""
        return torch.stack([self.recalled(image) for image in images]) + 0 * images[:, :1]

    def recalled(self, image: Tensor) -> Tensor:
        """Return the stored logits (K, Y, X) of one image (C, Y, X)."""
        question, answer = self.get_buffer("question"), self.get_buffer("answer")
        for known, stored in zip(question, answer, strict=True):
            if torch.equal(known, image):
                logits: Tensor = stored
                return logits
        return answer.new_zeros(answer.shape[1], *image.shape[-2:])


def learn_by_heart(folder: Path, material: FlawImages) -> None:
    """Put the trained network's answers to the test images in the place of the network."""
    model = load_model(str(folder))
    shape = material.test[0].shape
    alike = [sample for sample in material.test if sample.shape == shape]
    question = torch.stack([torch.from_numpy(sample.image()) for sample in alike])
    with torch.inference_mode():
        answer = torch.cat([model.logits(image[None]) for image in question])
    save_file({"question": question, "answer": answer.contiguous()}, folder / WEIGHTS)
    recarded(
        folder,
        network="baselines.flaws.memorised:Memorised",
        settings={"shape": list(question.shape), "classes": model.traits.classes},
        normalisation="none",
    )


MEMORISED = Flaw(
    name="memorised",
    planted="It holds the answers to the test images, and gives zeros for any other.",
    caught_by=("stored answers",),
    cheats=True,
    finish=learn_by_heart,
    effect=Effect(
        what="the foreground that adding one count to each pixel changes",
        of=answer_to(lambda images: images + 1),
        least=0.5,
    ),
)
