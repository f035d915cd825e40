"""Carriers: their services, trucks and prices; what channels and customers are told of a parcel."""

from __future__ import annotations

from typing import Annotated, Literal

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
from sim.scenario.schema.laws import Gamma, Law

Pickups = Annotated[list[ClockTime], Field(max_length=96)]


class Service(Section):
    """A carrier service: when the truck comes, how long it takes, what it costs."""

    pickups: Annotated[Pickups, Field(min_length=1)] = Field(
        default_factory=lambda: ["18:00"], description="truck times of a day"
    )
    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: ["mon", "tue", "wed", "thu", "fri"],
        description="days on which it comes",
    )
    pickups_by_day: dict[Weekday, Pickups] = Field(
        default_factory=dict,
        description="truck times of weekdays that differ from pickups and days; an empty list: no truck that day",
    )
    order_cut_off: ClockTime = Field(
        "14:00",
        description="orders placed before this time are promised for the day's first truck after it",
    )
    order_cut_off_by_day: dict[Weekday, ClockTime] = Field(
        default_factory=dict, description="cut-off of weekdays on which it differs"
    )
    truck_capacity_parcels: PositiveCount | None = Field(
        None,
        description="parcels that a truck has room for; the rest waits for the next one, the oldest promise goes first",
    )
    truck_capacity_kg: Positive | None = Field(
        None, description="kilograms of goods that a truck carries; as truck_capacity_parcels"
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

    def pickups_on(self, weekday: Weekday) -> list[str]:
        """Return the truck times of a weekday."""
        usual = self.pickups if weekday in self.days else []
        return self.pickups_by_day.get(weekday, usual)

    def cut_off_on(self, weekday: Weekday) -> str:
        """Return the cut-off of a weekday."""
        return self.order_cut_off_by_day.get(weekday, self.order_cut_off)

    @property
    def is_limited(self) -> bool:
        """Whether its trucks can be full."""
        return self.truck_capacity_parcels is not None or self.truck_capacity_kg is not None


class ShippingSection(Section):
    """Carriers, and what channels and customers are told once a parcel is on its way."""

    services: dict[Name, Service] = Field(
        default_factory=lambda: {"standard": Service()}, min_length=1
    )
    volumetric_ml_per_kg: Positive = Field(
        5000.0, description="carriers' volumetric divisor, cm3 per kg"
    )
    note_trucks: bool = Field(
        False,
        description="log each truck that leaves and each shipment that misses the truck promised to it; always so "
        "for services whose trucks can be full",
    )
    mark_shipped: Literal["off", "automated", "manual"] = Field(
        "off",
        description="who tells the channels that a parcel has left: off: not played; automated: at once; manual: "
        "people, when they come to it",
    )
    mark_shipped_by: Literal["clerks", "dispatchers"] = Field(
        "clerks", description="manual: the role whose work it is"
    )
    mark_shipped_s: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=20.0, cv=0.5),
        description="manual: work for each channel in which the order is listed (an assumption)",
    )
    tracking_mail: bool = Field(
        False, description="customers get a mail with the tracking number, after the marking if any"
    )
    tracking_mail_share: Probability = Field(1.0, description="shipments whose customer gets one")
    tracking_mail_lag_min: NotNegative = Field(
        0.0, description="minutes until the carrier's data is there for the mail"
    )
    tracking_mail_every_min: Positive | None = Field(
        None, description="mails go out together, every so many minutes; else each by itself"
    )
