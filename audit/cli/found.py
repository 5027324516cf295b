"""In words: what was told from a model or its answers, and how to say it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORDS = {
    "labels": "class numbers",
    "objects": "objects, one number each: the foreground is what lies above 0",
    "probability": "the probability of the foreground",
    "softmax": "the probabilities of the classes",
}


def said_of(found: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each thing that was found.

    >>> list(said_of({"taken": "recorded", "files": "12"}))
    ['recorded predictions for 12 images: only what looks at untouched images is asked']
    """
    by = f" by {found['by']}" if found.get("by") else ""
    taken = found.get("taken")
    if taken == "callable" and by:
        yield f"a function of an image,{by}; if it builds a network, say --as network"
    if taken == "network" and by:
        yield f"a function that builds a network: {found['by']}; otherwise say --as callable"
    if taken == "command":
        yield f"a command, shown TIFF files of {found.get('written', 'its images')}"
    if taken == "recorded":
        many = found.get("files", "some")
        only = "only what looks at untouched images is asked"
        yield f"recorded predictions for {many} images: {only}"
    if "output" in found:
        words, because = WORDS[found["output"]], found.get("because", "its numbers")
        yield f"its output as {words} ({because}); if not so, say --output"
