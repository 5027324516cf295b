"""A Python function as a segmenter: arrays in, labels or probabilities out, no gradients.

Whatever can be called from Python comes in so, in a file of the user's, say segment.py, as
`--model segment.py:segment`. Each begins with the import of its own library:

    model = StarDist2D.from_pretrained("2D_versatile_fluo")        # stardist, csbdeep
    def segment(image):
        return model.predict_instances(normalize(image, 1, 99.8))[0]

    model = CellposeModel(gpu=False)                               # cellpose.models
    def segment(image):
        return model.eval(image)[0]

    predictor, amg = get_predictor_and_segmenter("vit_b_lm")       # micro_sam
    def segment(image):
        return automatic_instance_segmentation(predictor, amg, image, ndim=2)

    model = InstanSeg("fluorescence_nuclei_and_cells")             # instanseg
    def segment(image):
        return model.eval_small_image(image, pixel_size=0.5)[0][0, 0]

    model = keras.models.load_model("unet.keras", compile=False)   # keras
    def segment(image):
        return model.predict(image[None, ..., None] / 255, verbose=0)[0, ..., 0]

What is loaded from elsewhere, such as weights that a library keeps, is not part of the digest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch

from audit.errors import DataError, ModelError, text_of
from audit.models.batch_function import Function
from audit.models.decoder import Decoder, turned
from audit.models.numbers import NUMBERS, channels
from audit.models.segmenter import (
    LABELS,
    Prediction,
    Segmenter,
    Traits,
    check_logits,
)
from audit.models.telling import DECLARE, ImageAnswer, tell
from audit.models.torch_module import check_range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from audit.models.card import Card
    from audit.models.identity import Identity
    from audit.models.segmenter import Shown
    from audit.models.turned import Turned


class FunctionSegmenter(Segmenter):
    """Any function of arrays behind the contract of `Segmenter`.

    It is shown float32 images (Y, X), or (Y, X, C) where there are several channels, in their own
    intensities, and gives what the card's `output` says: class numbers (Y, X); object numbers
    (Y, X), whose foreground is what lies above 0; one number a pixel (Y, X); or logits or
    probabilities of K classes, (Y, X, K) or (K, Y, X). Where the card does not say it, it is told
    by the first images (`audit.models.telling`).
    """

    isolation: ClassVar[str] = Traits.isolation
    looked: ClassVar[int] = 5
    """Images by which it is told what is given."""

    def __init__(
        self,
        function: Callable[..., Any] | Function,
        card: Card,
        who: Identity,
        *,
        access: str = "live",
        found: Mapping[str, object] | None = None,
    ) -> None:
        self.function = function
        self.card = card
        self.untold = "output" not in card.model_fields_set
        self.traits = Traits(
            digest=who.digest,
            classes=self.decoder.classes,
            channels=card.channels if "channels" in card.model_fields_set else None,
            range=card.range,
            output=card.output,
            access=access,
            pixel_um=card.pixel_um,
            halo=card.halo,
            decodes_objects=self.decoder.makes_objects,
            isolation=self.isolation,
            doubt=who.said,
            found=found or {},
        )

    def meet(self, samples: Sequence[Shown]) -> None:
        """Tell by some of the test images what is given, where it was not declared."""
        if self.untold:
            tests = [sample for sample in samples if sample.part == "test"]
            self.settle(self.shown(tests[:: -(-len(tests) // self.looked) or 1]))

    def shown(self, samples: Sequence[Shown]) -> Iterator[ImageAnswer]:
        """Yield the answers for those of the images that can be read and that have one.

        Raises the first ModelError where none has.
        """
        failed: list[ModelError] = []
        many = 0
        for sample in samples:
            # The audit counts what cannot be read, and where the model fails.
            try:
                image = torch.from_numpy(sample.image())[None]
                answer = self.answered(image, [sample.id])[0]
            except DataError:
                continue
            except ModelError as error:
                failed.append(ModelError(f"{sample.id}: {error}"))
                continue
            many += 1
            yield answer
        if failed and not many:
            raise failed[0]

    def answered(self, images: Tensor, names: Sequence[str]) -> list[ImageAnswer]:
        """Return the answers for images, with their names."""
        both = zip(names, paired(self.answers(images), images), strict=True)
        return [ImageAnswer(name, size, output) for name, (output, size) in both]

    def settle(self, answers: Iterable[ImageAnswer]) -> None:
        """Take the output for what answers say that it is; one after another until it is sure."""
        seen: list[ImageAnswer] = []
        told = None
        for answer in answers:
            seen.append(answer)
            told = tell(seen, self.card)
            if told and told.sure:
                break
        if told is None:
            raise ModelError(f"predicts nothing in {len(seen)} images that were tried; {DECLARE}")
        self.untold = False
        self.card = self.card.model_copy(update={"output": told.output})
        traits = self.traits.with_found({"told": told.output}, output=told.output)
        # Which images said it is no part of the model's identity.
        self.traits = replace(traits, found={**traits.found, "because": told.because})

    def told(self, images: Tensor) -> Card:
        """Return the card that says what is given, which a model that has met none tells here."""
        if self.untold:
            self.settle(self.answered(images, [f"image {n}" for n in range(len(images))]))
        return self.card

    def predict(self, images: Tensor) -> Prediction:
        """Return the prediction for raw images (B, C, Y, X); labels alone where it gives these."""
        numbers = NUMBERS.get(self.told(images).output)
        if numbers is not None:
            found = paired(self.answers(images), images)
            kept = torch.stack([numbers(one, size, self.card) for one, size in found])
            kept = kept.to(images.device)
            if self.card.output == LABELS:
                return Prediction(labels=kept)
            return Prediction(labels=(kept > 0).long(), instances=kept)
        output = self.output(images)
        return self.decoder.prediction(output, self.decoded(output, images))

    def redecoded(self, images: Tensor, turns: Sequence[Turned]) -> list[Prediction]:
        """Return the predictions of one call under other parameters of the decoder."""
        output = self.output(images)
        return turned(output, self.card, turns)

    @property
    def decoder(self) -> Decoder:
        """What makes logits and objects of the channels that it gives."""
        return Decoder(self.card)

    def logits(self, images: Tensor) -> Tensor:
        """Return logits (B, K, Y, X) of raw images (B, C, Y, X), without a graph."""
        if self.told(images).output in NUMBERS:
            raise ModelError(f"the model gives {self.card.output}: it has no logits")
        return self.decoded(self.output(images), images)

    def decoded(self, output: Tensor, images: Tensor) -> Tensor:
        """Return the logits of what the function gave, checked."""
        return check_logits(self.decoder.logits(output), images, self.traits.classes)

    def output(self, images: Tensor) -> Tensor:
        """Return what the function gives as channels (B, C, Y, X), checked."""
        found = self.answers(images)
        planes = [
            channels(one, image, self.card, self.decoder) for one, image in paired(found, images)
        ]
        output = torch.stack(planes).to(images.device)
        return check_range(output, self.card.output, self.decoder.heads)

    def answers(self, images: Tensor) -> list[NDArray[Any]]:
        """Return what the function says of each image, as an array."""
        try:
            shown = as_arrays(images)
            if isinstance(self.function, Function):
                return [array_of(one) for one in self.function.batch(shown)]
            return [array_of(self.function(one)) for one in shown]
        except Exception as error:
            # A stranger's code raises what it likes.
            reason = text_of(error).strip().splitlines()[-1:] or [type(error).__name__]
            shape = tuple(images.shape)
            raise ModelError(f"failed on images of shape {shape}: {reason[0]}") from error


def as_arrays(images: Tensor) -> NDArray[np.float32]:
    """Return images (B, C, Y, X) as a copy (B, Y, X), or (B, Y, X, C) of several channels."""
    arrays = images.detach().permute(0, 2, 3, 1).cpu().numpy().copy()
    return arrays[..., 0] if arrays.shape[-1] == 1 else arrays


def array_of(output: Any) -> NDArray[Any]:
    """Return an output as an array; tensors leave their graph and their device."""
    if isinstance(output, torch.Tensor):
        return output.detach().cpu().numpy()
    if isinstance(output, torch.nn.Module):
        raise ModelError("gave a torch module: it builds a network; say --as network")
    if isinstance(output, (tuple, dict)):
        kind = type(output).__name__
        raise ModelError(f"gave a {kind} of {len(output)}; return the one array that is the answer")
    return np.asarray(output)


def paired(found: list[NDArray[Any]], images: Tensor) -> list[tuple[NDArray[Any], tuple[int, int]]]:
    """Return each answer with the size (Y, X) of its image; ModelError where one is missing."""
    if len(found) != len(images):
        raise ModelError(f"gave {len(found)} outputs for a batch of {len(images)} images")
    height, width = images.shape[-2:]
    return [(one, (height, width)) for one in found]
