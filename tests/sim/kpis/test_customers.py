"""KPIs of customers against logs written by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.kpis.account import Account
from sim.kpis.balance import balance
from sim.kpis.cohorts import Cohort, cohort_table
from sim.kpis.slices import Window
from sim.log.facts import DropOutCause, Fact, LostCause
from tests.sim.engine.playing import scenario_of
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


def orders_on(days: list[float], customer: list[int], acquired_days: list[float] | None) -> Journal:
    """Return a log of orders that are all placed, of customers with known first orders."""
    demand = demand_of(
        [(day * DAY, [(0, 1, 1000)]) for day in days],
        customer=customer,
        customers=max(customer) + 1,
    )
    if acquired_days is not None:
        demand = replace(demand, acquired_s=np.array(acquired_days) * DAY)
    journal = Journal(demand)
    for order, day in enumerate(days):
        journal.note(day * DAY, Fact.PLACED, order, 0)
    return journal


def test_customers_who_are_won_count_from_their_first_order_on() -> None:
    """Two orders in 36.5 days; customer-years 0.1 of one from before, 0.05 of one in between."""
    journal = orders_on([18.25, 30.0], [1, 0], [-100.0, 18.25])
    kpis = journal.kpis(Window(0.0, 36.5 * DAY))

    assert kpis["purchase_frequency_per_year"] == pytest.approx(2 / 0.15)
    assert kpis["new_customers"] == 1.0
    assert kpis["active_customers"] == 2.0
    assert kpis["orders_per_new_customer"] == 1.0


def test_who_comes_again_within_30_days_is_asked_of_those_who_had_30_days() -> None:
    """Customer 0 is back after 29 days, 1 after 31, 2 never, 3 came too late to say."""
    journal = orders_on(
        [0.0, 1.0, 2.0, 29.0, 32.0, 80.0, 81.0], [0, 1, 2, 0, 1, 3, 3], [0.0, 1.0, 2.0, 80.0]
    )
    kpis = journal.kpis(Window(0.0, 100.0 * DAY))

    assert kpis["repeat_within_30_days_rate"] == pytest.approx(1 / 3)
    assert kpis["repeat_within_90_days_rate"] == pytest.approx(2 / 3)
    assert journal.kpis(Window(0.0, 20.0 * DAY))["repeat_within_30_days_rate"] is None


def test_drop_outs_are_told_by_cause() -> None:
    """One left by themselves, two for an experience, of whom one is won back."""
    journal = orders_on([0.0, 1.0, 2.0], [0, 1, 2], [0.0, 1.0, 2.0])
    for order, cause in enumerate(
        [DropOutCause.OWN, DropOutCause.EXPERIENCE, DropOutCause.EXPERIENCE]
    ):
        journal.note(2.5 * DAY, Fact.DROPPED_OUT, order, order, float(cause))
    journal.note(3.0 * DAY, Fact.WON_BACK, 2, 2)
    kpis = journal.kpis(Window(0.0, 10.0 * DAY))

    assert kpis["dropped_out_own_customers"] == 1.0
    assert kpis["dropped_out_experience_customers"] == 2.0
    assert kpis["won_back_customers"] == 1.0
    assert a_month().kpis()["dropped_out_own_customers"] is None


def test_lost_orders_are_told_by_cause() -> None:
    """One is lost to the last order, one to a drop-out; two led ones are nobody's loss."""
    demand = demand_of([(day * DAY, [(0, 1, 1000)]) for day in range(5)], customer=[0] * 5)
    demand = replace(demand, acquired_s=np.array([-1.0] * 10), led_by=np.array([-1, -1, -1, 0, 0]))
    journal = Journal(demand)
    journal.note(0.0, Fact.PLACED, 0, 0)
    for order, cause in enumerate(LostCause, start=1):
        journal.note(order * DAY, Fact.LOST, order, 0, float(cause))
    kpis = journal.kpis(Window(0.0, 10.0 * DAY))

    assert kpis["lost_to_last_experience_orders"] == 1.0
    assert kpis["lost_to_drop_out_orders"] == 1.0
    assert kpis["lost_orders_rate"] == pytest.approx(2 / 3)


