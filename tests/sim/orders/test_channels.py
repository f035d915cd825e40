"""Channels with rates, rhythms, promotions and baskets of their own."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.orders.arrivals import arrivals, channel_times_s, hourly_rates
from sim.orders.book import Demand
from sim.orders.generated import generate_demand
from sim.scenario.checks import run_checks
from sim.scenario.schema import Scenario
from sim.warehouse.catalogue import generated_catalogue

ONE = {"distribution": "deterministic", "value": 1.0}
FLAT: dict[str, Any] = {"hourly_profile": [1.0] * 24, "weekday_profile": [1.0] * 7}


def scenario(days: float = 7.0, **orders: object) -> Scenario:
    """Return a scenario from Monday 5 January 2026 without warm-up."""
    window = {
        "start_date": "2026-01-05",
        "warm_up_days": 0.0,
        "horizon_days": days,
        "cool_down_days": 0.0,
        "seed": 5,
    }
    items = {
        "count": 60,
        "categories": {"toys": {"share": 0.5}, "books": {"share": 0.25}, "tea": {"share": 0.25}},
    }
    return Scenario.model_validate({"name": "t", "run": window, "items": items, "orders": orders})


def found(declared: Scenario) -> list[str]:
    """Return the key paths that the checks complain about."""
    return [path for path, *_ in run_checks(declared)]


def demand_of(declared: Scenario) -> Demand:
    """Return the demand of replication 0."""
    return generate_demand(declared, generated_catalogue(declared.items, 5), 0)


def test_counts_of_a_channel_with_its_own_rate_are_poisson() -> None:
    """200 weeks at 30 orders a day of its own: mean and variance are those of Poisson's law."""
    declared = scenario(channels={"web": {"per_day": 30.0}, "fax": {"per_day": 5.0}})
    counts = np.array([len(channel_times_s(declared, "web", r)) for r in range(200)])
    expected = 210.0

    assert declared.orders.per_day == 35.0
    assert abs(counts.mean() - expected) < 4.5 * math.sqrt(expected / 200)
    assert abs(counts.var(ddof=1) / expected - 1.0) < 4.5 * math.sqrt(2.0 / 199)


def test_a_channel_grows_and_the_others_stay() -> None:
    """Twice the rate of one channel leaves every time of the other where it was."""
    few, many = (
        scenario(channels={"web": {"per_day": 30.0}, "fax": {"per_day": rate}})
        for rate in (5.0, 10.0)
    )

    assert np.array_equal(channel_times_s(few, "web", 0), channel_times_s(many, "web", 0))
    assert len(channel_times_s(few, "fax", 0)) < len(channel_times_s(many, "fax", 0))


def test_rates_and_shares_do_not_mix() -> None:
    """A channel without a rate beside one with a rate is refused, and so is a share beside it."""
    mixed = scenario(channels={"web": {"per_day": 30.0}, "fax": {"share": 1.0}})
    both = scenario(channels={"web": {"per_day": 30.0, "share": 1.0}})
    not_the_sum = scenario(per_day=99.0, channels={"web": {"per_day": 30.0}})

    assert found(mixed) == ["orders.channels.fax"]
    assert found(both) == ["orders.channels.web.share"]
    assert found(not_the_sum) == ["orders.per_day"]
    assert found(scenario(channels={"web": {"per_day": 30.0}})) == []


def test_a_scenario_read_back_has_the_same_rates() -> None:
    """A resolved scenario is a sound scenario again."""
    declared = scenario(channels={"web": {"per_day": 30.0}, "fax": {"per_day": 5.0}})

    again = Scenario.model_validate(declared.model_dump())

    assert again == declared
    assert found(again) == []


def test_hours_of_the_week_are_those_of_the_profile() -> None:
    """168 weights, hour 0 is Monday midnight; the run begins on a Wednesday."""
    weights = [float(hour) for hour in range(168)]
    declared = scenario(per_day=100.0, channels={"web": {"hour_of_week_profile": weights}})
    run = declared.run.model_copy(update={"start_date": "2026-01-07"})

    rates = hourly_rates(declared.model_copy(update={"run": run}), "web")

    expected = np.roll(weights, -48) / np.mean(weights) * 100.0 / 24.0
    assert rates == pytest.approx(expected)


