"""Rules on the floor and on how it is picked: named policies exist and fit."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding, near
from sim.scenario.schema import Scenario

AISLE_ROUTING = ("s_shape", "return", "midpoint", "largest_gap", "combined", "exact")
ANY_FLOOR_ROUTING = ("nearest", "location_order", "ortools")
BATCHING_RULES = ("single", "first_come", "nearest_aisles")
RELEASE_RULES = ("waveless", "interval", "cut_off_wave", "wip_limit")


def check_picking_rules(scenario: Scenario) -> Iterator[Finding]:
    """Batching, release and routing rules exist."""
    rules = {
        "picking.batching": (scenario.picking.batching, BATCHING_RULES),
        "release.policy": (scenario.release.policy, RELEASE_RULES),
    }
    for path, (name, known) in rules.items():
        if name not in known:
            yield path, f"{name!r} is no rule", f"one of {', '.join(known)}", near(name, known)


def check_routing(scenario: Scenario) -> Iterator[Finding]:
    """The routing rule exists and fits the floor."""
    rule = scenario.picking.routing
    free_form = scenario.warehouse.layout.locations_file is not None
    known: tuple[str, ...]
    if free_form and rule in AISLE_ROUTING:
        known = ANY_FLOOR_ROUTING
    elif rule in AISLE_ROUTING or rule in ANY_FLOOR_ROUTING or rule in _added_routing():
        return
    else:
        known = ANY_FLOOR_ROUTING if free_form else (*AISLE_ROUTING, *ANY_FLOOR_ROUTING)
    found = f"{rule!r} needs aisles" if rule in AISLE_ROUTING else f"{rule!r} is no rule"
    yield "picking.routing", found, f"one of {', '.join(known)}", near(rule, known)


def _added_routing() -> list[str]:
    """Return the names of routing rules that other packages add by entry point."""
    from importlib.metadata import entry_points

    names = [point.name for point in entry_points(group="warelab.policies")]
    return [name.removeprefix("routing.") for name in names if name.startswith("routing.")]
