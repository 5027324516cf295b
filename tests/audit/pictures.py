"""Small pictures, and rows that have one."""

from __future__ import annotations

import io

from PIL import Image

from audit.measurement import Measurement, Picture


def jpeg(value: int) -> Picture:
    """Return a small grey picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (4, 3), (value, value, value)).save(buffer, "JPEG")
    return Picture(buffer.getvalue(), 4, 3)


def pictured(sample: str, value: float, **at) -> Measurement:
    """Return a row with a picture."""
    return Measurement("iou", value, sample, at, picture=lambda: jpeg(round(100 * value)))