def test_a_week_profile_stands_alone() -> None:
    """Beside a channel's profile of hours it is refused."""
    week = {"hour_of_week_profile": [1.0] * 168, "hourly_profile": [1.0] * 24}

    assert found(scenario(channels={"web": week})) == ["orders.channels.web.hour_of_week_profile"]


def test_a_channel_has_a_season_of_its_own() -> None:
    """Its months take the place of those of all orders."""
    months = [1.0] * 12
    declared = scenario(
        1.0,
        per_day=48.0,
        monthly_profile=[2.0] * 12,
        channels={"web": {"share": 0.5}, "fax": {"share": 0.5, "monthly_profile": months}},
        **FLAT,
    )

    assert hourly_rates(declared, "web").sum() == pytest.approx(48.0)
    assert hourly_rates(declared, "fax").sum() == pytest.approx(24.0)


def test_a_promotion_has_its_channels_and_hours() -> None:
    """Four evening hours of Tuesday on the web are tripled: 24 + 8 orders; nothing else moves."""
    sale = {
        "date": "2026-01-06",
        "factor": 3.0,
        "hours": {"start": "18:00", "end": "22:00"},
        "channels": ["web"],
    }
    declared = scenario(
        3.0,
        channels={"web": {"per_day": 24.0}, "fax": {"per_day": 24.0}},
        promotions={"sale": sale},
        **FLAT,
    )
    web, fax = (hourly_rates(declared, name).reshape(3, 24) for name in ("web", "fax"))

    assert web.sum(axis=1) == pytest.approx([24.0, 32.0, 24.0])
    assert web[1, 17:23] == pytest.approx([1.0, 3.0, 3.0, 3.0, 3.0, 1.0])
    assert fax == pytest.approx(np.ones((3, 24)))


def test_a_day_at_7_8_times_has_so_many_orders() -> None:
    """Black Friday of Olist: 7.8 times the orders of a day, in 60 replications of 200 a day."""
    declared = scenario(
        2.0,
        per_day=200.0,
        promotions={"friday": {"date": "2026-01-06", "factor": 7.8}},
        **FLAT,
    )
    times = [arrivals(declared, replication)[0] for replication in range(60)]
    counts = np.array([np.count_nonzero(each >= 86_400.0) for each in times])

    assert abs(counts.mean() - 1560.0) < 4.5 * math.sqrt(1560.0 / 60)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"channels": ["fex"]}, "channels"),
        ({"hours": {"start": "18:30"}}, "hours"),
        ({"hours": {"start": "22:00", "end": "06:00"}}, "hours"),
    ],
)
def test_promotions_that_cannot_be_played_are_refused(change: dict[str, Any], path: str) -> None:
    """An unknown channel, half an hour, a night over midnight."""
    sale = {"date": "2026-01-06", "factor": 2.0, **change}

    assert found(scenario(promotions={"sale": sale})) == [f"orders.promotions.sale.{path}"]


def both(**fax: object) -> Scenario:
    """Return a web and a fax channel of 300 orders a day each; the fax has something of its own."""
    return scenario(
        2.0,
        channels={"web": {"per_day": 300.0}, "fax": {"per_day": 300.0, **fax}},
    )


def baskets(demand: Demand, channel: int) -> list[tuple[float, list[int], list[int]]]:
    """Return time, SKUs and units of each order of a channel."""
    first = demand.first_line.tolist()
    return [
        (
            float(demand.placed_s[order]),
            demand.sku[first[order] : first[order + 1]].tolist(),
            demand.units[first[order] : first[order + 1]].tolist(),
        )
        for order in np.flatnonzero(demand.channel == channel).tolist()
    ]


def test_own_baskets_move_nobody_elses() -> None:
    """With one line of one unit on the fax, what the web orders stays to the last unit."""
    before = demand_of(both())
    after = demand_of(both(lines_per_order=ONE, units_per_line=ONE))

    assert baskets(before, 0) == baskets(after, 0)
    assert {len(skus) for _, skus, _ in baskets(after, 1)} == {1}
    assert {tuple(units) for _, _, units in baskets(after, 1)} == {(1,)}
    assert [time_s for time_s, _, _ in baskets(before, 1)] == [t for t, _, _ in baskets(after, 1)]


