"""What customers ask for: channels, rhythm of the week and year, baskets, or an imported history."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sim.scenario.schema.base import (
    ClockTime,
    DateText,
    Name,
    NotNegative,
    Positive,
    PositiveCount,
    Probability,
    Section,
)
from sim.scenario.schema.laws import CountLaw, Gamma, Geometric, Law

Profile24 = Annotated[list[NotNegative], Field(min_length=24, max_length=24)]
Profile7 = Annotated[list[NotNegative], Field(min_length=7, max_length=7)]
Profile168 = Annotated[list[NotNegative], Field(min_length=168, max_length=168)]
Profile12 = Annotated[list[NotNegative], Field(min_length=12, max_length=12)]

# Hour-of-day and weekday shares (%) of 4,998 orders of the Olist marketplace, 2016-09 to 2018-09.
OLIST_HOURS = [2.3, 1.1, 0.6, 0.3, 0.2, 0.3, 0.5, 1.0, 3.0, 4.7, 6.1, 7.3,
               5.6, 6.9, 6.8, 6.1, 6.7, 6.0, 5.8, 6.1, 6.1, 6.3, 5.7, 4.4]  # fmt: skip
OLIST_WEEKDAYS = [15.7, 15.0, 15.9, 15.5, 14.9, 10.6, 12.4]


class LateSubmission(Section):
    """Orders that reach the system long after the customer decided: forms on desks, mails unread."""

    share: Probability = Field(0.0, description="share of the channel's orders handed in late")
    delay_h: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=6.0, cv=1.0),
        description="hours from the customer's order to its hand-in",
    )


class EntryErrors(Section):
    """Mistakes of a channel's entry, automated or not; what is left out is as in entry."""

    wrong_sku_rate: Probability | None = Field(None, description="lines that get another SKU")
    wrong_quantity_rate: Probability | None = Field(
        None, description="lines that get a wrong quantity"
    )
    wrong_address_rate: Probability | None = Field(
        None, description="orders that get a wrong address"
    )


class Channel(Section):
    """One way by which orders come in."""

    share: Probability | None = Field(
        None, description="share of orders.per_day; the shares add up to 1; 1 if left out"
    )
    per_day: Positive | None = Field(
        None,
        description="mean orders a day of its own, in place of a share; then every channel has its own",
    )
    hourly_profile: Profile24 | None = Field(
        None, description="relative weights of the 24 hours; else as orders"
    )
    weekday_profile: Profile7 | None = Field(
        None, description="relative weights Monday to Sunday; else as orders"
    )
    hour_of_week_profile: Profile168 | None = Field(
        None,
        description="relative weights of the 168 hours from Monday 00:00 on, in place of the other two",
    )
    monthly_profile: Profile12 | None = Field(
        None, description="factors January to December; else as orders"
    )
    orders_at_once: CountLaw | None = Field(
        None,
        description="orders that one message of a marketplace or by EDI brings, all at the same moment; null: each "
        "order comes by itself. Its orders a day stay as they are",
    )
    lines_per_order: CountLaw | None = Field(
        None, description="order lines of its orders; else as orders"
    )
    units_per_line: CountLaw | None = Field(None, description="units of its lines; else as orders")
    category_weights: dict[Name, NotNegative] = Field(
        default_factory=dict,
        description="relative shares of its lines by category of items, 0 for those not named; inside a category "
        "by popularity; none named: by popularity alone",
    )
    return_factor: NotNegative = Field(
        1.0,
        description="times the return rate of the category: chance that a sound line comes back",
    )
    entry: Literal["automated", "manual"] = Field(
        "automated", description="automated: at once; manual: a clerk types it in"
    )
    entry_time_s: Law | None = Field(
        None, description="a clerk's work on one of its orders; else as entry"
    )
    entry_errors: EntryErrors = EntryErrors()
    late_submission: LateSubmission = LateSubmission()
    pay_later_share: Probability | None = Field(
        None, description="its orders on account; else as payment"
    )
    service: Name = Field(
        "standard", description="carrier service its parcels take (shipping.services)"
    )
    promised_transit_days: NotNegative | None = Field(
        None, description="transit time told to its customers; else that of the service"
    )
    priority: Annotated[int, Field(ge=0, le=99)] = Field(
        1,
        description="rank of its orders, 0 first: before packers and label desks, and before pickers and at the "
        "release desk if their sequence is priority",
    )
    listed_in: PositiveCount = Field(
        1,
        description="channels that list its orders, in each of which they are marked shipped (shipping.mark_shipped)",
    )
    sync_min: NotNegative | None = Field(
        None,
        description="minutes between updates of the stock it shows; 0: real time; null: as stock.sync_min",
    )


