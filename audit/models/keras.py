"""Keras and TensorFlow files: not opened here, and how they are audited all the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from audit.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES = (".h5", ".hdf5", ".keras", ".tflite", ".pb")
SAVED = "saved_model.pb"
"""The file that makes a folder a TensorFlow model."""

EXAMPLE = """\
  # segment.py: whatever takes an image is audited; so come StarDist, Cellpose and nnU-Net too
  import keras
  model = keras.models.load_model({name!r}, compile=False)
  def segment(image):            # (Y, X) or (Y, X, C), float32, in its own intensities
      return model.predict(image[None, ..., None] / 255, verbose=0)[0, ..., 0]

  bioaudit run --model segment.py:segment --output sigmoid --test IMAGES"""


def recognises(spec: str, _: Mapping[str, Any] | None = None) -> bool:
    """Return whether a path is a Keras or TensorFlow model.

    >>> recognises("unet.h5"), recognises("model.toml")
    (True, False)
    """
    path = Path(spec)
    return path.suffix.lower() in SUFFIXES or (path / SAVED).is_file()


def refuse(spec: str, *_: Any) -> NoReturn:
    """Raise ModelError that says how such a model is audited, with the lines as its note."""
    path = Path(spec)
    if not path.exists():
        raise ModelError(f"{path}: no such model")
    refused = ModelError(
        f"{path}: a Keras or TensorFlow model; wrap it in a Python function that takes an image, "
        "or run it as a command"
    )
    refused.add_note(EXAMPLE.format(name=path.name))
    raise refused
