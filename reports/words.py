"""Names and numbers as a person reads them; text from files and models made harmless."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING, Any

from audit.policy.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    "effective n": "How many independent images would know as much. Frames of one movie "
    "resemble each other, so 100 frames may be worth 6.",
    "forward passes": "How often the network was asked, in units of one whole untouched image.",
    "untouched": "The image exactly as it was read from its file.",
}
"""What a word of the page means, in one line; shown where it first stands."""

AXES = {
    "photons": "photons in bright pixels",
    "sigma_um": "width of the blur, sigma in µm",
    "factor": "scale factor of the image",
    "gain": "gain",
    "gamma": "gamma",
    "pedestal_fraction": "pedestal, in ranges of the image",
    "percent": "percent",
    "quality": "JPEG quality",
    "odds": "odds asked of the foreground",
    "frame": "frame",
    "noise_ratio": "radius, in units of the image's noise",
    "range_fraction": "radius, as a share of the range",
}
UNITS = {
    "photons": "photons",
    "sigma_um": "µm",
    "percent": "%",
    "bits": "bits",
    "export_bits": "bits",
    "noise_ratio": "noise sigma",
    "range_fraction": "of the range",
    "level_fraction": "of the range",
    "pedestal_fraction": "of the range added",
    "fraction": "of the field",
}
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

METRICS = {
    "iou": "IoU",
    "dice": "Dice",
    "recall": "recall",
    "retention": "share of the IoU that is kept",
    "iou_lost": "IoU lost",
    "still_fraction": "share that is still predicted",
    "found_fraction": "share that is found",
    "fired_fraction": "share of marked background that fires",
    "foreground_fraction": "share of foreground",
    "false_per_true": "false objects for each true one",
    "r50_px": "radius of half the gradient (px)",
}
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


def metric_name(metric: str) -> str:
    """Return a metric as a person writes it, its unit in brackets.

    >>> metric_name("iou"), metric_name("snr_db"), metric_name("reach_px")
    ('IoU', 'snr (dB)', 'reach (px)')
    """
    return METRICS.get(metric) or with_unit(metric).replace("iou", "IoU")


def axis_name(setting: str) -> str:
    """Return what stands under an axis of severity."""
    return AXES.get(setting) or with_unit(setting)


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


def level_name(setting: str, value: Scalar | None) -> str:
    """Return one level of an axis with its unit.

    >>> level_name("photons", 300.0), level_name("factor", 0.5), level_name("reach_px", 9)
    ('300 photons', 'factor 0.5', 'reach 9 px')
    """
    if setting in UNITS:
        return quantity(value, UNITS[setting])
    stem, _, unit = clean(setting).rpartition("_")
    if stem and unit in SUFFIXES:
        return f"{stem.replace('_', ' ')} {quantity(value, SUFFIXES[unit])}"
    if value is True:
        return clean(setting).replace("_", " ")
    return f"{clean(setting).replace('_', ' ')} {scalar(value)}"


def quantity(value: Scalar | None, unit: str) -> str:
    """Return a value with its unit; percent and degrees stand close to it.

    >>> quantity(20.0, "%"), quantity(90.0, "°"), quantity(0.5, "of the range")
    ('20%', '90°', '0.5 of the range')
    """
    gap = "" if unit in ("%", "°") else " "
    return f"{scalar(value)}{gap}{unit}"


def condition_name(at: Mapping[str, Scalar]) -> str:
    """Return a whole condition; "untouched" where there is none.

    >>> condition_name({"shape": "tilt", "percent": 20.0})
    'tilt, 20%'
    """
    words = [scalar(v) if k in ("shape", "name") else level_name(k, v) for k, v in at.items()]
    order = sorted(range(len(words)), key=lambda i: not isinstance([*at.values()][i], str))
    return ", ".join(words[i] for i in order) or "untouched"


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
    """Return a measurement of unknown range to four digits.

    >>> measured(31.0), measured(0.123456), measured(14523.0)
    ('31', '0.1235', '14523')
    """
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
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def rule_name(name: str, at: Mapping[str, Any]) -> str:
    """Return a rule's name, its conditions with their units.

    >>> rule_name("noise photons=300.0", {"photons": 300.0}), rule_name("gain gain=2", {"gain": 2})
    ('noise (300 photons)', 'gain 2')
    """
    words = clean(name).split(" ")
    known = {one.partition("=")[0]: one for one in words if "=" in one}
    known = {setting: one for setting, one in known.items() if setting in at}
    stem = " ".join(one for one in words if one not in known.values())
    if not known:
        return stem
    conditions = condition_name({setting: at[setting] for setting in known})
    return conditions if conditions.startswith(stem) else f"{stem} ({conditions})"


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
