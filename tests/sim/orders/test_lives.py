"""Lives of customers in the book: whose luck is whose, and the rhythm of the week."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.orders.lives import Lives, draw_lives
from sim.scenario.schema import Scenario
from tests.sim.engine.playing import scenario_of

DAY_S = 86_400.0
FLAT = {"hourly_profile": [1.0] * 24, "weekday_profile": [1.0] * 7}


def shop(days: float = 364.0, orders: dict[str, Any] | None = None, **customers: Any) -> Scenario:
    """Return a shop whose customers come and drop out."""
    return scenario_of(
        run={"warm_up_days": 0.0, "horizon_days": days, "cool_down_days": 0.0},
        orders=orders or {},
        customers={"law": "bg_nbd", "r": 1.0, "alpha_weeks": 4.0, **customers},
    )


def of_customer(lives: Lives, first: int, end: int) -> list[tuple[int, float, bool]]:
    """Return customer, time and end of the orders of some customers."""
    chosen = (lives.customer >= first) & (lives.customer < end)
    columns = (lives.customer[chosen] - first, lives.placed_s[chosen], lives.last[chosen])
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_orders_are_in_the_order_of_placing_and_of_known_customers() -> None:
    """Times ascend within the run; every new customer has one first order at the known time."""
    lives = draw_lives(shop(opening_customers=200, opening_age_weeks=20.0, new_per_day=2.0), 0)

    assert (np.diff(lives.placed_s) >= 0.0).all()
    assert lives.placed_s[0] >= 0.0
    assert lives.placed_s[-1] < 364.0 * DAY_S
    assert (lives.acquired_s[:200] < 0.0).all()
    assert lives.acquired_s[:200].min() >= -20.0 * 7.0 * DAY_S
    new, first = np.unique(lives.customer, return_index=True)
    of_new = new >= 200
    assert np.array_equal(new[of_new], np.arange(200, len(lives.acquired_s)))
    assert np.array_equal(lives.placed_s[first[of_new]], lives.acquired_s[200:])


def test_nobody_orders_after_the_last_order() -> None:
    """The last order of a life is the last of that customer in the book, and marked once."""
    lives = draw_lives(shop(opening_customers=2_000), 0)

    ended = lives.customer[lives.last]
    assert len(np.unique(ended)) == len(ended) > 0
    final = {c: i for i, c in enumerate(lives.customer.tolist())}
    assert [final[c] for c in ended.tolist()] == np.flatnonzero(lives.last).tolist()


def test_the_life_of_a_customer_depends_on_nobody_else() -> None:
    """More opening customers, or new ones, leave every life as it was; so does a longer run."""
    few = draw_lives(shop(opening_customers=50, new_per_day=1.0), 0)
    many = draw_lives(shop(opening_customers=80, new_per_day=1.0), 0)
    alone = draw_lives(shop(opening_customers=50), 0)
    longer = draw_lives(shop(728.0, opening_customers=50), 0)

    assert of_customer(few, 0, 50) == of_customer(many, 0, 50) == of_customer(alone, 0, 50)
    assert of_customer(few, 50, 10_000) == of_customer(many, 80, 10_000)
    within = [order for order in of_customer(longer, 0, 50) if order[1] < 364.0 * DAY_S]
    assert within == of_customer(alone, 0, 50)


def test_orders_keep_the_rhythm_of_the_week_and_the_channels() -> None:
    """With a = 0.001 nobody drops out: orders fall by the shop's hours, and the rate is r / alpha.

    One channel is open on Monday from 8 to 9 alone, with half of all orders.
    """
    monday = {
        "share": 0.5,
        "hourly_profile": [0.0] * 8 + [1.0] + [0.0] * 15,
        "weekday_profile": [1.0] + [0.0] * 6,
    }
    channels = {"web": {"share": 0.5, **FLAT}, "market": monday}
    scenario = shop(
        364.0, {"channels": channels}, opening_customers=4_000, r=50.0, alpha_weeks=50.0, a=0.001
    )
    lives = draw_lives(scenario, 0)

    # Every life runs on the clock of the shop: one order a customer and week, half on each channel.
    n = len(lives.placed_s)
    assert n / (4_000 * 52) == pytest.approx(1.0, abs=4 * np.sqrt((1 + 52 / 50) / (4_000 * 52)))
    on_market = lives.placed_s[lives.channel == 1]
    weekday = (np.datetime64(scenario.run.start_date) - np.datetime64("2026-01-05")).astype(int) % 7
    hour = (on_market / 3600.0 + 24.0 * weekday) % 168.0
    assert ((hour >= 8.0) & (hour < 9.0)).all()
    assert len(on_market) / n == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(n))


def test_new_customers_come_as_long_as_they_shall() -> None:
    """All first orders lie in the first ten days; repeat orders go on."""
    lives = draw_lives(shop(new_per_day=20.0, new_days=10.0, orders=FLAT), 0)

    assert lives.acquired_s.max() < 10.0 * DAY_S
    assert lives.placed_s.max() > 100.0 * DAY_S
    count = len(lives.acquired_s)
    assert abs(count - 200.0) < 4.0 * np.sqrt(200.0)
