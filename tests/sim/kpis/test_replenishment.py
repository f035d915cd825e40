"""Purchase orders, units on order and on backorder, and what stock costs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.kpis.balance import balance
from sim.kpis.slices import Window
from sim.log.facts import Fact, ShortAnswer
from tests.sim.kpis.journal import DAY, HOUR, Journal, demand_of, plain_scenario

TEN_DAYS = Window(0.0, 10 * DAY)
PLAIN: dict[str, Any] = {"suppliers": {"usual": {}, "dear": {}}}


def bought() -> Journal:
    """Ten days. SKU 0 (10.00): 20 units at first, 8 sold on day 2.

    Purchase 0: 12 units on day 1, received on day 4 and 6 (5 and 7). Purchase 1, from the second
    supplier: 4 units of SKU 1 (20.00) on day 3, received on day 8. Line 1 (3 units) waits from day
    2 to 5, line 2 (2 units) from day 6 on and gives up on day 7; line 3 (1 unit) is turned away.
    """
    journal = Journal(demand_of([(2 * DAY, [(0, 8, 1000), (1, 3, 2000), (1, 2, 2000)]),
                                 (3 * DAY, [(0, 1, 1000)])]))  # fmt: skip
    journal.note(0.0, Fact.STOCK_OPENED, 0, 20)
    journal.note(0.0, Fact.STOCK_OPENED, 1, 0)
    for number, sku, units, supplier, day in ((0, 0, 12, 0, 1), (1, 1, 4, 1, 3)):
        journal.note(day * DAY, Fact.PURCHASED, sku, units, number)
        journal.note(day * DAY, Fact.SUPPLIED_BY, sku, supplier, number)
    for number, sku, units, day in ((0, 0, 5, 4), (0, 0, 7, 6), (1, 1, 4, 8)):
        journal.note(day * DAY - 6 * HOUR, Fact.GOODS_ARRIVED, sku, units, number)
        journal.note(day * DAY, Fact.RECEIVED, sku, units, number)
    journal.sell(0, paid_s=2 * DAY)
    journal.note(2 * DAY, Fact.LINE_PICKED, 0, 8)
    journal.note(2 * DAY, Fact.SHORT, 1, 3, ShortAnswer.BACKORDER)
    journal.note(5 * DAY, Fact.BACKORDER_FILLED, 1, 3)
    journal.note(6 * DAY, Fact.SHORT, 2, 2, ShortAnswer.BACKORDER)
    journal.note(7 * DAY, Fact.BACKORDER_CANCELLED, 2, 2)
    journal.note(3 * DAY, Fact.PLACED, 1, 0)
    journal.note(3 * DAY, Fact.SHORT, 3, 1, ShortAnswer.TURN_AWAY)
    return journal


def prices(**stock: Any) -> dict[str, Any]:
    """Return the sections of two suppliers who promise 5 days, and of some costs."""
    law = {"distribution": "deterministic", "value": 4.5}
    return {
        "stock": {"lead_time_days": law, **stock},
        "suppliers": {"usual": {}, "dear": {"price_factor": 1.25, "order_cost_eur": 30.0}},
    }


def test_purchase_orders_and_their_time() -> None:
    """Two in ten days; receipts after 3, 5 and 5 days; one of two promises kept.

    Both arrive after 4.75 days; the first was promised for 4.5, the second for 4.75.
    """
    sections = prices()
    sections["suppliers"]["dear"]["lead_time_days"] = {
        "distribution": "deterministic",
        "value": 4.75,
    }

    kpis = bought().kpis(TEN_DAYS, plain_scenario(**sections))

    assert kpis["purchase_orders_per_day"] == pytest.approx(0.2)
    assert kpis["purchase_lead_time_mean_days"] == pytest.approx((3 + 5 + 5) / 3)
    assert kpis["receipts_on_time_rate"] == pytest.approx(1 / 2)


def test_units_on_order_and_on_backorder() -> None:
    """On order: 5 x 3 + 7 x 5 + 4 x 5 unit-days; backordered: 3 x 3 + 2 x 1; over ten days."""
    kpis = bought().kpis(TEN_DAYS, plain_scenario(**PLAIN))

    assert kpis["on_order_mean_units"] == pytest.approx((15 + 35 + 20) / 10)
    assert kpis["backorders_mean_units"] == pytest.approx((9 + 2) / 10)
    # 14 units asked: 3 waited three days, 2 one day
    assert kpis["unit_wait_for_stock_mean_h"] == pytest.approx((3 * 3 + 2 * 1) * 24 / 14)
    # 1 turned away, 2 given up
    assert kpis["lost_units_per_day"] == pytest.approx(0.3)


def test_neither_slips_nor_lapsed_payments_end_a_wait() -> None:
    """Line 1 slips on day 4 and is filled on day 5; line 0, long met, is cancelled on day 9."""
    journal = bought()
    journal.note(4 * DAY, Fact.BACKORDER_SLIPPED, 1, -1, 4 * DAY)
    journal.note(4 * DAY, Fact.BACKORDER_PROMISED, 1, 1, 8 * DAY)
    journal.note(9 * DAY, Fact.PAYMENT_LAPSED, 0, 8)

    kpis = journal.kpis(TEN_DAYS, plain_scenario(**PLAIN))

    assert kpis["backorders_mean_units"] == pytest.approx((9 + 2) / 10)
    assert kpis["unit_wait_for_stock_mean_h"] == pytest.approx((3 * 3 + 2 * 1) * 24 / 14)


@pytest.mark.parametrize(
    "answer",
    [ShortAnswer.BACKORDER, ShortAnswer.HOLDS, ShortAnswer.WAITS, ShortAnswer.FOLLOWS],
)
def test_whoever_waits_is_on_backorder(answer: ShortAnswer) -> None:
    """Four units from day 3 to day 7, whatever waits with them: 16 unit-days more."""
    journal = bought()
    journal.note(3 * DAY, Fact.SHORT, 3, 4, answer)
    journal.note(7 * DAY, Fact.BACKORDER_FILLED, 3, 4)

    kpis = journal.kpis(TEN_DAYS, plain_scenario(**PLAIN))

    assert kpis["backorders_mean_units"] == pytest.approx((9 + 2 + 16) / 10)


def test_who_buys_elsewhere_or_does_without_is_lost() -> None:
    """Two units more than the 3 that are lost by other answers."""
    journal = bought()
    journal.note(3 * DAY, Fact.SHORT, 3, 1, ShortAnswer.ELSEWHERE)
    journal.note(3 * DAY, Fact.SHORT, 3, 1, ShortAnswer.DROPPED)

    kpis = journal.kpis(TEN_DAYS, plain_scenario(**prices(lost_cost_eur_per_unit=5.0)))

    assert kpis["lost_units_per_day"] == pytest.approx((3 + 2) / 10)
    assert kpis["shortage_eur"] == pytest.approx((3 + 2) * 5.0)


def test_the_window_cuts_what_is_on_order() -> None:
    """From day 3.5 to day 5: 12 and 4 for half a day, then 7 and 4; one purchase is in it: none."""
    kpis = bought().kpis(Window(3.5 * DAY, 5 * DAY), plain_scenario(**PLAIN))

    assert kpis["on_order_mean_units"] == pytest.approx((16 * 0.5 + 11 * 1.0) / 1.5)
    assert kpis["backorders_mean_units"] == pytest.approx(3.0)
    assert kpis["purchase_orders_per_day"] == 0.0


def test_costs_by_hand() -> None:
    """Holding: (20 x 2 + 12 x 2 + 17 x 2 + 24 x 4) x 10 EUR + 4 x 20 EUR x 2, 0.365 a year.

    Ordering 6 + 30; lacking 11 unit-days at 2 and 3 units at 5; 4 x 20 x 0.25 above the usual cost.
    """
    costs = prices(
        holding_cost_rate_per_year=0.365,
        order_cost_eur=6.0,
        shortage_cost_eur_per_unit_day=2.0,
        lost_cost_eur_per_unit=5.0,
    )

    kpis = bought().kpis(TEN_DAYS, plain_scenario(**costs))

    held = ((20 * 2 + 12 * 2 + 17 * 2 + 24 * 4) * 10 + 4 * 20 * 2) * 0.365 / 365
    assert kpis["holding_eur"] == pytest.approx(held)
    assert kpis["ordering_eur"] == pytest.approx(36.0)
    assert kpis["shortage_eur"] == pytest.approx(11 * 2 + 3 * 5)
    assert kpis["purchase_premium_eur"] == pytest.approx(20.0)
    total = held + 36 + 37 + 20
    assert kpis["stock_cost_per_day_eur"] == pytest.approx(total / 10)
    free = bought().kpis(TEN_DAYS, plain_scenario(**PLAIN))
    assert free["margin_eur"] is not None
    assert kpis["margin_eur"] == pytest.approx(free["margin_eur"] - total)


def test_costs_of_the_day_s_end() -> None:
    """Counted at each midnight, before what happens then: the 8 sold on day 2 still lie there.

    Midnights 1 to 10 see 20 20 12 12 17 17 24 24 24 24 of SKU 0, 4 of SKU 1 twice, and owe 3 three
    times and 2 once.
    """
    costs = prices(
        holding_cost_rate_per_year=0.365,
        shortage_cost_eur_per_unit_day=2.0,
        costs_counted="at_day_end",
    )

    kpis = bought().kpis(TEN_DAYS, plain_scenario(**costs))

    units = 20 * 2 + 12 * 2 + 17 * 2 + 24 * 4
    assert kpis["holding_eur"] == pytest.approx((units * 10 + 4 * 2 * 20) / 1000)
    assert kpis["shortage_eur"] == pytest.approx(2.0 * (3 * 3 + 2))


def test_midnights_of_a_window() -> None:
    """From noon of day 1 to day 4: midnights 2, 3, 4; one that has just struck is over."""
    window = Window(1.5 * DAY, 4 * DAY)
    times_s = np.array([0.0, 1.9, 2.0, 3.5, 4.0, 9.0]) * DAY

    assert (window.day_end_left_s(times_s) / DAY).tolist() == [3, 3, 2, 1, 0, 0]


def test_nothing_costs_unless_it_is_said() -> None:
    """All rates are 0 by default."""
    kpis = bought().kpis(TEN_DAYS, plain_scenario(**PLAIN))

    assert kpis["stock_cost_per_day_eur"] == 0.0


def test_more_received_than_bought_is_a_fault() -> None:
    """13 of the 12 units of a purchase order."""
    journal = bought()
    journal.note(9 * DAY, Fact.RECEIVED, 0, 1, 0.0)

    faults = balance(journal.tables(TEN_DAYS)).faults

    assert any("brought more than was bought" in fault for fault in faults)
