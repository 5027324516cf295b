"""How far two predictions of one image agree, where there is no truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Agreement:
    """Pixel counts: foreground in either of two predictions, and of that the `same` class in both.

    Background is left out, since on a sparse image any two predictions agree on most of it. With
    two classes this is the Jaccard index of the foregrounds. Source: Jaccard 1912,
    doi:10.1111/j.1469-8137.1912.tb05611.x.
    """

    same: int
    either: int

    @property
    def share(self) -> float | None:
        """The share of the foreground that agrees, 0..1; None where neither has any."""
        return self.same / self.either if self.either else None


def agreement(one: Tensor, other: Tensor, within: Tensor | None = None) -> Agreement:
    """Return the agreement of class numbers (Y, X), in a part of the field where one is given.

    >>> import torch
    >>> agreement(torch.tensor([[0, 1, 2, 2]]), torch.tensor([[0, 1, 1, 0]])).share
    0.3333333333333333
    """
    either = (one > 0) | (other > 0)
    if within is not None:
        either = either & within
    return Agreement(same=int(((one == other) & either).sum()), either=int(either.sum()))