class PromotionHours(Section):
    """Hours of the day, whole ones."""

    start: ClockTime = "00:00"
    end: ClockTime = Field("24:00", description="after the start; 24:00 is midnight")


class Promotion(Section):
    """Days on which more is ordered, over all channels or some, all day or in some hours."""

    date: DateText
    days: PositiveCount = 1
    factor: Positive = Field(description="times the usual number of orders")
    hours: PromotionHours = PromotionHours()
    channels: list[Name] = Field(
        default_factory=list, description="channels that it is for; none named: all"
    )


class ColumnMap(Section):
    """Names of the columns in the history file."""

    order_id: Name = "order_id"
    ordered_at: Name = "order_ts"
    sku: Name = "sku"
    units: Name | None = Field("qty", description="units of a row; null: every row is one unit")
    unit_price: Name | None = None
    customer_id: Name | None = None
    channel: Name | None = None
    description: Name | None = None


class HistorySection(Section):
    """How to read the export of a shop: what is an order, what a return, what is not goods."""

    columns: ColumnMap = ColumnMap()
    time_format: Name = Field(
        "%Y-%m-%d %H:%M", description="format of the order time (Python strptime)"
    )
    decimal_comma: bool = False
    separator: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: Literal["utf-8", "latin-1"] = "utf-8"
    return_prefix: str | None = Field(
        None, description="prefix of an order number that marks a return document"
    )
    not_goods: list[Name] = Field(
        default_factory=list,
        description="SKU codes that are services (postage, fees); left out of the warehouse",
    )


class OrdersSection(Section):
    """Demand."""

    source: Literal["generated", "history"] = "generated"
    per_day: Positive = Field(
        1000.0,
        description="mean orders a day over all channels; where these have rates of their own, the sum of them, "
        "which need not be written",
    )
    hourly_profile: Profile24 = Field(
        default_factory=lambda: list(OLIST_HOURS),
        description="relative weights of the 24 hours of a day",
    )
    weekday_profile: Profile7 = Field(
        default_factory=lambda: list(OLIST_WEEKDAYS),
        description="relative weights Monday to Sunday",
    )
    monthly_profile: Profile12 = Field(
        default_factory=lambda: [1.0] * 12,
        description="factors January to December on orders a day",
    )
    day_cv: Annotated[float, Field(ge=0.0, le=5.0)] = Field(
        0.0,
        description="scatter of the days beyond Poisson: standard deviation / mean of a gamma factor on all orders of "
        "a day; 0: none. A UK gift shop, 2010-12 to 2011-08: 0.33, closed days included",
    )
    promotions: dict[Name, Promotion] = Field(default_factory=dict)
    channels: dict[Name, Channel] = Field(default_factory=lambda: {"web": Channel()}, min_length=1)
    lines_per_order: CountLaw = Field(
        default_factory=lambda: Geometric(distribution="geometric", mean=2.5, max=40),
        description="order lines of an order",
    )
    units_per_line: CountLaw = Field(
        default_factory=lambda: Geometric(distribution="geometric", mean=1.3, max=50),
        description="units of a line",
    )
    file: str | None = Field(None, description="history: the shop's export (CSV or Parquet)")
    history: HistorySection = HistorySection()

    @model_validator(mode="before")
    @classmethod
    def _sum_of_own_rates(cls, values: object) -> object:
        """Fill in orders a day where every channel has a rate of its own."""
        if not isinstance(values, Mapping) or values.get("per_day") is not None:
            return values
        channels = values.get("channels")
        channels = list(channels.values()) if isinstance(channels, Mapping) else []
        rates = [
            each.get("per_day") if isinstance(each, Mapping) else getattr(each, "per_day", None)
            for each in channels
        ]
        known = [float(rate) for rate in rates if isinstance(rate, int | float)]
        if not known or len(known) < len(rates):
            return values  # by share; a mixture is refused by a check
        return {**values, "per_day": math.fsum(known)}

    def channel_per_day(self, name: str) -> float:
        """Return the mean orders a day of a channel, by its own rate or its share of all orders."""
        channel = self.channels[name]
        if channel.per_day is not None:
            return channel.per_day
        return self.per_day * (1.0 if channel.share is None else channel.share)
