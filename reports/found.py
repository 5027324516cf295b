"""In words: what was told from a model or its answers, and how to say it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OUTPUTS = {
    "labels": "class numbers",
    "objects": "objects, one number each, so the foreground is what lies above 0",
    "sigmoid": "the probability of the foreground",
    "softmax": "the probabilities of the classes",
}


def clauses(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what each thing was taken for.

    >>> list(clauses({"taken": "recorded", "files": "12"}))
    ['recorded predictions for 12 images, so only what looks at untouched images is asked']
    """
    taken, by = found.get("taken"), found.get("by")
    if taken == "callable" and by:
        yield f"a function of an image, by {by}"
    if taken == "network" and by:
        yield f"a function that builds a network: {by}"
    if taken == "command":
        yield f"a command, shown TIFF files of {found.get('written', 'its images')}"
    if taken == "recorded":
        many = found.get("files", "some")
        asked = "so only what looks at untouched images is asked"
        yield f"recorded predictions for {many} images, {asked}"
    if "told" in found:
        words = OUTPUTS.get(f"{found['told']}", found["told"])
        yield f"its output is {words} ({found.get('because', 'by its numbers')})"
    yield from by_trying(found)


def by_trying(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was found by showing the model an image.

    >>> list(by_trying({"stride": 4}))
    ['images are padded to multiples of 4 px (--stride 4)']
    """
    if "stride" in found or "margin_px" in found:
        yield padded(found)
    for name, words in TRIED.items():
        if fact := found.get(name):
            yield words.format(", ".join(map(str, fact)) if isinstance(fact, list) else fact)


def padded(found: Mapping[str, Any]) -> str:
    """Return how images are padded, in words."""
    stride, more, margin = (found.get(n, d) for n, d in SIZES.items())
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


TRIED = {
    "entry": "of several outputs the one called {!r} is taken (--entry)",
    "channels_last": "the channels stand last in the output (B, Y, X, C)",
    "precision": "the network computes in {}",
    "contiguous": "the network takes contiguous memory only",
    "weights_key": "the weights stand under {!r} in their file",
    "weights_prefix": "the names of the weights are taken without the prefix {!r}",
    "weights_left": "tensors of the file that are no weights of the network are left: {}",
    "folded": "no mask holds a class beyond 1: the model's classes {} are judged as one foreground",
}
"""What was found by trying a model, by its name in the record."""


def said_of(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing, with what says it otherwise.

    >>> list(said_of({"taken": "callable", "by": "its parameter `image`"}))
    ['a function of an image, by its parameter `image`; if it builds a network, say --as network']
    """
    for clause in clauses(found):
        said = next((words for start, words in OTHERWISE.items() if clause.startswith(start)), "")
        yield f"{clause}{said}"


OTHERWISE = {
    "a function of": "; if it builds a network, say --as network",
    "a function that": "; if it takes an image, say --as callable",
    "its output": "; if not so, say --output",
}
"""What is said after a clause, by how it begins."""
