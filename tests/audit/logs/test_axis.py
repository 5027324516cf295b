"""Places are epochs where each has one value, else steps, else rows."""

from __future__ import annotations

from audit.logs.axis import along
from audit.logs.sheet import Sheet


def axis(rows, asked=None):
    """Return the axis of rows along their loss."""
    return along(Sheet(rows=rows), ("loss",), asked or {})


def test_epochs_are_preferred():
    """With a value an epoch, epochs are counted though steps are there."""
    found = axis([{"epoch": e, "step": 50 * e, "loss": 1.0} for e in (0.0, 1.0, 2.0)])
    assert (found.counts, found.column) == ("epoch", "epoch")


def test_several_values_an_epoch_are_steps():
    """A loss that was logged by steps is kept by steps; without a step, the last of an epoch."""
    rows = [{"epoch": e // 3, "step": e, "loss": 1.0} for e in map(float, range(9))]
    assert axis(rows).counts == "step"
    assert axis([{"epoch": row["epoch"], "loss": 1.0} for row in rows]).counts == "epoch"


def test_fractions_of_epochs_are_steps():
    """Hugging Face logs within epochs, and says at which step."""
    rows = [{"epoch": n / 2, "step": n * 10, "loss": 1.0} for n in map(float, range(1, 6))]
    assert axis(rows).counts == "step"


def test_an_epoch_in_rows_of_its_own_is_no_place():
    """What has no epoch beside it is counted by steps, as in W&B."""
    rows = [{"_step": 0.0, "loss": 1.0}, {"_step": 1.0, "epoch": 0.0}, {"_step": 2.0, "loss": 2.0}]
    assert axis(rows).column == "_step"


def test_rows_are_counted_where_nothing_else_is():
    """Without a counter rows are epochs from 0, and it is said."""
    found = axis([{"loss": 3.0}, {"loss": 2.0}])
    assert [at for at, _ in found.places] == [0, 1]
    assert "counted from 0" in found.notices[0].text


def test_the_map_names_the_epoch():
    """A column of any name counts epochs where the user says so."""
    found = axis([{"round": 4.0, "loss": 1.0}, {"round": 5.0, "loss": 1.0}], {"epoch": "round"})
    assert [at for at, _ in found.places] == [4, 5]


def test_shuffled_rows_are_sorted():
    """Rows in no order, none twice, are sorted and it is said; a resumption is not."""
    shuffled = axis([{"epoch": e, "loss": e} for e in (3.0, 0.0, 2.0, 1.0, 5.0, 4.0)])
    assert [at for at, _ in shuffled.places] == [0, 1, 2, 3, 4, 5]
    assert "unordered" in {one.kind for one in shuffled.notices}
    resumed = axis([{"epoch": e, "loss": e} for e in (0.0, 1.0, 2.0, 1.0, 2.0)])
    assert [at for at, _ in resumed.places] == [0, 1, 2, 1, 2]


def test_a_rate_without_an_epoch_has_that_of_the_next_row():
    """Lightning logs it by step alone, before its epoch; a loss is never placed by its rows."""
    rows = [
        {"step": 0.0, "lr": 0.1},
        {"epoch": 0.0, "step": 9.0, "loss": 1.0},
        {"step": 10.0, "lr": 0.01},
        {"epoch": 1.0, "step": 19.0, "loss": 0.5},
        *({"epoch": 2.0 + n, "step": 29.0 + 10 * n, "loss": 0.5} for n in range(18)),
        {"step": 300.0, "loss": 0.25},
        {"step": 301.0, "lr": 0.001},
    ]
    found = axis(rows)
    assert [(at, row["lr"]) for at, row in found.places if "lr" in row] == [(0, 0.1), (1, 0.01)]
    assert sum("loss" in row for _, row in found.places) == 20
    assert any("1 of 21 losses" in one.text for one in found.notices if one.kind == "blank")


def test_a_place_that_is_no_number_is_none():
    """NaN and infinite epochs would never end a comparison."""
    found = axis([{"epoch": float("nan"), "loss": 1.0}, {"epoch": 0.0, "loss": 1.0}])
    assert [at for at, _ in found.places] == [0]


def test_steps_that_restart_in_each_epoch_are_no_places():
    """Several values an epoch, their steps counted anew: one training along epochs."""
    rows = [{"epoch": e, "iter": i, "loss": 1.0} for e in (1.0, 2.0, 3.0) for i in (50.0, 100.0)]
    assert axis(rows).column == "epoch"


def test_an_even_count_in_another_order_is_shuffled():
    """Places that all differ and fill an even count are sorted, however few go back."""
    found = axis([{"epoch": e, "loss": e} for e in (4.0, 5.0, 6.0, 7.0, 0.0, 1.0, 2.0, 3.0)])
    assert [at for at, _ in found.places] == [0, 1, 2, 3, 4, 5, 6, 7]
