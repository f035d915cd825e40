"""Orders that come in together: messages of a marketplace, each with several orders."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.engine.opening import demand_rates
from sim.engine.setting import prepare
from sim.orders.arrivals import channel_times_s
from sim.orders.draws import draw_counts
from sim.orders.generated import generate_demand
from sim.scenario.checks import run_checks
from sim.scenario.schema import Scenario
from sim.scenario.schema.laws import (
    CountLaw,
    Deterministic,
    Empirical,
    Geometric,
    OnePlusPoisson,
    count_moments,
)

ONE = {"distribution": "deterministic", "value": 1.0}
ONE_OR_FOUR = {"distribution": "empirical", "values": [1, 4], "weights": [3, 1]}
"""Mean 1.75, E[N (N - 1)] = 3."""


def scenario(days: float = 7.0, **sections: Any) -> Scenario:
    """Return two channels with rates of their own, of which ``edi`` may bring orders together."""
    run = {"warm_up_days": 0.0, "horizon_days": days, "cool_down_days": 0.0, "seed": 3}
    return Scenario.model_validate({"name": "t", "run": run, "items": {"count": 20}, **sections})


def channels(at_once: object) -> dict[str, Any]:
    """Return 20 orders a day by themselves, and 70 that may come in messages."""
    return {"channels": {"web": {"per_day": 20.0}, "edi": {"per_day": 70.0, **_given(at_once)}}}


def _given(at_once: object) -> dict[str, object]:
    return {} if at_once is None else {"orders_at_once": at_once}


@pytest.mark.parametrize(
    "law",
    [
        Deterministic(distribution="deterministic", value=3.0),
        Geometric(distribution="geometric", mean=4.0, max=6),
        Geometric(distribution="geometric", mean=1.0),
        OnePlusPoisson(distribution="one_plus_poisson", mean_extra=1.5),
        Empirical(distribution="empirical", values=[1, 4], weights=[3, 1]),
    ],
)
def test_moments_of_counts_are_those_of_the_draws(law: CountLaw) -> None:
    """E[N] and E[N (N - 1)] within 4.5 standard errors of 100,000 draws."""
    drawn = draw_counts(law, np.random.default_rng(4), 100_000).astype(float)

    for exact, sample in zip(count_moments(law), (drawn, drawn * (drawn - 1.0)), strict=True):
        error = sample.std() / math.sqrt(len(sample))
        assert abs(sample.mean() - exact) <= 4.5 * error + 1e-9


def test_the_rate_stays_in_orders_and_messages_have_their_sizes() -> None:
    """The orders of 200 weeks have the rate and the variance of a compound Poisson process."""
    declared = scenario(orders=channels(ONE_OR_FOUR))
    times = [channel_times_s(declared, "edi", r) for r in range(200)]
    counts = np.array([len(each) for each in times])
    sizes = np.concatenate([np.unique(each, return_counts=True)[1] for each in times])

    variance = 490.0 / 1.75 * (3.0 + 1.75)  # messages x E[N^2]
    assert abs(counts.mean() - 490.0) < 4.5 * math.sqrt(variance / 200)
    assert abs(counts.var(ddof=1) / variance - 1.0) < 4.5 * math.sqrt(2.0 / 199)
    assert set(sizes.tolist()) == {1, 4}
    assert abs((sizes == 4).mean() - 0.25) < 4.5 * math.sqrt(0.1875 / len(sizes))


def test_messages_of_one_order_are_orders_by_themselves() -> None:
    """One at a time is the same to the last bit as nothing said."""
    plain, ones = (channel_times_s(scenario(orders=channels(law)), "edi", 0) for law in (None, ONE))

    assert np.array_equal(plain, ones)


def test_other_channels_do_not_move_and_more_messages_keep_the_others() -> None:
    """A channel's messages come from streams of its own; twice the rate only adds messages."""
    plain, together = (scenario(orders=channels(law)) for law in (None, ONE_OR_FOUR))
    assert np.array_equal(channel_times_s(plain, "web", 0), channel_times_s(together, "web", 0))

    more = channels(ONE_OR_FOUR)
    more["channels"]["edi"]["per_day"] = 140.0
    few, many = (channel_times_s(each, "edi", 0) for each in (together, scenario(orders=more)))
    flat_few, flat_many = np.unique(few, return_counts=True), np.unique(many, return_counts=True)
    kept = np.isin(flat_many[0], flat_few[0])
    assert kept.sum() == len(flat_few[0])
    assert np.array_equal(flat_many[1][kept], flat_few[1])


def test_orders_of_a_message_are_of_different_customers_with_baskets_of_their_own() -> None:
    """A message of a hundred orders is not one customer's, and not one SKU's."""
    hundred = {"distribution": "deterministic", "value": 100.0}
    setting = prepare(scenario(orders=channels(hundred)), {})
    demand = generate_demand(setting.scenario, setting.catalogue, 0)
    message = demand.placed_s == demand.placed_s[demand.channel == 1][0]

    assert message.sum() == 100
    assert len(set(demand.customer[message].tolist())) > 90
    assert len(set(demand.sku[demand.first_line[:-1][message]].tolist())) > 5


def test_a_day_s_demand_of_a_sku_scatters_as_the_stock_levels_expect() -> None:
    """The variance by SKU that sets safety stock is that of 2,000 days, within 4.5 errors."""
    flat = {"hourly_profile": [1.0] * 24, "weekday_profile": [1.0] * 7}
    orders = {**channels({"distribution": "deterministic", "value": 10.0}), **flat}
    orders |= {"lines_per_order": ONE}
    setting = prepare(scenario(2_000.0, orders=orders, items={"count": 3}), {})
    demand = generate_demand(setting.scenario, setting.catalogue, 0)
    mean, variance = demand_rates(setting)

    day = (demand.placed_s // 86_400.0).astype(int)
    for sku in range(3):
        sold = np.bincount(day, demand.units * (demand.sku == sku), minlength=2_000)
        assert abs(sold.mean() - mean[sku]) < 4.5 * math.sqrt(variance[sku] / 2_000)
        assert abs(sold.var() / variance[sku] - 1.0) < 4.5 * math.sqrt(2.5 / 2_000)


def test_messages_are_refused_where_orders_come_otherwise() -> None:
    """A history and customers with lives of their own say when orders come; sizes are whole."""
    half = {"distribution": "deterministic", "value": 1.5}
    key = "orders.channels.edi.orders_at_once"
    lives = {"law": "bg_nbd", "new_per_day": 5.0}
    shares = {"channels": {"edi": {"orders_at_once": ONE_OR_FOUR}}}

    def found(**sections: Any) -> list[tuple[str, str]]:
        return [(path, said) for path, said, *_ in run_checks(scenario(**sections))]

    assert (key, "beside orders.source: history") in found(
        orders={**shares, "source": "history", "file": "x.csv"}
    )
    assert key in [path for path, _ in found(orders=shares, customers=lives)]
    assert found(orders=channels(half)) == [(key, "1.5")]
    assert found(orders=channels(ONE_OR_FOUR)) == []
