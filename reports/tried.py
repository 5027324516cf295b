"""What was found of a model by trying it, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def sentences(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each fact that was found of a model.

    >>> list(sentences({"stride": 4}))
    ['images are padded to multiples of 4 px (--stride 4)']
    """
    if "stride" in facts or "margin_px" in facts:
        yield padded(facts)
    for name, words in WORDS.items():
        if facts.get(name):
            fact = facts[name]
            yield words.format(", ".join(map(str, fact)) if isinstance(fact, list) else fact)


def padded(facts: Mapping[str, Any]) -> str:
    """Return how images are padded, in words."""
    stride, more, margin = (facts.get(n, d) for n, d in SIZES.items())
    sizes = f"multiples of {stride} px" if stride > 1 else ""
    if more:
        sizes = f"{more} px more than {sizes}"
    if not margin:
        return f"images are padded to {sizes} (--stride {stride})"
    to = f" and to {sizes}" if sizes else ""
    return (
        f"the output is smaller than the image by {margin} px a side: images are padded by as much"
        f"{to}, mirrored, and what is judged there is the mirror's"
    )


SIZES = {"stride": 1, "remainder": 0, "margin_px": 0}
"""What sizes are padded to where nothing was found."""

WORDS = {
    "entry": "of several outputs the one called {!r} is taken (--entry)",
    "channels_last": "the channels stand last in the output (B, Y, X, C)",
    "precision": "the network computes in {}",
    "contiguous": "the network takes contiguous memory only",
    "weights_key": "the weights stand under {!r} in their file",
    "weights_prefix": "the names of the weights are taken without the prefix {!r}",
    "weights_left": "tensors of the file that are no weights of the network are left: {}",
    "folded": "the masks tell foreground only: the model's classes {} are judged as one",
}
