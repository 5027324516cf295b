"""Laws of costs: every pass of every model is counted, and a backward pass counts twice."""

from __future__ import annotations

from reports.page.costs import costs, table
from tests.toys import add, scene, written


def test_costs_are_summed_by_suite(tmp_path):
    """Two probes of one suite are one line; the dearest suite stands first."""
    with written(tmp_path / "r.sqlite", [], passes=2.0, seconds=1.0) as record:
        record.enlist([scene(0), scene(1)])
        add(record, [], probe="adversarial.noise", passes=4.0, gradients=3.0, seconds=2.0)
        add(record, [], probe="adversarial.gradient", passes=6.0, gradients=5.0, seconds=7.0)
        first, second = costs(record)
        view = dict(record.database.execute("select suite, forward_equivalents from costs"))

        assert (first.suite, first.forward, first.backward, first.seconds) == (
            *("adversarial", 10.0, 8.0),
            9.0,
        )
        assert (second.suite, second.equivalents) == ("pipeline", 2.0)
        assert view == {"adversarial": 26.0, "pipeline": 2.0}
        assert table(record)[0] == ("adversarial", "13.0", "10", "8", "9 s", "90%")
