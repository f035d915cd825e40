from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.engine.opening import demand_rates, levels, opening_units, regular_suppliers
from sim.engine.setting import Setting, prepare
from sim.errors import ScenarioError
from sim.policies.replenishment import ReorderLevels
from tests.sim.engine.playing import book_of, scenario_of


def setting(**sections: Any) -> Setting:
    """Return a house of ten SKUs."""
    return prepare(scenario_of(items={"count": 10}, **sections), {})


def test_mean_demand_by_hand() -> None:
    """100 orders x 2.5 lines x 1.5 units: 375 units a day, shared by popularity."""
    house = setting(
        orders={
            "per_day": 100.0,
            "lines_per_order": {"distribution": "one_plus_poisson", "mean_extra": 1.5},
            "units_per_line": {"distribution": "geometric", "mean": 1.5},
        }
    )

    mean, variance = demand_rates(house)

    assert mean == pytest.approx(375.0 * house.catalogue.popularity)
    # E[units^2] of a geometric law of mean 1.5: variance 0.75 + 1.5^2 = 3
    assert variance == pytest.approx(250.0 * 3.0 * house.catalogue.popularity)


def test_rates_are_those_of_the_order_book() -> None:
    """In a year of orders of one line each SKU's units are within 5 sd of its rate."""
    house = setting(
        orders={
            "per_day": 100.0,
            "lines_per_order": {"distribution": "deterministic", "value": 1.0},
        },
        run={"warm_up_days": 0.0, "horizon_days": 364.0, "cool_down_days": 0.0},
    )
    demand = book_of(house).demand
    mean, variance = demand_rates(house)

    units = np.bincount(demand.sku, weights=demand.units, minlength=10)

    assert np.all(np.abs(units - 364.0 * mean) < 5.0 * np.sqrt(364.0 * variance))
    # the second moment agrees too: squares within 15 %
    squares = np.bincount(demand.sku, weights=demand.units**2.0, minlength=10)
    assert squares == pytest.approx(364.0 * variance, rel=0.15)


def test_channels_share_what_customers_who_come_and_go_ask_for() -> None:
    """Of ten orders a day three by fax have four lines, not one: 7 + 12 lines a day."""
    house = setting(
        customers={"law": "bg_nbd", "new_per_day": 10.0, "alpha_weeks": 1e9},
        orders={
            "lines_per_order": {"distribution": "deterministic", "value": 1.0},
            "units_per_line": {"distribution": "deterministic", "value": 1.0},
            "channels": {
                "web": {"share": 0.7},
                "fax": {
                    "share": 0.3,
                    "lines_per_order": {"distribution": "deterministic", "value": 4.0},
                },
            },
        },
    )

    mean, variance = demand_rates(house)

    assert mean == pytest.approx(19.0 * house.catalogue.popularity)
    assert variance == pytest.approx(mean)


def test_full_opening_is_the_level_to_order_up_to() -> None:
    """``full`` starts every SKU at S."""
    house = setting(stock={"opening": "full"})
    by_sku = levels(house)

    assert opening_units(house, by_sku, 0) == [level.up_to for level in by_sku]


def test_mid_cycle_opening_lies_between_the_levels_and_differs_by_replication() -> None:
    """Above s, at most S, spread over the range."""
    house = setting()
    by_sku = levels(house)

    places = []
    for replication in range(200):
        for level, units in zip(by_sku, opening_units(house, by_sku, replication), strict=True):
            assert level.point < units <= level.up_to
            places.append((units - level.point) / (level.up_to - level.point))
    # 2000 uniforms: mean 0.5 within 4 sd = 4 x 0.289 / sqrt(2000), and half a unit's width
    assert abs(np.mean(places) - 0.5) < 0.026 + 0.5 / min(b.up_to - b.point for b in by_sku)


def test_given_opening_units_are_those_of_every_sku() -> None:
    """One number for all."""
    house = setting(stock={"opening_units": 7})

    assert opening_units(house, levels(house), 0) == [7] * 10


def test_a_review_must_last_until_the_next_one() -> None:
    """Periodic review covers the lead time and the days between: 5 days every 10, as 15 at once."""
    law = {"distribution": "deterministic", "value": 5.0}
    longer = {"distribution": "deterministic", "value": 15.0}
    reviewed = setting(stock={"review": "periodic", "review_days": 10, "lead_time_days": law})

    assert levels(reviewed) == levels(setting(stock={"lead_time_days": longer}))


def test_levels_of_the_file_go_before_those_of_the_scenario(tmp_path: Path) -> None:
    """Its supplier too; one whom the scenario does not know is refused."""
    path = tmp_path / "items.csv"
    path.write_text("sku,reorder_point,order_up_to,opening_units,supplier\na,2,5,4,far\nb,,,,\n")
    plan = {
        "items": {"file": "items.csv"},
        "stock": {"reorder_point": 1, "order_up_to": 9, "opening_units": 8},
        "suppliers": {"near": {}, "far": {"share": 0.0}},
    }
    house = prepare(scenario_of(**plan), {"items.file": path})

    assert levels(house) == [ReorderLevels(2, 5), ReorderLevels(1, 9)]
    assert opening_units(house, levels(house), 0) == [4, 8]
    assert regular_suppliers(house) == [1, 0]
    with pytest.raises(ScenarioError, match="far"):
        prepare(scenario_of(**(plan | {"suppliers": {}})), {"items.file": path})


def test_the_share_of_units_met_asks_for_less_stock_than_the_same_chance_of_none_short() -> None:
    """A week of demand at a time: 95 % of the units need a lower point than 95 % of the cycles."""
    by_cycle = levels(setting(stock={"order_days": 7.0}))
    by_unit = levels(setting(stock={"order_days": 7.0, "service_measure": "fill_rate"}))

    assert all(unit.point < cycle.point for unit, cycle in zip(by_unit, by_cycle, strict=True))
    assert [each.up_to - each.point for each in by_unit] == [b.up_to - b.point for b in by_cycle]


def test_an_economic_quantity_follows_the_costs() -> None:
    """Four times the cost of an order doubles the quantity, but for rounding."""
    costs = {"order_size": "eoq", "holding_cost_rate_per_year": 0.25}
    cheap, dear = (
        levels(setting(stock={**costs, "order_cost_eur": cost})) for cost in (10.0, 40.0)
    )

    for one, four in zip(cheap, dear, strict=True):
        assert four.up_to - four.point == pytest.approx(2 * (one.up_to - one.point), abs=1.5)


def test_an_economic_quantity_follows_the_costs_of_the_sku_s_own_supplier() -> None:
    """A supplier's order cost counts as that of all does; another supplier's does not."""
    costs = {"order_size": "eoq", "holding_cost_rate_per_year": 0.25}
    of_all = levels(setting(stock={**costs, "order_cost_eur": 40.0}))
    own = levels(
        setting(
            stock={**costs, "order_cost_eur": 10.0},
            suppliers={
                "usual": {"order_cost_eur": 40.0},
                "fast": {"use": "emergency", "order_cost_eur": 90.0, "emergency_point": 0},
            },
        )
    )

    assert own == of_all
