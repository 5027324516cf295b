"""Names and numbers as a person reads them; text from files and models made harmless."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Any

from audit.declared import listed as joined
from audit.policy.verdict import Verdict

if TYPE_CHECKING:
    from audit.measurement import Scalar

SHAPES = {Verdict.PASS: "●", Verdict.WARN: "▲", Verdict.UNDECIDED: "◆", Verdict.FAIL: "■"}
"""A verdict is read by word and by shape as well as by colour."""

TERMS = {
    "IoU": "Intersection over union: the area that truth and prediction share, divided by the "
    "area that either covers. 1 is perfect, 0 is nothing in common.",
    "interval": "The range in square brackets. Made anew for other data of the same kind, such "
    "ranges would hold the true value in 95 of 100 cases; wider where many rules share one risk.",
    "reference network": "A network of a standard recipe, trained for this audit: it says what "
    "is normal for such data.",
    "forward passes": "How often the network was asked, in units of one whole untouched image.",
    "untouched": "The image exactly as it was read from its file.",
}
"""What a word of the page means, in one line; shown where it first stands."""

SUFFIXES = {
    "um": "µm",
    "px": "px",
    "db": "dB",
    "photons": "photons",
    "percent": "%",
    "s": "s",
    "deg": "°",
}
NONE = "\u2013"
"""What stands where there is no number."""

BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LONGEST = 4000


def clean(text: Any) -> str:
    r"""Return text without what a page must not carry: control, direction and broken characters.

    >>> clean("a\x1b[31mb\u202ec")
    'a[31mbc'
    """
    kept = (one for one in str(text)[:LONGEST] if one not in BIDIRECTIONAL)
    return "".join(" " if one in "\t\n\r" else one for one in kept if printable(one))


def printable(one: str) -> bool:
    """Return whether a character may stand in a page."""
    return one in "\t\n\r" or unicodedata.category(one) not in ("Cc", "Cs", "Cn", "Co")


def short(text: Any, longest: int = 40) -> str:
    """Return text of a bounded length, its middle left out.

    >>> short("a" * 50, 9)
    'aaaa…aaaa'
    """
    whole = clean(text)
    half = (longest - 1) // 2
    return whole if len(whole) <= longest else f"{whole[:half]}…{whole[-half:]}"


def with_unit(name: str) -> str:
    """Return a name whose last part may be a unit."""
    stem, _, unit = clean(name).rpartition("_")
    if stem and unit in SUFFIXES:
        return f"{stem.replace('_', ' ')} ({SUFFIXES[unit]})"
    return clean(name).replace("_", " ")


def scalar(value: Scalar | None) -> str:
    """Return the value of a condition.

    >>> scalar(1000.0), scalar(0.25), scalar(True)
    ('1000', '0.25', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float | int) else clean(value).replace("_", " ")


def suffixed(name: str, value: Scalar | None) -> str:
    """Return a level behind its name, with the unit that the name ends in.

    >>> suffixed("reach_px", 9), suffixed("gamma", 0.5), suffixed("inverted", True)
    ('reach 9 px', 'gamma 0.5', 'inverted')
    """
    stem, _, unit = clean(name).rpartition("_")
    if stem and unit in SUFFIXES:
        return f"{stem.replace('_', ' ')} {quantity(value, SUFFIXES[unit])}"
    if value is True:
        return clean(name).replace("_", " ")
    return f"{clean(name).replace('_', ' ')} {scalar(value)}"


def quantity(value: Scalar | None, unit: str) -> str:
    """Return a value with its unit; percent and degrees stand close to it.

    >>> quantity(20.0, "%"), quantity(90.0, "°"), quantity(0.5, "of the range")
    ('20%', '90°', '0.5 of the range')
    """
    gap = "" if unit in ("%", "°") else " "
    return f"{scalar(value)}{gap}{unit}"


def number(value: float | None, digits: int = 2) -> str:
    """Return a number for reading; a dash where there is none.

    >>> number(0.8149), number(-0.0001), number(14523.2)
    ('0.81', '0.00', '14523')
    """
    if value is None or not math.isfinite(value):
        return NONE
    places = digits if abs(value) < 100 else max(0, digits - 2)  # noqa: PLR2004
    text = f"{value:.{places}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")  # noqa: RUF001


def measured(value: float) -> str:
    """Return a measurement of unknown range to four digits, a tiny one without an exponent.

    >>> measured(31.0), measured(0.123456), measured(14523.0), measured(4.997e-05)
    ('31', '0.1235', '14523', '0.00005')
    """
    if 0 < abs(value) < 0.001:  # noqa: PLR2004
        return f"{float(f'{value:.2g}'):.12f}".rstrip("0").rstrip(".") or "0"
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"  # noqa: PLR2004


def significant(value: float) -> str:
    """Return a level found in the data to two digits.

    >>> significant(45.34), significant(0.0312), significant(312.4)
    ('45', '0.031', '310')
    """
    return f"{float(f'{value:.2g}'):g}"


def span(interval: tuple[float, float] | None, digits: int = 2) -> str:
    """Return an interval in brackets; "" where there is none."""
    if interval is None:
        return ""
    return f"[{number(interval[0], digits)}, {number(interval[1], digits)}]"


def count(many: float, what: str) -> str:
    """Return a count with its noun, in whole numbers.

    >>> count(1, "image"), count(3, "image"), count(0.6, "forward pass")
    ('1 image', '3 images', '1 forward pass')
    """
    plural = "" if round(many) == 1 else "es" if what.endswith("s") else "s"
    return f"{many:.0f} {what}{plural}"


def duration(seconds: float) -> str:
    """Return a time as a person says it.

    >>> duration(4.2), duration(200), duration(8000)
    ('4 s', '3 min', '2.2 h')
    """
    if seconds < 90:  # noqa: PLR2004
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"  # noqa: PLR2004


def listed(words: list[str], most: int = 5) -> str:
    """Return words as a sentence lists them.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], 2)
    ('a, b and c', 'a, b and 1 more')
    """
    shown = words if len(words) <= most else [*words[:most], f"{len(words) - most} more"]
    return joined(shown)


def capital(text: str) -> str:
    """Return text with a capital first letter."""
    return text[:1].upper() + text[1:]


def slug(text: str) -> str:
    """Return a name as an anchor.

    >>> slug("noise photons=30.0")
    'noise-photons-30-0'
    """
    kept = "".join(one if one.isascii() and one.isalnum() else "-" for one in text.lower())
    return "-".join(part for part in kept.split("-") if part) or "rule"
