"""Laws of what is said of a model that was tried."""

from __future__ import annotations

import pytest

from reports.tried import sentences


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"stride": 4}, "multiples of 4 px (--stride 4)"),
        ({"margin_px": 16}, "smaller than the image by 16 px a side"),
        (
            {"margin_px": 92, "stride": 16, "remainder": 12},
            "by as much and to 12 px more than multiples of 16 px",
        ),
        ({"entry": "out"}, "the one called 'out' is taken (--entry)"),
        ({"folded": [1, 2]}, "the model's classes 1, 2 are judged as one"),
        ({"weights_prefix": "model."}, "without the prefix 'model.'"),
    ],
)
def test_each_fact_is_a_sentence(facts, says):
    """What was found is said once, with the option that would have said it."""
    (said,) = sentences(facts)
    assert says in said