def test_cross_selling_is_orders_led_to_by_contacts() -> None:
    """Two contacts, one of which led to an order; the other led order was not placed."""
    demand = demand_of([(day * DAY, [(0, 1, 1000)]) for day in range(4)], customer=[0, 1, 0, 1])
    journal = Journal(replace(demand, led_by=np.array([-1, -1, 0, 1])))
    for order in (0, 1, 2):
        journal.note(order * DAY, Fact.PLACED, order, 0)
    for order in (0, 1):
        journal.note(1.5 * DAY, Fact.FOLLOWED_UP, order)
    journal.note(3 * DAY, Fact.LOST, 3, 1, float(LostCause.EXPERIENCE))
    kpis = journal.kpis(Window(0.0, 10.0 * DAY))

    assert kpis["cross_sell_orders"] == 1.0
    assert kpis["cross_sell_rate"] == pytest.approx(1 / 2)
    assert a_month().kpis()["cross_sell_rate"] is None


def test_cohorts_are_customers_by_the_month_of_their_first_order() -> None:
    """From 5 January: 0 and 1 come in January, 2 in February, 3 was there before, -1 is a guest."""
    days = [0.0, 1.0, 2.0, 30.0, 31.0, 40.0, 60.0, 61.0]
    journal = orders_on(days, [0, 1, 0, 2, -1, 0, 2, 3], [0.0, 1.0, 30.0, -9.0])
    scenario = scenario_of(
        run={
            "start_date": "2026-01-05",
            "warm_up_days": 0.0,
            "horizon_days": 70.0,
            "cool_down_days": 0.0,
        }
    )

    table = cohort_table(Account(journal.tables(Window(0.0, 70.0 * DAY)), scenario))

    assert table.period == "month"
    assert table.cohorts == (
        Cohort("2026-01-01", 2, (3, 1, 0), (2, 1, 0)),
        Cohort("2026-02-01", 1, (1, 1), (1, 1)),
    )


def test_a_short_log_is_told_by_weeks_from_its_first_day() -> None:
    """Nine days from a Monday: two weeks."""
    journal = orders_on([0.0, 6.9, 7.0, 8.0], [0, 0, 0, 1], [0.0, 8.0])
    run = {"warm_up_days": 0.0, "horizon_days": 9.0, "cool_down_days": 0.0}
    scenario = scenario_of(run={"start_date": "2026-01-05", **run})

    table = cohort_table(Account(journal.tables(Window(0.0, 9.0 * DAY)), scenario))

    assert table.period == "week"
    assert table.cohorts == (
        Cohort("2026-01-05", 1, (2, 1), (1, 1)),
        Cohort("2026-01-12", 1, (1,), (1,)),
    )


@pytest.mark.parametrize(("back", "fault"), [(False, True), (True, False)])
def test_who_has_left_orders_no_more_until_won_back(back: bool, fault: bool) -> None:
    """An order after a drop-out breaks the balance, unless a contact came between."""
    journal = orders_on([0.0, 5.0], [0, 0], [0.0])
    journal.note(1.0 * DAY, Fact.DROPPED_OUT, 0, 0, float(DropOutCause.EXPERIENCE))
    if back:
        journal.note(2.0 * DAY, Fact.WON_BACK, 0, 0)

    faults = balance(journal.tables(Window(0.0, 10.0 * DAY))).faults

    assert ("ordered after they had dropped out: customers (0)" in faults) == fault


def test_a_contact_that_never_was_leads_to_no_order() -> None:
    """A led order that is placed without the contact breaks the balance."""
    journal = orders_on([0.0, 5.0], [0, 0], [0.0])
    journal.demand = replace(journal.demand, led_by=np.array([-1, 0]))

    faults = balance(journal.tables(Window(0.0, 10.0 * DAY))).faults

    assert "placed after no contact: orders (1)" in faults


def test_nobody_is_new_in_a_steady_base_but_in_a_history() -> None:
    """A base was there before the log; the first order of a history counts as the first of all."""
    journal = orders_on([0.0, 6.9, 7.0, 8.0], [0, 0, 0, 1], None)
    window = Window(0.0, 9.0 * DAY)
    history = scenario_of(orders={"source": "history"})

    assert journal.kpis(window)["new_customers"] is None
    assert cohort_table(Account(journal.tables(window), scenario_of())).cohorts == ()
    assert journal.kpis(window, scenario=history)["new_customers"] == 2.0
