from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.engine.opening import levels
from sim.engine.setting import Setting, prepare
from sim.errors import ScenarioError
from sim.log.facts import Fact
from sim.policies.routing import resolve_routing
from sim.warehouse.layout import RectangularLayout
from tests.sim.engine.playing import record, scenario_of


def setting_of(**warehouse: Any) -> Setting:
    """Prepare a small house with this floor."""
    return prepare(scenario_of(items={"count": 60}, warehouse=warehouse), {})


def test_the_floor_is_laid_out_as_written() -> None:
    """Every key of the floor arrives in the layout."""
    plan = {"aisles": 4, "positions_per_side": 8, "blocks": 2, "one_way": True, "levels": 2}
    layout = setting_of(layout={**plan, "access_s_per_level": [0.0, 8.0]}, zones=2).layout
    assert layout == RectangularLayout(
        4, 8, blocks=2, one_way=True, access_s_per_level=(0.0, 8.0), zones=2
    )


def test_one_zone_is_not_picked_zone_by_zone() -> None:
    """Where the floor turns out to be one zone, picking by zone is refused, not forgotten."""
    scenario = scenario_of(items={"count": 60}, picking={"method": "parallel_zones"})

    with pytest.raises(ScenarioError, match="on a floor of one zone"):
        prepare(scenario, {})


def test_the_space_of_a_sku_is_that_of_its_full_stock() -> None:
    """Cube per order: volume times order-up-to level over the share of the lines, least nearest."""
    setting = setting_of(storage="cube_per_order")
    goods = setting.catalogue
    full_units = np.array([level.up_to for level in levels(setting)])
    index = goods.volume_ml * full_units / goods.popularity
    walks = [
        setting.layout.distance_m(-1, setting.location_of_sku[sku])
        for sku in np.argsort(index, kind="stable").tolist()
    ]
    assert walks == sorted(walks)


@pytest.mark.parametrize(
    ("plan", "rule"),
    [
        ({"blocks": 2}, "combined"),
        ({"blocks": 4}, "exact"),
        ({"one_way": True}, "exact"),
        ({"one_way": True, "blocks": 3}, "s_shape"),
    ],
    ids=str,
)
def test_tours_are_as_long_as_the_rule_says_on_any_floor(plan: dict[str, Any], rule: str) -> None:
    """One order a tour: each tour of the log is a walk of the rule through the order's lines."""
    scenario = scenario_of(
        run={"warm_up_days": 0.0, "horizon_days": 1.0, "cool_down_days": 0.0},
        orders={"per_day": 40.0},
        items={"count": 200},
        warehouse={"layout": plan},
        picking={"routing": rule, "batching": "single", "error_rate_per_line": 0.0},
        stock={"unlimited": True},
        entry={"automated_error_rate_per_line": 0.0},
        returns={"replace_share": 0.0},
    )
    played = record(scenario)
    length_m = resolve_routing(rule, played.setting.layout).length_m
    first, sku = played.book.demand.first_line.tolist(), played.book.demand.sku.tolist()
    location = played.setting.location_of_sku
    tours = [row.value for row in played.rows(Fact.TOUR_ENDED)]
    expected = [
        length_m([location[sku[line]] for line in range(first[order], first[order + 1])])
        for _, _, order, _, _ in played.rows(Fact.PICKED)
    ]
    assert len(tours) > 20
    assert tours == expected
