"""Work inside the house: release, picking, packing, shipping."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.base import (
    ClockTime,
    Name,
    NotNegative,
    Positive,
    PositiveCount,
    Probability,
    Section,
    Weekday,
)
from sim.scenario.schema.laws import Exponential, Gamma, Law


class ReleaseSection(Section):
    """When allocated orders go to the floor."""

    policy: Name = Field(
        "waveless", description="waveless: at once; interval: every interval_min minutes"
    )
    interval_min: Positive = 60.0


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


class Box(Section):
    """A carton of the box set, inside measures."""

    length_mm: Positive
    width_mm: Positive
    height_mm: Positive
    max_weight_kg: Positive = 30.0
    price_eur: NotNegative = 0.5

    @property
    def volume_ml(self) -> float:
        """Inside volume in millilitres."""
        return self.length_mm * self.width_mm * self.height_mm / 1000.0


def _default_boxes() -> dict[str, Box]:
    return {
        "xs": Box(length_mm=230, width_mm=160, height_mm=80, price_eur=0.25),
        "s": Box(length_mm=300, width_mm=220, height_mm=120, price_eur=0.38),
        "m": Box(length_mm=400, width_mm=300, height_mm=200, price_eur=0.62),
        "l": Box(length_mm=600, width_mm=400, height_mm=300, price_eur=1.10),
        "xl": Box(length_mm=800, width_mm=600, height_mm=400, price_eur=2.10),
    }


class PackingSection(Section):
    """Check, box, protection, void fill, label and invoice."""

    base_s: NotNegative = Field(40.0, description="a parcel: fetch, choose box, close")
    per_unit_s: NotNegative = Field(6.0, description="a unit: check and place")
    fragile_extra_s: NotNegative = Field(20.0, description="wrap a fragile unit")
    spread_cv: Annotated[float, Field(ge=0.0, le=5.0)] = Field(
        0.4, description="spread of the packing time"
    )
    time_s: Law | None = Field(
        None, description="replaces the packing time of an order; 0 passes without people"
    )
    label_s: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=35.0, cv=0.4),
        description="print and apply label and invoice, by dispatchers; 0 passes without people",
    )
    check_detects: Probability = Field(
        0.7, description="share of wrong lines found at the packing check"
    )
    fill_share: Annotated[float, Field(gt=0.0, le=1.0)] = Field(
        0.75, description="share of a box that goods can fill; the rest is void or padding"
    )
    fragile_padding: Annotated[float, Field(ge=1.0, le=5.0)] = Field(
        1.4, description="volume factor of a wrapped unit"
    )
    protect_fragile: bool = Field(True, description="wrap fragile units")
    damage_rate: Probability = Field(
        0.002, description="transit damage of a sturdy or protected line"
    )
    damage_rate_unprotected: Probability = Field(
        0.04, description="transit damage of an unwrapped fragile line"
    )
    void_fill_eur_per_l: NotNegative = 0.02
    boxes: dict[Name, Box] = Field(default_factory=_default_boxes, min_length=1)


class Service(Section):
    """A carrier service: when the truck comes, how long it takes, what it costs."""

    pickups: Annotated[list[ClockTime], Field(min_length=1, max_length=96)] = Field(
        default_factory=lambda: ["18:00"], description="truck times of a day"
    )
    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: ["mon", "tue", "wed", "thu", "fri"],
        description="days on which it comes",
    )
    order_cut_off: ClockTime = Field(
        "14:00",
        description="orders placed before this time are promised for the day's first truck after it",
    )
    transit_days: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=1.6, cv=0.4),
        description="truck to customer's door",
    )
    promised_transit_days: NotNegative = Field(3.0, description="transit time told to the customer")
    price_eur: NotNegative = Field(4.2, description="price of a parcel")
    price_eur_per_kg: NotNegative = Field(0.25, description="and of each billed kilogram")
    continuous: bool = Field(
        False, description="parcels leave as soon as they are labelled; pickups play no part"
    )


class ShippingSection(Section):
    """Carriers."""

    services: dict[Name, Service] = Field(
        default_factory=lambda: {"standard": Service()}, min_length=1
    )
    volumetric_ml_per_kg: Positive = Field(
        5000.0, description="carriers' volumetric divisor, cm3 per kg"
    )


class EntrySection(Section):
    """Typing orders in: clerks of manual channels, and the mistakes they make."""

    time_s: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=180.0, cv=0.6),
        description="a clerk's work on an order",
    )
    error_rate_per_line: Probability = Field(
        0.01, description="manual lines typed wrong (SKU or quantity)"
    )
    wrong_sku_share: Probability = Field(
        0.5, description="of the wrong lines: another SKU; the rest a wrong quantity"
    )
    wrong_address_rate: Probability = Field(0.004, description="manual orders with a wrong address")
    automated_error_rate_per_line: Probability = Field(
        0.0002, description="wrong lines of automated channels"
    )
    found_at_payment_share: Probability = Field(
        0.3, description="entry errors that the confirmation shows, mended at once by a clerk"
    )
    mend_time_s: Law = Field(
        default_factory=lambda: Exponential(distribution="exponential", mean=240.0),
        description="a clerk's work to mend one",
    )
