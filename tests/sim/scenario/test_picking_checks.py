"""Rules on picking: each is broken once, and says so at its key."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import checks
from sim.scenario.schema import Scenario

ALWAYS_60 = {"distribution": "deterministic", "value": 60.0}
SHIFT = {"start": "06:00", "end": "14:00", "clerks": 1, "packers": 1, "dispatchers": 1}
ZONES = {"zones": 3}
PASSED_ON = {"method": "pick_and_pass"}

BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"picking": PASSED_ON}, "picking.method"),
    (
        {
            "warehouse": ZONES,
            "picking": {**PASSED_ON, "zones": {"help_other_zones": False}},
            "staff": {"early": {**SHIFT, "pickers": 1}, "late": {**SHIFT, "pickers": 1}},
        },
        "picking.zones.help_other_zones",
    ),
    ({"warehouse": ZONES, "picking": {**PASSED_ON, "time_s": ALWAYS_60}}, "picking.time_s"),
    ({"warehouse": ZONES, "picking": {**PASSED_ON, "sorting": "after"}}, "picking.sorting"),
    ({"picking": {"batch_min_orders": 9, "batch_max_orders": 8}}, "picking.batch_min_orders"),
    ({"picking": {"batch_min_orders": 2, "batching": "single"}}, "picking.batch_min_orders"),
    ({"picking": {"aisles": "narrow", "routing": "nearest"}}, "picking.aisles"),
    ({"picking": {"aisles": "narrow", "time_s": ALWAYS_60}}, "picking.aisles"),
    ({"picking": {"aisles": "narrow", "tour_time_s": ALWAYS_60}}, "picking.aisles"),
    (
        {
            "warehouse": {"layout": {"locations_file": "floor.csv"}},
            "picking": {"aisles": "narrow", "routing": "nearest"},
        },
        "picking.aisles",
    ),
    ({"picking": {"time_s": ALWAYS_60, "tour_time_s": ALWAYS_60}}, "picking.tour_time_s"),
    (
        {"picking": {"time_s": ALWAYS_60, "time_s_by_channel": {"fax": ALWAYS_60}}},
        "picking.time_s_by_channel.fax",
    ),
    ({"picking": {"time_s_by_channel": {"web": ALWAYS_60}}}, "picking.time_s_by_channel"),
    (
        {"picking": {"short_picks": {"share_of_lines": 0.01}}, "stock": {"unlimited": True}},
        "picking.short_picks.share_of_lines",
    ),
]
SOUND: list[dict[str, Any]] = [
    {"warehouse": ZONES, "picking": {**PASSED_ON, "tour_time_s": ALWAYS_60}},
    {
        "warehouse": ZONES,
        "picking": {"method": "parallel_zones", "zones": {"help_other_zones": False}},
        "staff": {"early": {**SHIFT, "pickers": 3}},
    },
    {"picking": {"batch_min_orders": 8, "batch_max_orders": 8}},
    {"picking": {"aisles": "narrow", "routing": "exact", "sorting": "after"}},
    {"picking": {"time_s": ALWAYS_60, "time_s_by_channel": {"web": ALWAYS_60}}},
    {"picking": {"short_picks": {"share_of_lines": 0.01}}},
]


@pytest.mark.parametrize(("keys", "path"), BROKEN, ids=[path for _, path in BROKEN])
def test_a_broken_rule_is_found_at_its_key(keys: dict[str, Any], path: str) -> None:
    """Each rule names the key that breaks it, what was found and what is expected."""
    findings = list(checks.run_checks(Scenario.model_validate({"name": "x", **keys})))

    assert path in [finding[0] for finding in findings]
    assert all(found and expected for _, found, expected, _ in findings)


@pytest.mark.parametrize("keys", SOUND)
def test_what_goes_together_is_not_refused(keys: dict[str, Any]) -> None:
    """The same keys in company that suits them: nothing is said about picking."""
    findings = checks.run_checks(Scenario.model_validate({"name": "x", **keys}))

    assert [path for path, *_ in findings if path.startswith("picking")] == []