def test_own_baskets_have_the_mean_of_their_law() -> None:
    """600 orders of 4 lines (geometric: variance 12), within 4.5 errors."""
    demand = demand_of(both(lines_per_order={"distribution": "geometric", "mean": 4.0}))
    lines = np.diff(demand.first_line)[demand.channel == 1]

    assert abs(lines.mean() - 4.0) < 4.5 * math.sqrt(12.0 / len(lines))


def test_a_mix_of_categories_is_the_channels() -> None:
    """Three lines in four are books, one is tea; the web goes by popularity as before."""
    declared = both(category_weights={"books": 3.0, "tea": 1.0}, lines_per_order=ONE)
    catalogue = generated_catalogue(declared.items, 5)
    demand = demand_of(declared)
    channel = np.repeat(demand.channel, np.diff(demand.first_line))
    names = np.array(catalogue.categories)[catalogue.category[demand.sku]]
    fax = names[channel == 1]

    assert set(fax) == {"books", "tea"}
    books = np.mean(fax == "books")
    assert abs(books - 0.75) < 4.5 * math.sqrt(0.75 * 0.25 / len(fax))
    assert "toys" in names[channel == 0]


def test_no_order_has_a_sku_twice() -> None:
    """Own baskets of five lines out of 15 books hold five different books."""
    five = {"distribution": "deterministic", "value": 5.0}
    demand = demand_of(both(category_weights={"books": 1.0}, lines_per_order=five))

    assert all(len(set(skus)) == 5 for _, skus, _ in baskets(demand, 1))


def test_a_mix_of_unknown_categories_is_refused() -> None:
    """The mix names a category that no item has."""
    assert found(both(category_weights={"bokks": 1.0})) == [
        "orders.channels.fax.category_weights.bokks"
    ]


def test_keys_without_effect_are_refused() -> None:
    """Typing time of an automated channel, rejections without a hold, more mistakes than lines."""
    typed = both(entry_time_s=ONE)
    wrong = both(entry_errors={"wrong_sku_rate": 0.6, "wrong_quantity_rate": 0.6})
    payment = both().payment.model_copy(update={"fraud_hold_share": 0.0, "fraud_reject_share": 0.5})

    assert found(typed) == ["orders.channels.fax.entry_time_s"]
    assert found(wrong) == ["orders.channels.fax.entry_errors"]
    assert found(both().model_copy(update={"payment": payment})) == ["payment.fraud_reject_share"]


def test_a_history_brings_its_own_orders() -> None:
    """Beside a history a channel has no rate, rhythm or basket of its own."""
    declared = both(lines_per_order=ONE, monthly_profile=[1.0] * 12)
    orders = declared.orders.model_copy(update={"source": "history", "file": "orders.csv"})
    paths = found(declared.model_copy(update={"orders": orders}))

    assert {path.split(".")[-1] for path in paths} == {
        *("per_day", "lines_per_order", "monthly_profile"),
    }


def test_stock_is_bought_for_the_sum_of_the_channels() -> None:
    """Mean demand of a day: 300 orders of 2.5 lines of 1.3 units, and 300 of one unit of books."""
    from sim.engine.opening import demand_rates
    from sim.engine.setting import prepare

    declared = both(category_weights={"books": 1.0}, lines_per_order=ONE, units_per_line=ONE)
    setting = prepare(declared, {})
    mean, variance = demand_rates(setting)
    catalogue = setting.catalogue
    books = catalogue.category == catalogue.categories.index("books")
    popular = catalogue.popularity

    expected = 300.0 * 2.5 * 1.3 * popular
    expected[books] += 300.0 * popular[books] / popular[books].sum()
    assert mean == pytest.approx(expected)
    squares = 300.0 * 2.5 * (1.3 * 0.3 + 1.3**2) * popular
    squares[books] += 300.0 * popular[books] / popular[books].sum()
    assert variance == pytest.approx(squares)
