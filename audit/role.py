"""What a model is in an audit: the audited one, a reference, a naive predictor, another file.

Standard library only. A record keeps a role as text, which is made and read here alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self, get_args

Kind = Literal["audited", "reference", "naive", "format", "last"]
"""`format` is a further file of the audited model, `last` that model at the end of its training."""


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """A kind, and the name that tells apart several of it.

    >>> str(Role("naive", "otsu")), str(Role.reference(0)), str(Role.reference(1))
    ('naive:otsu', 'reference', 'reference:2')
    """

    kind: Kind
    name: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @classmethod
    def reference(cls, number: int) -> Self:
        """Return the role of a reference network, counted from 0."""
        return cls("reference", str(number + 1) if number else "")

    @classmethod
    def read(cls, text: str | Role) -> Role:
        """Return a role from its text; one that is read stays as it is. Raises ValueError.

        >>> Role.read("format:onnx")
        Role(kind='format', name='onnx')
        """
        if isinstance(text, Role):
            return text
        kind, _, name = text.partition(":")
        for known in get_args(Kind):
            if kind == known:
                return cls(known, name)
        raise ValueError(f"{text!r} is no role; known: {', '.join(get_args(Kind))}")


AUDITED = Role("audited")
LAST = Role("last")
REFERENCE = Role.reference(0)
