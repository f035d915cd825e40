"""Small random floors and ways to pick on them: zones, carts, narrow aisles, scans, short picks."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sim.policies.routing import PLANNER_RULES
from sim.scenario.checks.floor import BATCHING_RULES
from tests.properties.chance import law, laws, rates

ROUTING = ["s_shape", "return", "midpoint", "largest_gap", "combined"]
ANY_FLOOR_ROUTING = ["nearest", "location_order"]
assert not {*ROUTING, *ANY_FLOOR_ROUTING} & set(PLANNER_RULES)
ROOMY: dict[str, Any] = {}
TIGHT: dict[str, Any] = {"aisles": 3, "positions_per_side": 18}


@st.composite
def warehouses(draw: st.DrawFn) -> dict[str, Any]:
    """Two or three zones; few aisles or many, in one block or two, one above the other."""
    levels = draw(st.sampled_from([[0.0], [0.0, 8.0]]))
    layout = {
        **draw(st.sampled_from([ROOMY, TIGHT])),
        "depot_aisle": draw(rates(0.0, 1.5)),
        "blocks": draw(st.sampled_from([1, 1, 2])),
        "one_way": draw(st.sampled_from([False, False, True])),
        "levels": len(levels),
        "access_s_per_level": levels,
    }
    return {"zones": draw(st.integers(2, 3)), "layout": layout}


@st.composite
def ways_to_pick(
    draw: st.DrawFn, floor: dict[str, Any], staff: dict[str, Any], *, unlimited: bool
) -> dict[str, Any]:
    """Return a picking section that fits the floor, the crews and the stock."""
    method = draw(st.sampled_from(["whole_orders", "parallel_zones", "pick_and_pass"]))
    by_zone = method != "whole_orders"
    routing = ["s_shape"] if floor["layout"]["one_way"] else ROUTING
    sorting = ["while_picking"] if by_zone else ["while_picking", "after"]
    narrow = draw(st.booleans())
    pickers = sum(shift["pickers"] for shift in staff.values())
    alone = by_zone and pickers >= floor["zones"] and draw(st.booleans())
    return {
        "method": method,
        "zones": {
            "help_other_zones": not alone,
            "pass_on_s": draw(rates(0.0, 15.0, 3600.0)),
            "consolidate_s_per_zone": draw(rates(0.0, 10.0, 900.0)),
            "consolidate_s_per_line": draw(rates(0.0, 2.0)),
        },
        "sequence": draw(st.sampled_from(["first_come", "priority", "due_time", "shortest_first"])),
        "routing": draw(st.sampled_from(routing if narrow else [*routing, *ANY_FLOOR_ROUTING])),
        "aisles": "narrow" if narrow else "wide",
        "sorting": draw(st.sampled_from(sorting)),
        "sort_s_per_line": draw(rates(0.0, 6.0, 300.0)),
        "error_rate_per_line": draw(rates(0.0, 0.02, 0.4)),
        "scan": draw(_scans()),
        "short_picks": {"share_of_lines": 0.0 if unlimited else draw(rates(0.0, 0.05, 0.5))},
        **draw(_carts()),
        **({} if narrow else draw(_laws_of_tours(by_zone=by_zone))),
    }


@st.composite
def _scans(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "of": draw(st.sampled_from(["nothing", "lines", "units"])),
        "detects": draw(rates(0.5, 1.0)),
        "s_per_scan": draw(rates(0.0, 2.0)),
        "mend_s": draw(rates(0.0, 60.0)),
    }


@st.composite
def _carts(draw: st.DrawFn) -> dict[str, Any]:
    """Carts with and without limits; in some worlds they only leave when they are full."""
    batching = draw(st.sampled_from(BATCHING_RULES))
    most = draw(st.integers(1, 9))
    return {
        "batching": batching,
        "batch_max_orders": most,
        "batch_max_units": draw(st.sampled_from([None, None, 1, 6])),
        "cart_volume_l": draw(rates(8.0, 400.0)),
        "cart_weight_kg": draw(st.sampled_from([None, None, 0.5, 3.0])),
        "batch_min_orders": 1 if batching == "single" else draw(st.sampled_from([1, 1, most])),
        "batch_wait_max_min": draw(rates(5.0, 240.0)),
    }


@st.composite
def _laws_of_tours(draw: st.DrawFn, *, by_zone: bool) -> dict[str, Any]:
    """Laws that replace the walk, in some worlds."""
    kinds = ["walked", "tours"] if by_zone else ["walked", "tours", "orders", "channels"]
    kind = draw(st.sampled_from(kinds))
    if kind == "walked":
        return {}
    unscanned = {"scan": {"of": "nothing"}}
    if kind == "tours":
        return {"tour_time_s": draw(laws(900.0)), **unscanned}
    by_channel = {"web": law("exponential", 120.0)} if kind == "channels" else {}
    return {"time_s": draw(laws(300.0)), "time_s_by_channel": by_channel, **unscanned}
