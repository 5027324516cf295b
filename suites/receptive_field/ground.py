"""An image on which a few pixels change places, and the outputs that this moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from suites.receptive_field.scramble import inverted, scrambled, square

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from audit.probing.case import Case

ATTEMPTS = 6
"""A change of places alters the rounding of a normaliser's sums in about one case of five, and then
moves every output by a millionth. On another ground it seldom does."""


class Canvas:
    """An image (C, Y, X) with what a model makes of it: all its pixels in random order, or not.

    Disorder excites more of a network than its own images do, but may leave silent what they
    excite: the reach is measured on both.
    """

    def __init__(
        self, case: Case, image: Tensor, stream: Generator, *, ordered: bool, side_px: int
    ) -> None:
        self.case, self.source, self.stream = case, image, stream
        self.ordered, self.side_px = ordered, side_px
        self.renew()

    def renew(self) -> None:
        """Take another ground of the same values."""
        size = self.source.shape[-2:]
        if self.ordered:
            shift = [int(torch.randint(side, (1,), generator=self.stream)) for side in size]
            self.image = self.source.roll(shift, (-2, -1))
        else:
            everywhere = torch.ones(size, dtype=torch.bool, device=self.source.device)
            self.image = scrambled(self.source, everywhere, self.stream)
        self.logits = self.run(self.image)

    def run(self, image: Tensor) -> Tensor:
        """Return the logits (K, Y, X) of an image, without a graph."""
        with torch.inference_mode():
            return self.case.logits(image[None])[0]

    def moved(self, corner: tuple[int, int]) -> Tensor:
        """Return which outputs (Y, X) move when the pixels of a square change places.

        Of several tries the first that leaves the border of the image alone; the last where none
        does.
        """
        for attempt in range(ATTEMPTS):
            if attempt:
                self.renew()
            height, width = (int(size) for size in self.image.shape[-2:])
            where = square((height, width), corner, self.side_px)
            found = self.differs(inverted(self.image, where.to(self.image.device)))
            if not touches(found):
                break
        return found

    def differs(self, image: Tensor) -> Tensor:
        """Return which outputs (Y, X) of another image differ from those of this ground at all."""
        return (self.run(image) != self.logits).any(0)


def touches(moved: Tensor) -> bool:
    """Return whether anything is true along the border of a mask (Y, X)."""
    return bool(moved[[0, -1]].any() or moved[:, [0, -1]].any())
