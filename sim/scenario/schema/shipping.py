"""Carriers: their services, trucks and prices."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.base import (
    ClockTime,
    Name,
    NotNegative,
    Positive,
    Section,
    Weekday,
)
from sim.scenario.schema.laws import Gamma, Law


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
