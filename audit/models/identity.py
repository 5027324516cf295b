"""What identifies a model that is handed over in Python, where there is no file to be hashed.

Followed is all that a thing is made of: arrays by their bytes; functions of the user's by their
bytecode (what runs, also where a cell of a notebook was changed since), defaults and whatever they
name; objects by their class and attributes. Installed code is named with its version.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sys
import sysconfig
from dataclasses import dataclass, field
from functools import cached_property, partial
from inspect import isdatadescriptor
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch

from audit.models.source import PACKAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PLAIN = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis), torch.Size)
COMPILED = re.compile(r"#.*|_+torch_mangle_\d+\.")
INSTALLED = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib"))
"""Folders of code that is named by its version and not read."""


class Identity(NamedTuple):
    """Sixteen hex digits, and a sentence where they could not be made from the thing itself."""

    digest: str
    said: str = ""


def identify(thing: object, extra: str = "") -> Identity:
    """Return what identifies a thing in memory, with what is declared of it.

    Where something in it cannot be compared the digest is drawn anew, so that no record is ever
    continued with another model; the sentence says what it was.

    >>> identify(len) == identify(len)
    True
    """
    reading = Fingerprint()
    # A compiled module is the module that it was made of.
    reading.feed(getattr(thing, "_orig_mod", thing))
    if not reading.strange:
        reading.note(extra)
        return Identity(reading.total.hexdigest()[:16])
    return Identity(
        secrets.token_hex(8),
        f"the model holds {reading.strange[0]}, which cannot be compared: its digest was drawn "
        "anew, and an audit of it that is interrupted cannot go on",
    )


@dataclass
class Fingerprint:
    """A hash that is fed with things, and what in them could not be read."""

    total: Any = field(default_factory=hashlib.sha256)
    strange: list[str] = field(default_factory=list)
    seen: dict[int, object] = field(default_factory=dict)

    def note(self, *words: object) -> None:
        """Feed texts, each with its end."""
        self.total.update("".join(f"{word}\0" for word in words).encode("utf-8", "replace"))

    def feed(self, thing: object) -> None:
        """Feed a thing and all that it is made of, each object once."""
        if isinstance(thing, PLAIN):
            self.note(type(thing).__name__, repr(thing))
        elif id(thing) in self.seen:
            self.note("again", list(self.seen).index(id(thing)))
        else:
            self.seen[id(thing)] = thing
            self.made(thing)

    def each(self, things: Iterable[object]) -> None:
        """Feed several things."""
        for thing in things:
            self.feed(thing)

    def made(self, thing: Any) -> None:
        """Feed what a thing is made of, by its kind."""
        self.note(type(thing).__module__, type(thing).__qualname__)
        inner = parts(thing)
        if inner is not None:
            self.each(inner)
        elif isinstance(thing, np.ndarray | np.generic | torch.Tensor):
            self.pixels(thing)
        elif isinstance(thing, torch.jit.ScriptModule):
            # Without what says from where and for the how manieth time it was compiled.
            self.note(thing.training, COMPILED.sub("", str(thing.inlined_graph)))
            self.each(thing.state_dict().values())
        elif isinstance(thing, ModuleType):
            self.named(thing.__name__, "")
        elif isinstance(thing, CodeType):
            self.note(thing.co_code, thing.co_names, thing.co_varnames)
            self.each(thing.co_consts)
        elif isinstance(thing, FunctionType | BuiltinFunctionType | type):
            self.code(thing)
        else:
            self.object(thing)

    def pixels(self, thing: Any) -> None:
        """Feed an array by its type, its shape and its bytes."""
        if isinstance(thing, torch.Tensor):
            self.note(thing.dtype, tuple(thing.shape))
            raw = thing.detach().cpu().contiguous().flatten().view(torch.uint8).numpy()
        else:
            raw = np.ascontiguousarray(thing)
            self.note(raw.dtype.str, raw.shape)
            if raw.dtype.hasobject:
                self.strange.append("an array of objects")
                return
        self.total.update(raw.tobytes())

    def code(self, thing: Any) -> None:
        """Feed what can be called: installed code by its name, the user's by what it does."""
        if is_installed(getattr(thing, "__module__", None)):
            self.named(str(thing.__module__), thing.__qualname__)
        elif isinstance(thing, type):
            self.each(thing.__bases__)
            self.each(one for one in vars(thing).items() if is_written(*one))
        elif isinstance(thing, FunctionType):
            self.each((thing.__code__, thing.__defaults__, thing.__kwdefaults__))
            self.each(cell.cell_contents for cell in thing.__closure__ or () if filled(cell))
            self.each(one for name, one in globals_of(thing) if name != thing.__name__)

    def object(self, thing: object) -> None:
        """Feed an object by its class and its attributes; without any it is strange."""
        self.code(type(thing))
        attributes = getattr(thing, "__dict__", None)
        if attributes is None:
            self.strange.append(f"an object of the kind {type(thing).__qualname__}")
        else:
            self.feed(dict(attributes))

    def named(self, module: str, name: str) -> None:
        """Feed installed code by its name and its version."""
        top = sys.modules.get(module.partition(".")[0])
        self.note(module, name, getattr(top, "__version__", ""))


PARTS: tuple[tuple[Any, Callable[[Any], Iterable[object]]], ...] = (
    (dict, lambda one: [part for pair in one.items() for part in pair]),
    ((tuple, list), lambda one: one),
    ((set, frozenset), lambda one: sorted(one, key=repr)),
    (MethodType, lambda one: (one.__self__, one.__func__)),
    (partial, lambda one: (one.func, one.args, one.keywords)),
    (property, lambda one: (one.fget, one.fset)),
    (cached_property, lambda one: (one.func,)),
    ((staticmethod, classmethod), lambda one: (one.__func__,)),
)
"""What containers, and what is wrapped around functions, hold."""


def parts(thing: object) -> Iterable[object] | None:
    """Return what a thing holds that is only a container; None for others."""
    return next((of(thing) for kind, of in PARTS if isinstance(thing, kind)), None)


def is_installed(module: object) -> bool:
    """Return whether a module's code is of Python's own library, of a package, or compiled."""
    if module == "__main__":
        return False
    if str(module).partition(".")[0] in PACKAGES:
        return True
    file = getattr(sys.modules.get(str(module)), "__file__", None)
    return file is None or file.startswith(INSTALLED) or not file.endswith(".py")


def is_written(name: str, value: object) -> bool:
    """Return whether an attribute of a class was written by its author, not made by Python."""
    if isinstance(value, FunctionType | property | cached_property | staticmethod | classmethod):
        return True
    return not (name.startswith(("__", "_abc_")) or isdatadescriptor(value))


def globals_of(function: FunctionType) -> list[tuple[str, object]]:
    """Return the globals that a function, or a function within it, names."""
    waiting, names = [function.__code__], set[str]()
    while waiting:
        code = waiting.pop()
        names |= {*code.co_names}
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]
    known = function.__globals__
    return [(name, known[name]) for name in sorted(names) if name in known]


def filled(cell: Any) -> bool:
    """Return whether a variable of an outer function has a value yet."""
    try:
        cell.cell_contents  # noqa: B018
    except ValueError:
        return False
    return True
