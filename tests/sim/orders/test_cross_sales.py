"""Orders to which a contact may lead: their place in the book, and everybody else's luck."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from sim.engine.setting import prepare
from sim.orders.book import Luck, OrderBook
from tests.sim.engine.playing import book_of, scenario_of

DAY_S = 86_400.0


def book(share: float, contacts: float = 0.6, **sections: Any) -> OrderBook:
    """Return the book of twenty days with some share of contacts that lead to an order."""
    follow_up: dict[str, Any] = {"share": contacts, "cross_sell_share": share}
    if share:
        follow_up["cross_sell_days"] = {"distribution": "uniform", "low": 2.0, "high": 9.0}
    scenario = scenario_of(
        run={"warm_up_days": 0.0, "horizon_days": 20.0, "cool_down_days": 0.0},
        orders={"per_day": 100.0},
        items={"count": 50},
        follow_up=follow_up,
        **sections,
    )
    return book_of(prepare(scenario, {}))


def test_a_led_order_comes_after_the_order_that_leads_to_it() -> None:
    """Of the same customer and channel, two to nine days later, and it leads to no other."""
    demand = book(0.5).demand
    assert demand.led_by is not None
    led = np.flatnonzero(demand.led_by >= 0)
    by = demand.led_by[led]

    assert (np.diff(demand.placed_s) >= 0.0).all()
    assert np.array_equal(demand.customer[led], demand.customer[by])
    assert np.array_equal(demand.channel[led], demand.channel[by])
    days = (demand.placed_s[led] - demand.placed_s[by]) / DAY_S
    assert (days > 2.0 - 1e-9).all()
    assert (days < 9.0 + 1e-9).all()
    assert not np.isin(by, led).any()
    assert len(np.unique(by)) == len(by)
    assert book(0.5).luck.followed_up[by].all()


def test_led_orders_move_nobody_else() -> None:
    """All other orders have the same times, lines and luck as without contacts that lead."""
    plain, more = book(0.0), book(0.5)
    assert more.demand.led_by is not None
    own = np.flatnonzero(more.demand.led_by < 0)
    lines = np.flatnonzero(np.repeat(more.demand.led_by < 0, np.diff(more.demand.first_line)))

    assert plain.demand.led_by is None
    for name in ("placed_s", "channel", "customer"):
        assert np.array_equal(getattr(plain.demand, name), getattr(more.demand, name)[own]), name
    for name in ("sku", "units", "price_cents"):
        assert np.array_equal(getattr(plain.demand, name), getattr(more.demand, name)[lines]), name
    for column in fields(Luck):
        before, after = getattr(plain.luck, column.name), getattr(more.luck, column.name)
        of = own if len(before) == plain.demand.orders else lines
        assert np.array_equal(before, after[of]), column.name


def test_a_larger_share_adds_led_orders_and_moves_none() -> None:
    """Those there were are there still, with the same baskets."""

    def led(found: OrderBook) -> list[tuple[int, float, tuple[int, ...]]]:
        demand = found.demand
        assert demand.led_by is not None
        return [
            (
                int(demand.customer[order]),
                float(demand.placed_s[order]),
                tuple(demand.sku[demand.first_line[order] : demand.first_line[order + 1]].tolist()),
            )
            for order in np.flatnonzero(demand.led_by >= 0).tolist()
        ]

    few, many = led(book(0.2)), led(book(0.6))

    assert len(few) < len(many)
    assert set(few) < set(many)


def test_customers_by_bg_nbd_are_led_as_well() -> None:
    """A led order is nobody's last one: that is told by the law of the base alone."""
    sections = {"customers": {"law": "bg_nbd", "new_per_day": 60.0, "alpha_weeks": 0.5}}
    scenario = scenario_of(
        run={"warm_up_days": 0.0, "horizon_days": 20.0, "cool_down_days": 0.0},
        follow_up={"cross_sell_share": 0.9},
        **sections,
    )
    demand = book_of(prepare(scenario, {})).demand
    assert demand.led_by is not None
    assert demand.last_of_customer is not None

    assert (demand.led_by >= 0).any()
    assert not demand.last_of_customer[demand.led_by >= 0].any()
    assert len(demand.last_of_customer) == len(demand.led_by) == demand.orders
