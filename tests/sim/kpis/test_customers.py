from __future__ import annotations

import pytest

from sim.kpis.slices import Window
from sim.log.facts import Fact
from tests.sim.kpis.journal import DAY, Journal, demand_of


def a_month() -> Journal:
    """Six due orders: customer 7 twice, customer 8 three times (one lost), one guest."""
    times = [(day * DAY, [(0, 1, 1000)]) for day in range(6)]
    journal = Journal(demand_of(times, customer=[7, 8, 7, 8, -1, 8], customers=50))
    for order in (0, 1, 2, 3, 4):
        journal.note(order * DAY, Fact.PLACED, order, 0)
    journal.note(5 * DAY, Fact.LOST, 5, 8)
    return journal


def test_purchase_frequency_is_per_customer_of_the_base_and_year() -> None:
    """Five orders in 36.5 days of a base of 50 customers: 1 order a year and customer."""
    assert a_month().kpis(Window(0.0, 36.5 * DAY))["purchase_frequency_per_year"] == pytest.approx(
        1.0
    )


def test_repeat_share_and_orders_of_an_active_customer_leave_guests_out() -> None:
    """Customers 7 and 8 placed two orders each; the guest is nobody's second order."""
    kpis = a_month().kpis()

    assert kpis["orders_per_active_customer"] == pytest.approx(4 / 2)
    assert kpis["repeat_share"] == 1.0


def test_lost_orders_are_a_share_of_those_due_in_the_window() -> None:
    """One of six due orders was not placed; a window that ends before it knows nothing of it."""
    assert a_month().kpis()["lost_orders_rate"] == pytest.approx(1 / 6)
    assert a_month().kpis(Window(0.0, 5 * DAY))["lost_orders_rate"] == 0.0


def test_a_lost_order_is_not_placed() -> None:
    """Orders lost before the click are out of every count of orders."""
    assert a_month().kpis()["orders_placed"] == 5.0
