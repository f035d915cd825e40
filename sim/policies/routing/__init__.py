"""In which order a picker walks to the stops of one list, and how far that is.

The choice never changes what is picked. Each rule for aisles is a plain function of aisle numbers
and offsets; the classes only hold the floor.
"""

from sim.policies.routing.aisle_rules import AisleRouting
from sim.policies.routing.any_floor import (
    NearestRouting,
    distance_matrix_m,
    nearest_tour,
    round_trip_m,
)
from sim.policies.routing.protocol import RoutingPolicy
from sim.policies.routing.registry import (
    PLANNER_RULES,
    ROUTING,
    fitting_rules,
    resolve_routing,
    routing_names,
)
from sim.policies.routing.sweeps import before_largest_gap
from sim.policies.routing.walks import Corner, round_trip, stops_along, walked_m

__all__ = [
    "PLANNER_RULES",
    "ROUTING",
    "AisleRouting",
    "Corner",
    "NearestRouting",
    "RoutingPolicy",
    "before_largest_gap",
    "distance_matrix_m",
    "fitting_rules",
    "nearest_tour",
    "resolve_routing",
    "round_trip",
    "round_trip_m",
    "routing_names",
    "stops_along",
    "walked_m",
]
