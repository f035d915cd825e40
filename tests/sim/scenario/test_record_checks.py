"""Rules on records: each is broken once, and says so at its key."""

from __future__ import annotations

from typing import Any

import pytest

from sim.scenario import checks
from sim.scenario.schema import Scenario

DRIFT = {"shrinkage_units_per_sku_day": 0.1}
COUNTS = {"count_every_days": {"a": 7.0}}
SHIFT = {
    "start": "06:00", "end": "14:00", "clerks": 1, "pickers": 1, "packers": 1, "dispatchers": 1,
    "returns_clerks": 1, "receivers": 1,
}  # fmt: skip

BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"records": DRIFT, "stock": {"unlimited": True}}, "records.shrinkage_units_per_sku_day"),
    ({"records": COUNTS, "stock": {"unlimited": True}}, "records.count_every_days"),
    (
        {
            "records": DRIFT,
            "pick_faces": {"used": True},
            "staff": {"day": {**SHIFT, "replenishers": 1}},
        },
        "records.shrinkage_units_per_sku_day",
    ),
    (
        {"records": DRIFT, "picking": {"short_picks": {"share_of_lines": 0.01}}},
        "picking.short_picks.share_of_lines",
    ),
    ({"records": {"count_wrong_share": 0.1}}, "records.count_wrong_share"),
    ({"records": {**DRIFT, "count_wrong_share": 0.1}}, "records.count_wrong_share"),
    (
        {"records": {**COUNTS, "counted_by": "replenishers"}, "staff": {"day": SHIFT}},
        "staff",
    ),
    (
        {"orders": {"channels": {"web": {"sync_min": 5.0}}}, "stock": {"unlimited": True}},
        "orders.channels.web.sync_min",
    ),
    ({"stock": {"sync_min": 1e-6}}, "stock.sync_min"),
    ({"orders": {"channels": {"web": {"sync_min": 0.5}}}}, "orders.channels.web.sync_min"),
]
FINE: list[dict[str, Any]] = [
    {"records": {**DRIFT, **COUNTS, "count_wrong_share": 0.1}},
    {"records": {"count_when_zero": True, "counted_by": "clerks"}},
    {"orders": {"channels": {"web": {"sync_min": 5.0}}}},
    {"orders": {"channels": {"web": {}}}, "stock": {"unlimited": True, "sync_min": 5.0}},
]


def findings(sections: dict[str, Any]) -> list[str]:
    """Return the keys of all findings."""
    return [
        found[0] for found in checks.run_checks(Scenario.model_validate({"name": "t"} | sections))
    ]


@pytest.mark.parametrize(("sections", "key"), BROKEN)
def test_a_broken_rule_is_found_at_its_key(sections: dict[str, Any], key: str) -> None:
    """One finding, and no other."""
    assert findings(sections) == [key]


@pytest.mark.parametrize("sections", FINE)
def test_what_goes_together_is_not_found(sections: dict[str, Any]) -> None:
    """Nothing to say."""
    assert findings(sections) == []
