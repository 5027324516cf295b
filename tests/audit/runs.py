"""Audits that are run for the tests of the runner, and models and files that break them."""

from __future__ import annotations

import torch

from audit.engine.runner import run
from audit.errors import DataError
from audit.record.record import Record
from suites.pipeline.score import Score
from suites.resolution.scale import Scale
from suites.shift.defocus import Defocus
from suites.shift.intensity import Intensity
from suites.shift.noise import Noise
from tests.toys import (
    Does,
    dump,
    scene,
    segmenter,
)

PROBES = (
    Score(),
    Noise(photons=(100.0, 10.0)),
    Defocus(sigma_um=(0.5,)),
    Intensity(gain=(2.0,), pedestal=(), gamma=()),
    Scale(factor=(0.5, 1.0)),
)


def measured(path, audit, probes=PROBES, **given):
    """Return all rows of an audit that is run into a record at a path."""
    with Record(path) as record:
        return dump(run(audit, probes, record, **given))


def picky(bright: float):
    """Return a model that raises where an image holds an intensity above a bound."""

    def judge(images):
        if float(images.max()) > bright:
            raise RuntimeError("too bright\nfor this model")
        return torch.cat((140 - images, images - 140), 1)

    return segmenter(Does(judge), digest="picky")


def broken(name: str, **given):
    """Return a sample whose file cannot be read."""

    def unreadable():
        raise DataError(f"{name}: the file is cut short")

    return scene(9, id=name, image=unreadable, **given)


def statuses(record, probe="pipeline.score"):
    """Return the status of each image's unit."""
    return {name: unit.status for unit in record.units(probe) for name in unit.samples}
