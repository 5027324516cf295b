"""Laws of the bounds: what an interval says, and who bears the burden where it says nothing."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from audit.policy.bounds import Draft, Side, side, verdict_of, worse
from audit.quantities.finding import Finding
from audit.statistics.estimate import Estimate
from tests.audit.ruling import FAIL, PASS, UNDECIDED, WARN, around, judged, rows, rule
from tests.toys import add


def drafted(asked, value):
    """Return a draft of a share that was found to be a value."""
    found = Finding(estimate=Estimate(value=value, n=12, groups=1, method=""))
    evidence = SimpleNamespace(low=0.0, high=1.0)
    return Draft(rule=asked, evidence=evidence, here=found, beyond=found, scope="here")


@pytest.mark.parametrize("seed", range(20))
def test_a_rule_that_only_warns_never_passes_what_lies_beyond_it(seed):
    """Beyond for sure it warns, beyond and unsure it is open; it never fails."""
    stream = np.random.default_rng(seed)
    for _ in range(200):
        bound, value = (float(one) for one in stream.uniform(0, 1, 2))
        reach = float(stream.exponential(0.2))
        asked = rule(warns=True, **{str(stream.choice(["at_most", "at_least"])): bound})
        interval = max(0.0, value - reach), min(1.0, value + reach)
        found = verdict_of(drafted(asked, value), interval)
        assert found is not FAIL
        if worse(value, bound, asked.sign):
            certain = side(interval, bound, asked.sign) is Side.BEYOND
            assert found is (WARN if certain else UNDECIDED)


@pytest.mark.parametrize("given", [{"at_most": 0.1}, {"at_least": 0.9}])
def test_a_rule_that_only_warns_is_open_where_it_cannot_tell(record, given):
    """One image has no interval, and a gross harm could hide in a wide one: neither is a pass."""
    add(record, rows([0.5]))
    (alone,) = judged(record, rule(warns=True, **given))
    assert (alone.verdict, alone.open) == (UNDECIDED, True)


def test_a_wide_interval_is_no_pass_of_a_warning(record):
    """An estimate inside, and a harm three times the bound that may be there, is open."""
    add(record, rows(around(0.09, spread=0.5)))
    (outcome,) = judged(record, rule(at_most=0.1, warns=True))
    assert (outcome.verdict, outcome.open) == (UNDECIDED, True)
    assert outcome.verdict is not PASS
