"""Finding a routing rule by its name: built-in, the planner's, or installed by somebody else."""

from __future__ import annotations

from contextlib import suppress

from sim.policies.finding import find_rule, rule_names
from sim.policies.routing.aisle_rules import (
    CombinedRouting,
    LargestGapRouting,
    MidpointRouting,
    ReturnRouting,
    SShapeRouting,
)
from sim.policies.routing.any_floor import LocationOrderRouting, NearestRouting
from sim.policies.routing.protocol import RoutingPolicy
from sim.warehouse.layout import Layout

DECISION = "routing"

# A source checkout has no entry points: the planner's rules are then found by these names.
PLANNER_RULES = {
    "exact": "optimize.routing.policy:ExactRouting",
    "ortools": "optimize.routing.policy:OrToolsRouting",
}

ROUTING: dict[str, type[RoutingPolicy]] = {
    rule.name: rule
    for rule in (
        SShapeRouting,
        ReturnRouting,
        MidpointRouting,
        LargestGapRouting,
        CombinedRouting,
        NearestRouting,
        LocationOrderRouting,
    )
}


def fitting_rules(layout: Layout) -> dict[str, RoutingPolicy]:
    """Return the built-in rules that can walk a floor, by name."""
    fitting: dict[str, RoutingPolicy] = {}
    for name, rule in ROUTING.items():
        with suppress(ValueError):
            fitting[name] = rule(layout)
    return fitting


def routing_names() -> list[str]:
    """Return the names of all rules that can be chosen: built-in, planner's, installed."""
    return rule_names(DECISION, ROUTING, PLANNER_RULES)


def resolve_routing(name: str, layout: Layout) -> RoutingPolicy:
    """Return the routing rule of this name for a floor.

    Built-in rules come first, then entry points ``routing.<name>`` of the group
    ``warelab.policies``.

    Parameters
    ----------
    name
        What the scenario says.
    layout
        The floor to walk.

    Raises
    ------
    ValueError
        If there is no such rule, it cannot be loaded, or it does not fit the floor.
    """
    rule: type[RoutingPolicy] = find_rule(DECISION, name, ROUTING, PLANNER_RULES)
    if getattr(rule, "needs_aisles", False) and not layout.has_aisles:
        raise ValueError(
            f"routing rule '{name}' needs aisles and cannot walk a floor from a location file; "
            "use nearest or ortools"
        )
    return rule(layout)
