"""Rules on the floor and on how it is picked: named policies exist and fit."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding, added_rules, near
from sim.scenario.schema import Scenario

AISLE_ROUTING = ("s_shape", "return", "midpoint", "largest_gap", "combined", "exact")
ONE_WAY_ROUTING = ("s_shape", "exact")
EXACT_BLOCKS = 4
ANY_FLOOR_ROUTING = ("nearest", "location_order", "ortools")
BATCHING_RULES = ("single", "first_come", "nearest_aisles", "savings", "ruin_recreate")
RELEASE_RULES = ("waveless", "interval", "cut_off_wave", "wip_limit")
SHARE_TOLERANCE = 1e-6


def check_picking_rules(scenario: Scenario) -> Iterator[Finding]:
    """Batching and release rules exist."""
    batching = tuple(dict.fromkeys([*BATCHING_RULES, *added_rules("batching")]))
    rules = {
        "picking.batching": (scenario.picking.batching, batching),
        "release.policy": (scenario.release.policy, RELEASE_RULES),
    }
    for path, (name, known) in rules.items():
        if name not in known:
            yield path, f"{name!r} is no rule", f"one of {', '.join(known)}", near(name, known)


def check_routing(scenario: Scenario) -> Iterator[Finding]:
    """The routing rule exists and fits the floor."""
    rule = scenario.picking.routing
    built_in = (*AISLE_ROUTING, *ANY_FLOOR_ROUTING)
    known = tuple(name for name in built_in if _misfit(scenario, name) is None)
    misfit = _misfit(scenario, rule) if rule in built_in else None
    if misfit is not None:
        yield "picking.routing", f"{rule!r} {misfit}", f"one of {', '.join(known)}", ""
    elif rule not in built_in and rule not in added_rules("routing"):
        found = f"{rule!r} is no rule"
        yield "picking.routing", found, f"one of {', '.join(known)}", near(rule, known)


def _misfit(scenario: Scenario, rule: str) -> str | None:
    """Return why a built-in rule cannot walk the floor, or None if it can."""
    layout = scenario.warehouse.layout
    if rule not in AISLE_ROUTING:
        return None
    if layout.locations_file is not None:
        return "needs aisles"
    if layout.one_way and rule not in ONE_WAY_ROUTING:
        return "turns round inside aisles, and these are one-way"
    if rule == "exact" and layout.blocks > EXACT_BLOCKS:
        return f"walks up to {EXACT_BLOCKS} blocks, not {layout.blocks}"
    return None


def check_layout(scenario: Scenario) -> Iterator[Finding]:
    """The floor can be built as it is written."""
    plan, zones = scenario.warehouse.layout, scenario.warehouse.zones
    if plan.locations_file is not None:
        yield from _left_to_the_file(scenario)
        return
    levels, times = plan.levels, len(plan.access_s_per_level)
    if levels != times:
        yield (
            "warehouse.layout.access_s_per_level",
            f"{times} access time{'s' * (times > 1)} for {levels} level{'s' * (levels > 1)}",
            f"{levels} access time{'s' * (levels > 1)}, the lowest level first",
            "for instance [0, 8, 20] for 3 levels" if levels > times else "",
        )
    if plan.blocks > plan.positions_per_side:
        found = f"{plan.blocks} blocks of {plan.positions_per_side} positions"
        yield "warehouse.layout.blocks", found, "at most as many blocks as positions_per_side", ""
    if plan.one_way and plan.aisles < 2:
        expected = "at least 2 aisles: no way leads back from a single one"
        yield "warehouse.layout.one_way", "a single one-way aisle", expected, ""
    if zones > plan.aisles:
        found = f"{zones} zones of {plan.aisles} aisles"
        yield "warehouse.zones", found, "at most as many zones as aisles", ""


def _left_to_the_file(scenario: Scenario) -> Iterator[Finding]:
    """Say which keys a floor from a location file cannot follow."""
    plan = scenario.warehouse.layout
    keys = {
        "warehouse.layout.blocks": (plan.blocks != 1, "write its walkways into paths_file"),
        "warehouse.layout.one_way": (plan.one_way, "walkways are walked both ways"),
        "warehouse.layout.levels": (plan.levels != 1, "give the file a column level"),
        "warehouse.layout.access_s_per_level": (
            any(plan.access_s_per_level), "give the file a column access_s",
        ),
        "warehouse.zones": (scenario.warehouse.zones != 1, "give the file a column zone"),
    }  # fmt: skip
    for path, (is_set, hint) in keys.items():
        if is_set:
            found = "set beside warehouse.layout.locations_file, which replaces it"
            yield path, found, "the default, with a floor from a file", hint


def check_storage(scenario: Scenario) -> Iterator[Finding]:
    """The classes A and B are no more than all SKUs."""
    abc = scenario.warehouse.abc
    if abc.a_share + abc.b_share > 1.0 + SHARE_TOLERANCE:
        found = f"a_share and b_share add up to {abc.a_share + abc.b_share:.6g}"
        yield "warehouse.abc", found, "at most 1; class C is the rest", ""
