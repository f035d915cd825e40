"""Tours of the pickers: how they are made up, how long they take, what is picked wrong."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.base import (
    Name,
    NotNegative,
    Positive,
    PositiveCount,
    Probability,
    Section,
)
from sim.scenario.schema.laws import Gamma, Law


class ErrorMix(Section):
    """Kinds of pick errors as relative weights (types: Kardex white paper; shares: own order of magnitude)."""

    wrong_item: NotNegative = 0.40
    wrong_quantity: NotNegative = 0.40
    omitted: NotNegative = 0.15
    damaged: NotNegative = 0.05


class PickingSection(Section):
    """Tours of the pickers. A tour = set-up + walk + search and take at each line."""

    routing: Name = Field(
        "s_shape",
        description="s_shape, return, midpoint, largest_gap, combined, exact (aisles only); "
        "nearest, location_order, ortools (any floor)",
    )
    batching: Name = Field("first_come", description="single, first_come, nearest_aisles")
    batch_max_orders: PositiveCount = Field(8, description="orders on a cart")
    cart_volume_l: Positive = Field(400.0, description="litres on a cart")
    tour_setup_s: NotNegative = Field(90.0, description="fetch cart and list, drop off at the end")
    search_s: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=10.0, cv=0.5),
        description="search and confirm, a line",
    )
    take_s_per_unit: NotNegative = Field(2.5, description="take one unit")
    time_s: Law | None = Field(
        None,
        description="replaces set-up, walk and search: seconds of one order's picking, order by order",
    )
    error_rate_per_line: Probability = Field(
        0.003, description="lines picked wrong; paper 0.007, RF 0.003, voice or light 0.001"
    )
    error_mix: ErrorMix = ErrorMix()
