from __future__ import annotations

import numpy as np
import pytest

from sim.kpis.lead_parts import PARTS
from sim.kpis.series import (
    click_to_ship_curve,
    lead_time_curve,
    orders_frame_columns,
    orders_over_time,
    parts_stack,
    picks_by_location,
)
from sim.log.facts import CancelReason, Fact, ReturnReason
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of


def ten_orders() -> Journal:
    """Ten orders at 0, each shipped and delivered after 1, 2, ..., 10 h."""
    journal = Journal(demand_of([(0.0, [(0, 1, 100)])] * 10))
    for order in range(10):
        journal.note(0.0, Fact.PLACED, order)
        journal.note(HOUR * (order + 1), Fact.HANDED_OVER, order)
        journal.note(HOUR * (order + 1), Fact.DELIVERED, order)
    return journal


def test_the_lead_time_curve_ends_with_everybody() -> None:
    """The curve rises from the fastest order to the slowest, at which all have arrived."""
    curve = lead_time_curve(ten_orders().account())

    np.testing.assert_allclose(curve.hours, [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10][-10:], atol=1.0)
    assert (curve.hours[0], curve.share[0]) == (1.0, 0.1)
    assert (curve.hours[-1], curve.share[-1]) == (10.0, 1.0)
    assert (np.diff(curve.share) >= 0).all()


def test_a_curve_of_nothing_is_empty() -> None:
    """Where nothing was shipped the curve has no points."""
    assert len(click_to_ship_curve(Journal(demand_of([])).account()).hours) == 0
    assert parts_stack(Journal(demand_of([])).account()) == {}


def test_stacks_add_up_to_their_mean_lead_time() -> None:
    """All orders: 5.5 h on average; the slowest tenth is the one order of 10 h."""
    stack = parts_stack(ten_orders().account())

    assert sum(stack["all orders"].values()) == pytest.approx(5.5)
    assert sum(stack["slowest tenth"].values()) == pytest.approx(10.0)


def test_picks_by_location_follow_the_slots() -> None:
    """SKUs that lie at the same location share its picks."""
    journal = Journal(demand_of([(0.0, [(0, 1, 100), (1, 1, 100), (2, 5, 100)])]))
    for line in range(3):
        journal.note(HOUR, Fact.LINE_PICKED, line, 1)

    picks = picks_by_location(journal.account(), np.array([4, 1, 4]), 6)

    assert picks.tolist() == [0, 1, 0, 0, 2, 0]


def test_orders_over_time_count_every_day() -> None:
    """Orders placed and shipped each day of the run."""
    days = orders_over_time(ten_orders().account())

    assert days["placed"].tolist() == [10]
    assert days["shipped"].tolist() == [10]


def test_the_orders_table_has_one_row_an_order() -> None:
    """Times, parts, outcome and aftermath of each order; NaN where a step did not happen."""
    journal = Journal(
        demand_of([(0.0, [(0, 2, 1000)]), (HOUR, [(1, 1, 500)]), (40 * DAY, [(0, 1, 5)])])
    )
    journal.sell(0, paid_s=HOUR)
    journal.ship(0, start_s=2 * HOUR)
    journal.note(5 * DAY, Fact.RETURN_ASKED, 0, 1, ReturnReason.FIT)
    journal.note(6 * DAY, Fact.RETURN_RECEIVED, 0, 1)
    journal.note(7 * DAY, Fact.REFUNDED, 0, 0, 1000)
    journal.note(HOUR, Fact.PLACED, 1)
    journal.note(2 * HOUR, Fact.CANCELLED, 1, -1, CancelReason.PAYMENT)
    columns = orders_frame_columns(journal.tables())

    assert {len(column) for column in columns.values()} == {3}
    assert columns["outcome"].tolist() == ["delivered", "cancelled", "not placed"]
    assert columns["cancelled_for"].tolist() == ["", "payment", ""]
    assert columns["measured"].tolist() == [True, True, False]
    assert columns["delivered_s"][0] == 32 * HOUR
    assert columns["picked_s"][0] == 5 * HOUR
    assert np.isnan(columns["delivered_s"][1:]).all()
    assert columns["captured_cents"].tolist() == [2000, 0, 0]
    assert columns["refunded_cents"].tolist() == [1000, 0, 0]
    assert columns["returned_units"].tolist() == [1, 0, 0]
    parts = sum(columns[f"{part}_s"][0] for part in PARTS)
    assert parts == pytest.approx(32 * HOUR)


def test_a_shipment_picked_twice_shows_no_single_pick_time() -> None:
    """The sums over two passes are no clock times: the table leaves them empty and says so."""
    journal = Journal(demand_of([(0.0, [(0, 1, 1000)])]))
    journal.sell(0, paid_s=0.0)
    journal.ship(0, start_s=10 * HOUR)
    for hours, fact in (
        (2, Fact.PICK_STARTED),
        (3, Fact.PICKED),
        (4, Fact.PACK_STARTED),
        (5, Fact.REWORK),
    ):
        journal.note(hours * HOUR, fact, 0, 0)
    columns = orders_frame_columns(journal.tables())

    assert columns["picked_twice"].tolist() == [True]
    assert np.isnan(columns["picked_s"][0])
    assert columns["delivered_s"][0] == 40 * HOUR
