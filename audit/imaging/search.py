"""Which images of a bank are worth comparing with a query: matrix products of short codes.

Every query meets every image, but at the price of a few hundred multiplications, so that what is
done with whole images grows with the number of images, not of pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn.functional import normalize

from audit.imaging.codes import turned_codes

if TYPE_CHECKING:
    from torch import Tensor

QUERIES = 64
"""Queries that are multiplied at once."""

ALIKE = 0.7
"""The correlation above which two landmarks match."""


def field_candidates(queries: Tensor, bank: Tensor, keep: int) -> tuple[Tensor, Tensor]:
    """Return the images whose field codes fit best, and the query's turn that fits (N, keep).

    `queries` (N, D) and `bank` (M, D) are codes of `audit.imaging.codes.field_code`. What all
    images share is taken away first: one microscope's dirt makes no two images alike.
    """
    common = bank.mean(0) if len(bank) > 1 else torch.zeros_like(bank[0])
    known = normalize(bank - common)
    images, turns = [], []
    for start in range(0, len(queries), QUERIES):
        some = queries[start : start + QUERIES]
        asked = normalize(turned_codes(some) - common, dim=-1)
        best, turn = (asked @ known.T).max(0)
        place = best.topk(min(keep, len(bank))).indices
        images.append(place)
        turns.append(turn.gather(1, place))
    return torch.cat(images), torch.cat(turns)


def landmark_candidates(queries: Tensor, bank: Tensor, keep: int) -> tuple[Tensor, Tensor]:
    """Return the images that share most landmarks with each query, and how much (N, keep).

    `queries` (N, K, D) and `bank` (M, L, D) are codes of unit length. A landmark counts by how far
    its best partner's correlation is above ALIKE. In the ranking its weight is divided among all
    images that have it: what every image has, such as one microscope's dirt, tells none apart.
    """
    images, scores = [], []
    flat = bank.flatten(0, 1).T.contiguous()
    for query in queries:
        alike = (query @ flat).view(len(query), *bank.shape[:2]).amax(2)
        excess = (alike - ALIKE).clamp(min=0)
        rarity = excess / excess.sum(1, keepdim=True).clamp(min=1e-6)
        place = rarity.sum(0).topk(min(keep, len(bank))).indices
        images.append(place)
        scores.append(excess.sum(0)[place])
    return torch.stack(images), torch.stack(scores)
