"""How this process holds large activations and uses its cores."""

from __future__ import annotations

import ctypes
import sys

MMAP_THRESHOLD, TRIM_THRESHOLD = -3, -1
"""Option numbers of mallopt(3)."""


def keep_activations_mapped() -> bool:
    """Ask glibc to keep freed blocks of up to 1 GiB; return whether it agreed.

    Otherwise it returns every large activation to the kernel after each layer, and the page
    faults of getting it back cost as much as the arithmetic.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # musl has none
        return False
    return bool(mallopt(MMAP_THRESHOLD, 1 << 30) and mallopt(TRIM_THRESHOLD, (1 << 31) - 1))
