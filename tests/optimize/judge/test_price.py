"""What an hour is worth, and which plans no other one beats."""

from __future__ import annotations

import pytest

from optimize.judge.points import Planned, Point
from optimize.judge.presence import Block
from optimize.judge.price import frontier, frontier_rows, hour_prices, price_rows, prices_at
from optimize.judge.promise import Bound, Estimated, Promise, Score
from optimize.judge.slopes import Slope
from sim.scenario.schema.people import Wages
from tests.optimize.judge.shop import Shop, section

ONE = Promise((Bound("on_time_ship_rate", "at_least", 0.8),))
WAGES = Wages(pickers=20.0, packers=10.0)


def slope(role: str, gain: float, sd: float = 0.0) -> Slope:
    """Return a finite difference of a person-quarter-hour."""
    return Slope(Block(role, (0,), 24, 16), (Estimated(gain, sd, 4),))


def plan(cents: int, slack: float) -> Point:
    """Return a plan with its cost and slack."""
    return Point(
        Planned({}, cents, None, {}, f"{cents}"), ((slack,),), Score((Estimated(slack, 0.01, 4),))
    )


def test_the_hour_that_brings_most_for_its_wage_is_first() -> None:
    """0.003 a quarter-hour at 10 EUR beats 0.004 at 20 EUR: 0.0012 and 0.0008 for a euro."""
    prices = hour_prices([slope("pickers", 0.004), slope("packers", 0.003)], WAGES)

    assert [price.block.role for price in prices] == ["packers", "pickers"]
    assert [price.gain[0] for price in prices] == pytest.approx([0.0012, 0.0008])
    row = price_rows(prices, ONE)[0]
    assert row["hours"] == "packers 06:00-10:00 mon"
    assert row["on_time_ship_rate_gain_per_100_eur"] == 0.12


def test_an_hour_price_has_its_interval() -> None:
    """Spread 0.002 over 4 pairs: 3.182446 x 0.002 / 2 on either side (t table), 0.2 a euro."""
    (price,) = hour_prices([slope("pickers", 0.004, 0.002)], WAGES)

    half = 3.182446 * 0.001 * 0.2
    assert (price.lo[0], price.hi[0]) == pytest.approx((0.0008 - half, 0.0008 + half))


def test_hours_of_a_plan_are_priced_by_what_one_more_person_brings() -> None:
    """Service that only packers help, 0.01 for each head, which is 28 hours a week at 10 EUR."""
    shop = Shop(lambda heads: 0.5 + 0.01 * heads[2], most=4)

    prices = prices_at(shop.play, ONE, section((1, 1, 1, 1)), ("pickers", "packers"), WAGES, [0, 1])

    assert prices[0].block.words == "packers 06:00-10:00 mon-sun"
    assert prices[0].gain[0] == pytest.approx(0.01 / (7 * 4 * 10.0))
    assert [price.gain[0] for price in prices[1:]] == [0.0] * 3
    assert shop.played == 10


def test_what_costs_more_and_serves_no_better_is_beaten() -> None:
    """Of four plans the dearer one of two equal services, and the worse one of two equal costs."""
    points = [plan(300, 0.02), plan(100, -0.1), plan(200, 0.02), plan(100, -0.2)]

    plans = frontier(points, ONE)

    assert [(each.cost_cents, each.efficient) for each in plans] == [
        (100, True), (100, False), (200, True), (300, False)
    ]  # fmt: skip
    assert frontier_rows(plans, ONE)[0]["on_time_ship_rate"] == 0.7
