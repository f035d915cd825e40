"""Tours of the pickers: how they are made up, how long they take, what is picked wrong."""

from __future__ import annotations

from typing import Literal

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


class Scan(Section):
    """The scan at the pick: what it looks at, what it finds, what it takes."""

    of: Literal["nothing", "lines", "units"] = Field(
        "nothing",
        description="nothing; lines: one scan a line, finds a wrong item; units: one scan a unit, finds a wrong "
        "quantity too",
    )
    detects: Probability = Field(0.98, description="share of such mistakes that it finds")
    s_per_scan: NotNegative = Field(2.0, description="one scan")
    mend_s: NotNegative = Field(20.0, description="put a mistake right on the spot")


class ShortPicks(Section):
    """Places that hold less than the books say.

    The picker leaves the line, the missing units leave the books. If the rest of the stock meets the
    line it is picked in another tour; if not, it gets the answer of `stockouts`.
    """

    share_of_lines: Probability = Field(
        0.0,
        description="lines whose place holds less than the books say (record accuracy is 98-99 % in "
        "distribution centres, 35 % exact in stores; DeHoratius & Raman 2008)",
    )


class Zones(Section):
    """Orders picked zone by zone; every picker has a zone of their own (`warehouse.zones`)."""

    help_other_zones: bool = Field(
        True,
        description="pickers without work in their own zone take that of the nearest other (with "
        "people.moving: longest_line, of the zone with the most work)",
    )
    pass_on_s: NotNegative = Field(
        15.0, description="pick_and_pass: a tote's way to the next zone, without people"
    )
    consolidate_s_per_zone: NotNegative = Field(
        10.0,
        description="parallel_zones: a packer's work at the put wall for each zone's part of an order",
    )
    consolidate_s_per_line: NotNegative = Field(
        2.0, description="parallel_zones: and for each of its lines"
    )


TECHNIQUES = {"paper": 0.007, "rf": 0.003, "voice": 0.001, "light": 0.001}
"""Share of lines picked wrong by technique; orders of magnitude, to be set from own data."""


class PickingSection(Section):
    """Tours of the pickers. A tour = set-up + walk + search and take at each line."""

    method: Literal["whole_orders", "parallel_zones", "pick_and_pass"] = Field(
        "whole_orders",
        description="whole_orders: each on one cart; parallel_zones: every zone picks its part at once, a put wall "
        "brings the parts together; pick_and_pass: one zone after the other, left to right",
    )
    zones: Zones = Zones()
    sequence: Literal["first_come", "priority", "due_time", "shortest_first"] = Field(
        "first_come",
        description="who is picked first: first_come; priority: by the channel's rank, then first come; due_time: "
        "by the promised truck, then first come; shortest_first: by the mean seconds of its lines and units at the "
        "shelf, then first come",
    )
    routing: Name = Field(
        "s_shape",
        description="s_shape, return, midpoint, largest_gap, combined, exact (aisles only); "
        "nearest, location_order, ortools (any floor)",
    )
    batching: Name = Field(
        "first_come",
        description="single, first_come, nearest_aisles; by the walk they save: savings, ruin_recreate",
    )
    batch_max_orders: PositiveCount = Field(8, description="orders on a cart")
    batch_max_units: PositiveCount | None = Field(None, description="units on a cart")
    cart_volume_l: Positive = Field(400.0, description="litres on a cart")
    cart_weight_kg: Positive | None = Field(None, description="kilograms on a cart")
    batch_min_orders: PositiveCount = Field(
        1, description="a tour begins once so many orders wait for it, or one of them long enough"
    )
    batch_wait_max_min: Positive = Field(
        60.0, description="an order waits no longer for its batch to fill up"
    )
    sorting: Literal["while_picking", "after"] = Field(
        "while_picking",
        description="orders that share a cart are kept apart while_picking, or by a packer at the put wall after the tour",
    )
    sort_s_per_line: NotNegative = Field(
        0.0, description="work for it, a line of a tour with more than one order"
    )
    aisles: Literal["wide", "narrow"] = Field(
        "wide",
        description="wide: pickers pass each other; narrow: one at a time, the others wait at the aisle's end",
    )
    tour_setup_s: NotNegative = Field(90.0, description="fetch cart and list, drop off at the end")
    search_s: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=10.0, cv=0.5),
        description="search and confirm, a line",
    )
    take_s_per_unit: NotNegative = Field(2.5, description="take one unit")
    time_s: Law | None = Field(
        None,
        description="replaces the whole of a tour's work: seconds of one order's picking, order by order",
    )
    time_s_by_channel: dict[Name, Law] = Field(
        default_factory=dict, description="instead of time_s for the orders of a channel"
    )
    tour_time_s: Law | None = Field(
        None,
        description="replaces it for a whole tour: seconds of a tour, whatever is on its list",
    )
    technique: Literal["paper", "rf", "voice", "light"] = Field(
        "rf", description="how the picker is led; sets the error rate where none is given"
    )
    error_rate_per_line: Probability | None = Field(
        None,
        description="lines picked wrong; else by technique: paper 0.007, rf 0.003, voice and light 0.001",
    )
    error_mix: ErrorMix = ErrorMix()
    scan: Scan = Scan()
    short_picks: ShortPicks = ShortPicks()

    @property
    def wrong_line_rate(self) -> float:
        """Share of lines picked wrong, before any check."""
        given = self.error_rate_per_line
        return TECHNIQUES[self.technique] if given is None else given
