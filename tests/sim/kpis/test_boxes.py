from __future__ import annotations

from typing import Any

import pytest

from sim.kpis.account import Account
from sim.kpis.boxes import boxes_used, step_minutes
from sim.log.facts import BoxDoubt, Fact, SplitKind
from tests.sim.kpis.journal import HOUR, Journal, demand_of, plain_scenario

STOCK = {"units": 1, "reorder_units": 1}
BOXES: dict[str, Any] = {
    "large": {"length_mm": 200.0, "width_mm": 200.0, "height_mm": 100.0},
    "small": {"length_mm": 200.0, "width_mm": 100.0, "height_mm": 100.0, "stock": STOCK},
}
LIMITED = plain_scenario(packing={"boxes": BOXES, "box_rule": "volume_and_sides", "benches": 1})


def four_shipped() -> Journal:
    """Return four orders of one unit of 500 g, in box 0 with 500 ml of void, billed 2 kg each."""
    journal = Journal(demand_of([(0.0, [(0, 1, 2000)])] * 4))
    for order in range(4):
        journal.sell(order, paid_s=0.0)
        journal.ship(order, start_s=0.0)
    return journal


def test_billed_weight_of_a_parcel() -> None:
    """8 kg billed for four shipments, one of them in two boxes: 1.6 kg a parcel."""
    journal = four_shipped()
    journal.note(4.5 * HOUR, Fact.EXTRA_BOX, 2, 1, 100.0)

    assert journal.kpis(scenario=LIMITED)["billed_kg_per_parcel"] == pytest.approx(1.6)


def test_share_billed_by_volume() -> None:
    """500 g billed as 2 kg: by volume; 2 kg billed as 2 kg: by weight; of several legs: out."""
    journal = Journal(demand_of([(0.0, [(0, units, 2000)]) for units in (1, 1, 4, 1)]))
    for order in range(4):
        journal.sell(order, paid_s=0.0)
        journal.ship(order, start_s=0.0)
    journal.note(40 * HOUR, Fact.SPLIT, 4, 3, SplitKind.REPLACEMENT)

    assert journal.kpis(scenario=LIMITED)["volumetric_share_rate"] == pytest.approx(2 / 3)


def test_boxes_that_were_out() -> None:
    """One of four got another box, two waited, 2 h and 0.5 h, one of these for the second time."""
    journal = four_shipped()
    for time_h, order, got in (
        (4.1, 0, 1),
        (4.2, 1, -1),
        (4.3, 2, -1),
        (4.7, 2, 0),
        (4.8, 2, -1),
        (5.4, 2, 0),
        (6.2, 1, 0),
    ):
        journal.note(time_h * HOUR, Fact.BOX_OUT, order, 0, got)

    kpis = journal.kpis(scenario=LIMITED)

    assert kpis["box_substitution_rate"] == 0.25
    assert kpis["box_wait_rate"] == 0.5
    assert kpis["wait_box_mean_h"] == pytest.approx((2.0 + 0.4 + 0.6) / 3)
    assert four_shipped().kpis(scenario=LIMITED)["wait_box_mean_h"] is None


def test_a_wait_that_has_not_ended_is_out() -> None:
    """Of two waits one has not ended when the log does: the mean is that of the other."""
    journal = four_shipped()
    journal.note(4.0 * HOUR, Fact.BOX_OUT, 0, 0, -1)
    journal.note(4.1 * HOUR, Fact.BOX_OUT, 1, 0, -1)
    journal.note(4.6 * HOUR, Fact.BOX_OUT, 1, 0, 0)

    assert journal.kpis(scenario=LIMITED)["wait_box_mean_h"] == pytest.approx(0.5)


def test_doubts_and_full_benches() -> None:
    """One of four doubted for a search that ended, one for a pole, three found the bench taken."""
    journal = four_shipped()
    journal.note(4.9 * HOUR, Fact.BOX_DOUBTED, 0, 0, BoxDoubt.NOT_PROVED)
    journal.note(4.9 * HOUR, Fact.BOX_DOUBTED, 1, 0, BoxDoubt.OVERSIZE)
    for order in (1, 2, 3):
        journal.note(3.0 * HOUR, Fact.BENCHES_FULL, order)

    kpis = journal.kpis(scenario=LIMITED)

    assert kpis["box_not_proved_rate"] == 0.25
    assert kpis["oversize_rate"] == 0.25
    assert kpis["benches_full_rate"] == 0.75


def test_what_cannot_be_has_no_rate() -> None:
    """Without a stock, a rule that looks at sides, or a number of benches there is no rate."""
    kpis = four_shipped().kpis(
        scenario=plain_scenario(packing={"boxes": {"large": BOXES["large"]}})
    )

    for name in (
        "box_substitution_rate",
        "box_wait_rate",
        "box_not_proved_rate",
        "oversize_rate",
        "benches_full_rate",
    ):
        assert kpis[name] is None


def test_boxes_by_name_the_smallest_first() -> None:
    """Four parcels in the small box with 2 l of void, a fifth in the large one with 0.1 l."""
    journal = four_shipped()
    journal.note(4.5 * HOUR, Fact.EXTRA_BOX, 2, 1, 100.0)

    used = boxes_used(Account(journal.tables(), LIMITED))

    assert list(used) == ["small", "large"]
    assert [parcels for parcels, _ in used.values()] == [4, 1]
    assert [void_l for _, void_l in used.values()] == pytest.approx([2.0, 0.1])


def test_minutes_by_step() -> None:
    """Two orders of 3 and 1 units, one more parcel, one second packing: minutes by hand."""
    journal = Journal(demand_of([(0.0, [(0, 3, 2000)]), (0.0, [(1, 1, 2000)])]))
    for order in range(2):
        journal.sell(order, paid_s=0.0)
        journal.ship(order, start_s=0.0)
    journal.note(4.5 * HOUR, Fact.EXTRA_BOX, 0, 1, 100.0)
    journal.note(4.2 * HOUR, Fact.REWORK, 1)
    steps = {
        "close": {"s_per_parcel": 15.0},
        "check": {"s_per_line": 6.0, "s_per_unit": 12.0},
        "wrap": {"s_per_fragile_unit": 60.0},
    }
    tables = journal.tables()

    stepped = step_minutes(Account(tables, plain_scenario(packing={"steps": steps})))
    usual = step_minutes(Account(tables, plain_scenario()))

    assert stepped == {"close": 1.0, "check": (2 * 6.0 + 4 * 12.0) / 60.0, "wrap": 0.0}
    assert usual == {"each shipment": 2.0, "each unit": 0.4, "each fragile unit": 0.0}
    law = {"distribution": "deterministic", "value": 60.0}
    assert step_minutes(Account(tables, plain_scenario(packing={"time_s": law}))) == {}
