from __future__ import annotations

import math
from dataclasses import fields
from typing import Any

import numpy as np

from sim.orders.book import Demand
from sim.orders.customers import base_size
from sim.orders.generated import generate_demand, order_book
from sim.scenario.schema import Scenario
from sim.warehouse.catalogue import generated_catalogue


def scenario(days: float = 7.0, **sections: Any) -> Scenario:
    """Return a scenario of some days without warm-up."""
    run = {"warm_up_days": 0.0, "horizon_days": days, "cool_down_days": 0.0, "seed": 5}
    return Scenario.model_validate({"name": "t", "run": run} | sections)


def demand_of(declared: Scenario, replication: int = 0) -> Demand:
    """Return the demand for the scenario's own catalogue."""
    catalogue = generated_catalogue(declared.items, declared.run.seed)
    return generate_demand(declared, catalogue, replication)


def doubles(demand: Demand) -> int:
    """Count the lines whose SKU another line of the order has already."""
    owner = np.repeat(np.arange(demand.orders), np.diff(demand.first_line))
    return demand.lines - len(np.unique(np.stack([owner, demand.sku]), axis=1).T)


def test_columns_fit_together() -> None:
    """Lines belong to orders without gaps, every order has one, prices are the catalogue's."""
    declared = scenario()
    catalogue = generated_catalogue(declared.items, 5)
    demand = generate_demand(declared, catalogue, 0)
    assert demand.first_line[0] == 0
    assert demand.first_line[-1] == demand.lines == len(demand.units)
    assert np.diff(demand.first_line).min() >= 1
    assert demand.units.min() >= 1
    assert np.array_equal(demand.price_cents, catalogue.price_cents[demand.sku])
    assert demand.customer.min() >= 0
    assert demand.customer.max() < demand.customers == base_size(declared)
    types = {name: str(getattr(demand, name).dtype) for name in ("placed_s", "channel", "sku")}
    assert types == {"placed_s": "float64", "channel": "int8", "sku": "int32"}


def test_same_key_same_bytes() -> None:
    """An order book is a function of scenario, seed and replication: each column, each byte."""
    declared = scenario(1.0)
    catalogue = generated_catalogue(declared.items, 5)
    one, two = (order_book(declared, catalogue, 4) for _ in range(2))
    other = order_book(declared, catalogue, 5)
    for part in ("demand", "luck"):
        for column in fields(getattr(one, part)):
            first, second = (getattr(getattr(book, part), column.name) for book in (one, two))
            if isinstance(first, np.ndarray):
                assert first.tobytes() == second.tobytes(), column.name
    assert one.demand.placed_s.tobytes() != other.demand.placed_s.tobytes()
    assert one.luck.search_s[:50].tobytes() != other.luck.search_s[:50].tobytes()


def test_an_order_names_a_sku_once() -> None:
    """No SKU stands in two lines of an order, even when a few SKUs make most of the demand."""
    items = {"count": 30, "popularity_exponent": 1.0}
    lines = {"distribution": "one_plus_poisson", "mean_extra": 4.0}
    demand = demand_of(scenario(items=items, orders={"lines_per_order": lines}))
    assert demand.lines > 4.5 * demand.orders
    assert doubles(demand) == 0


def test_a_catalogue_smaller_than_the_basket_is_played_all_the_same() -> None:
    """Five lines out of three SKUs hold all three; the other two lines are doubles."""
    lines = {"distribution": "deterministic", "value": 5.0}
    items = {"count": 3, "popularity_exponent": 0.0}
    demand = demand_of(scenario(1.0, items=items, orders={"lines_per_order": lines}))
    assert doubles(demand) == 2 * demand.orders


def test_baskets_are_drawn_without_putting_back() -> None:
    """Pairs from three SKUs of weights 3, 2, 1 have the chances of drawing without putting back.

    P{1,2} = 3/6 * 2/3 + 2/6 * 3/4 = 7/12; P{1,3} = 3/6 * 1/3 + 1/6 * 3/5 = 4/15; the rest 3/20.
    """
    import dataclasses

    import scipy.stats

    lines = {"distribution": "deterministic", "value": 2.0}
    declared = scenario(10.0, items={"count": 3}, orders={"lines_per_order": lines})
    catalogue = dataclasses.replace(
        generated_catalogue(declared.items, 5), popularity=np.array([3.0, 2.0, 1.0]) / 6.0
    )
    demand = generate_demand(declared, catalogue, 0)
    pairs = demand.sku.reshape(-1, 2)
    left_out = np.bincount(3 - pairs.sum(axis=1), minlength=3)
    expected = np.array([3.0 / 20.0, 4.0 / 15.0, 7.0 / 12.0]) * demand.orders
    assert scipy.stats.chisquare(left_out, expected).pvalue > 1e-4


def test_single_lines_follow_popularity() -> None:
    """Where every order has one line, SKUs are asked for by their popularity."""
    import scipy.stats

    lines = {"distribution": "deterministic", "value": 1.0}
    declared = scenario(20.0, items={"count": 100}, orders={"lines_per_order": lines})
    catalogue = generated_catalogue(declared.items, 5)
    demand = generate_demand(declared, catalogue, 0)
    seen = np.bincount(demand.sku, minlength=100)
    assert scipy.stats.chisquare(seen, catalogue.popularity * demand.orders).pvalue > 1e-4


def test_orders_of_a_customer_follow_the_negative_binomial_law() -> None:
    """Over a year, a customer's orders have mean 3 and variance 3 + 9 / shape.

    The total is Poisson and the base finite, which the tolerance of the counted squares covers.
    """
    import scipy.stats

    one = {"distribution": "deterministic", "value": 1.0}
    orders = {"per_day": 100.0, "lines_per_order": one}
    declared = scenario(365.0, orders=orders, customers={"orders_per_year": 3.0, "rate_shape": 0.8})
    demand = demand_of(declared)
    counts = np.bincount(demand.customer, minlength=demand.customers)
    assert demand.customers == 12_167
    assert abs(counts.mean() - 3.0) < 4.5 * math.sqrt(3.0 / demand.customers)
    squares = (counts - 3.0) ** 2
    exact = 3.0 + 9.0 / 0.8
    assert abs(squares.mean() - exact) < 4.5 * squares.std() / math.sqrt(demand.customers)
    law = scipy.stats.nbinom(0.8, 0.8 / (0.8 + 3.0))
    seen = np.bincount(np.minimum(counts, 15), minlength=16)
    expected = np.append(law.pmf(np.arange(15)), law.sf(14)) * demand.customers
    assert scipy.stats.chisquare(seen, expected).pvalue > 1e-4


def test_the_rest_of_the_scenario_moves_no_order() -> None:
    """Another house, other people and other rates leave the demand as it was."""
    plain = demand_of(scenario(1.0))
    picking = {"error_rate_per_line": 0.1, "batching": "single"}
    other = demand_of(scenario(1.0, picking=picking, warehouse={"walk_speed_m_per_s": 2.0}))
    for name in ("placed_s", "customer", "first_line", "sku", "units"):
        assert getattr(plain, name).tobytes() == getattr(other, name).tobytes(), name


def test_imported_demand_is_taken_as_it_is() -> None:
    """A book of given demand holds that demand and luck of its sizes."""
    declared = scenario(0.2)
    catalogue = generated_catalogue(declared.items, 5)
    demand = generate_demand(declared, catalogue, 9)
    book = order_book(declared, catalogue, 0, demand)
    assert book.demand is demand
    assert len(book.luck.pays) == demand.orders
    assert len(book.luck.search_s) == demand.lines
