"""A record to be judged."""

from __future__ import annotations

import pytest

from audit.metric import Metric, change, share
from audit.probing.suite import Suite
from audit.record.record import Record
from audit.tasks.scores import SCORES

DECLARED = Suite(
    name="test",
    title="Test",
    about="What tests of judging measure.",
    probes=(),
    metrics=(
        *SCORES,
        share("agreement", "agreement", paired=True),
        share("changed_fraction", "share that changes", "lower", paired=True),
        share("leaked", "share that leaked", "lower"),
        change("gain", "gain"),
        Metric(name="m", words="what a toy measures"),
    ),
)


@pytest.fixture
def record(tmp_path):
    """Return an empty record of an audited model."""
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", "m", "model")
        record.declare([DECLARED])
        yield record
