"""A record to be judged."""

from __future__ import annotations

import pytest

from audit.record.record import Record


@pytest.fixture
def record(tmp_path):
    """Return an empty record of an audited model."""
    with Record(tmp_path / "r.sqlite") as record:
        record.assign("audited", "m", "model")
        yield record
