"""Finding a routing rule by its name: built-in, the planner's, or installed by somebody else."""

from __future__ import annotations

import importlib
from contextlib import suppress
from difflib import get_close_matches
from typing import cast

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

ENTRY_POINT_GROUP = "warelab.policies"

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
    installed = [name for name, _ in _installed_rules()]
    return list(dict.fromkeys([*ROUTING, *PLANNER_RULES, *installed]))


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
    rule = ROUTING.get(name) or _planned_or_installed(name)
    if rule is None:
        known = routing_names()
        close = get_close_matches(name, known, n=1)
        hint = f"; did you mean '{close[0]}'?" if close else ""
        raise ValueError(f"unknown routing rule {name!r}; known are {', '.join(known)}{hint}")
    if getattr(rule, "needs_aisles", False) and not layout.has_aisles:
        raise ValueError(
            f"routing rule '{name}' needs aisles and cannot walk a floor from a location file; "
            "use nearest or ortools"
        )
    return rule(layout)


def _planned_or_installed(name: str) -> type[RoutingPolicy] | None:
    targets = list(dict.fromkeys(target for known, target in _installed_rules() if known == name))
    if not targets and name in PLANNER_RULES:
        targets = [PLANNER_RULES[name]]
    if not targets:
        return None
    if len(targets) > 1:
        raise ValueError(f"routing rule '{name}' is installed more than once: {', '.join(targets)}")
    module, _, attribute = targets[0].partition(":")
    try:
        return cast("type[RoutingPolicy]", getattr(importlib.import_module(module), attribute))
    except (ImportError, AttributeError) as error:
        raise ValueError(
            f"routing rule '{name}' ({targets[0]}) cannot be loaded: {error}"
        ) from error


def _installed_rules() -> list[tuple[str, str]]:
    from importlib.metadata import entry_points

    prefix = "routing."
    return sorted(
        (point.name.removeprefix(prefix), point.value)
        for point in entry_points(group=ENTRY_POINT_GROUP)
        if point.name.startswith(prefix)
    )
