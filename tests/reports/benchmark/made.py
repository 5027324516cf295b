"""Made-up networks: scores one an image, whose truth is known."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np

from audit.measurement import Measurement
from audit.probing.catalog import Catalog
from audit.record.record import Record
from audit.record.unit import Unit
from reports.benchmark.network import Asked, AuditedNetwork, Benchmark
from tests.audit.quantities.shown import PHOTONS, seen


def drawn(stream, *, images=12, seeds=1, quantities=(), better=0.0, scatter=0.0, groups=None):
    """Return the rows "a" and "b", the same but for `better`, as a table of quantities.

    Images differ in difficulty, which both share; `scatter` is by how much seeds differ.
    """
    hard = stream.normal(0.7, 0.1, images)
    rows = {}
    for row, gain in (("a", 0.0), ("b", better)):
        rows[row] = {
            one.name: [
                seen(
                    hard + gain + stream.normal(0, scatter) + stream.normal(0, 0.03, images),
                    groups,
                    asks=one.asks,
                )
                for _ in range(seeds)
            ]
            for one in quantities
        }
    return rows


def write(path, scores, *, lost=0.05, classes=()) -> None:
    """Write the record of one audited network: the IoU of images, and what noise costs them."""
    with Record(path) as record:
        record.declare(Catalog.installed().suites)
        record.enlist(
            [
                SimpleNamespace(
                    id=f"i{number}",
                    part="test",
                    dataset="set",
                    group=f"i{number}",
                    frame=number,
                    pixel_um=0.5,
                    complete=True,
                    digest=f"d{number}",
                    shape=(1, 6, 8),
                )
                for number in range(len(scores))
            ]
        )
        record.register(
            SimpleNamespace(
                name="shift.noise",
                version=1,
                asks="How much light is needed?",
                source="",
                parameters=json.dumps({"photons": PHOTONS}),
            )
        )
        record.assign("audited", "m", "model")
        record.describe(bioaudit="0", commit=None, packages={}, device="cpu", threads=1)
        rows = {
            "pipeline.score": [m("iou", one, number) for number, one in enumerate(scores)],
            "shift.noise": [
                m("iou", one - lost * step, number, photons=photons)
                for number, one in enumerate(scores)
                for step, photons in enumerate(PHOTONS)
            ],
            "imbalance.classes": [
                m("class_recall", value, number, weight=weight, **{"class": name})
                for name, value, weight in classes
                for number in range(len(scores))
            ],
        }
        for probe, some in rows.items():
            record.write(Unit(key=probe, model="m", probe=probe, block=0), some)


def m(metric, value, number, weight=1.0, **at) -> Measurement:
    """Return a measurement of one image."""
    return Measurement(metric, float(value), f"i{number}", at, weight)


def benchmark(folder, scores, question="augmentation", places=(), scatter=()) -> Benchmark:
    """Return a benchmark of networks by recipe, the first of them compared with.

    With `scatter` a recipe has a network for each of its numbers, which is added to the scores.
    """
    networks = []
    for recipe, values in scores.items():
        for seed, shift in enumerate(scatter or (0.0,)):
            path = folder / f"{recipe}-{seed}" / "record.sqlite"
            write(path, np.asarray(values) + shift)
            networks.append(
                AuditedNetwork(dataset="set", recipe=recipe, images=9, seed=seed, record=path)
            )
    rows = tuple(scores)
    asked = Asked(
        question=question,
        dataset="set",
        rows=rows,
        against=rows[0],
        places=tuple(places) or tuple(float(one) for one in range(len(rows))),
    )
    return Benchmark(networks=tuple(networks), asked=(asked,), left_out={"a.b": "too dear"})
