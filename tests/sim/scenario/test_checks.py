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
    (
        {"staff": {"early": {**ALWAYS, "breaks": {"meal": {"start": "13:45", "minutes": 30}}}}},
        "staff.early.breaks.meal",
    ),
    ({"staff": {"early": {**ALWAYS, "pickers": 0}}}, "staff"),
    ({"staff": {"early": {**ALWAYS, "by_day": {"sun": {"pickers": 2}}}}}, "staff.early.by_day.sun"),
    (
        {
            "staff": {"early": {**ALWAYS, "by_date": {"2026-11-27": {"pickers": 2}}}},
            "people": {"closed_dates": ["2026-11-27"]},
        },
        "staff.early.by_date.2026-11-27",
    ),
    (
        {
            "staff": {
                "early": {
                    **ALWAYS,
                    "breaks": {"meal": {"start": "10:00", "minutes": 30}},
                    "by_day": {"mon": {"end": "10:00"}},
                }
            }
        },
        "staff.early.by_day.mon.breaks.meal",
    ),
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


def test_extra_people_on_a_date_do_their_role_s_work() -> None:
    """A role with heads on some date alone has somebody to do it."""
    staff = {"early": {**ALWAYS, "pickers": 0, "by_date": {"2026-11-27": {"pickers": 2}}}}
    scenario = Scenario.model_validate({"name": "x", "staff": staff})

    found = [found for _, found, _, _ in checks.run_checks(scenario)]

    assert "no packers on any shift" in found
    assert "no pickers on any shift" not in found


def test_checks_know_every_built_in_rule() -> None:
    """The names that the checks accept are the names of the rules, and say which need aisles."""
    planner = {"exact", "ortools"}
    named = {*floor.AISLE_ROUTING, *floor.ANY_FLOOR_ROUTING}
    needs_aisles = {name for name, rule in ROUTING.items() if rule.needs_aisles}

    assert named - planner == set(ROUTING)
    assert set(floor.AISLE_ROUTING) - planner == needs_aisles
    assert set(floor.BATCHING_RULES) == set(BATCHING)
    assert set(floor.RELEASE_RULES) == set(RELEASE)
