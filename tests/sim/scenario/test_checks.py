"""Rules that span several keys: each is broken once, and says so at its key."""

from __future__ import annotations

from typing import Any

import pytest

from sim.policies.batching import BATCHING
from sim.policies.release import RELEASE
from sim.policies.routing import ROUTING
from sim.scenario import checks
from sim.scenario.checks import floor
from sim.scenario.schema import Scenario

LAW = {"distribution": "empirical", "values": [1.0, 2.0], "weights": [1.0]}
BOX = {"width_mm": 200, "height_mm": 100}
ALWAYS_60 = {"distribution": "deterministic", "value": 60.0}
ALWAYS = {"start": "06:00", "end": "14:00"}

BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"orders": {"channels": {"web": {"share": 0.5}}}}, "orders.channels"),
    ({"items": {"categories": {"a": {"share": 0.4}}}}, "items.categories"),
    ({"orders": {"hourly_profile": [0.0] * 24}}, "orders.hourly_profile"),
    ({"orders": {"channels": {"web": {"service": "air"}}}}, "orders.channels.web.service"),
    ({"picking": {"search_s": LAW}}, "picking.search_s"),
    (
        {"picking": {"search_s": {"distribution": "uniform", "low": 5.0, "high": 2.0}}},
        "picking.search_s",
    ),
    (
        {"orders": {"units_per_line": {"distribution": "deterministic", "value": 1.5}}},
        "orders.units_per_line",
    ),
    ({"picking": {"batching": "first-come"}}, "picking.batching"),
    ({"picking": {"routing": "s-shape"}}, "picking.routing"),
    ({"warehouse": {"layout": {"locations_file": "floor.csv"}}}, "picking.routing"),
    ({"release": {"policy": "waves"}}, "release.policy"),
    ({"packing": {"box_rule": "exact"}}, "packing.box_rule"),
    (
        {"packing": {"box_rule": "exact_fit", "boxes": {"hall": {**BOX, "length_mm": 10_001}}}},
        "packing.boxes.hall",
    ),
    (
        {"packing": {"steps": {"close": {"s_per_parcel": 9.0}}, "time_s": ALWAYS_60}},
        "packing.steps",
    ),
    (
        {"staff": {"early": {**ALWAYS, "breaks": {"meal": {"start": "13:45", "minutes": 30}}}}},
        "staff.early.breaks.meal",
    ),
    ({"staff": {"early": {**ALWAYS, "pickers": 0}}}, "staff"),
    ({"targets": {"cost_per_order_eur": {}}}, "targets.cost_per_order_eur"),
    ({"run": {"replications": 100_000}}, "run.budget_orders"),
]


@pytest.mark.parametrize(("keys", "path"), BROKEN, ids=[path for _, path in BROKEN])
def test_a_broken_rule_is_found_at_its_key(keys: dict[str, Any], path: str) -> None:
    """Each rule names the key that breaks it, what was found and what is expected."""
    scenario = Scenario.model_validate({"name": "x", **keys})

    findings = list(checks.run_checks(scenario))

    assert path in [finding[0] for finding in findings]
    assert all(found and expected for _, found, expected, _ in findings)


def test_the_default_scenario_breaks_no_rule() -> None:
    """A scenario that says nothing but its name can be played."""
    assert list(checks.run_checks(Scenario(name="x"))) == []


def test_checks_know_every_built_in_rule() -> None:
    """The names that the checks accept are the names of the rules, and say which need aisles."""
    planner = {"exact", "ortools"}
    named = {*floor.AISLE_ROUTING, *floor.ANY_FLOOR_ROUTING}
    needs_aisles = {name for name, rule in ROUTING.items() if rule.needs_aisles}

    assert named - planner == set(ROUTING)
    assert set(floor.AISLE_ROUTING) - planner == needs_aisles
    assert set(floor.BATCHING_RULES) == set(BATCHING)
    assert set(floor.RELEASE_RULES) == set(RELEASE)
