"""In words: what was told from a model or its answers, and how to say it otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.tried import sentences

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
    yield from sentences(found)


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
