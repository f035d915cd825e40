"""Stock, its figures, and the supplier who fills it up."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import (
    ClockTime,
    Count,
    Name,
    NotNegative,
    Positive,
    PositiveCount,
    Probability,
    Section,
)
from sim.scenario.schema.laws import Gamma, Law
from sim.scenario.schema.suppliers import Level, Policy, StockClass


class StockSection(Section):
    """Stock on hand and its replenishment: by default, order up to S when the position falls to s."""

    unlimited: bool = Field(False, description="never out of stock: the stock plays no part")
    policy: Policy = Field(
        "s_S",
        description="s_S: at or below s, order up to S; r_Q: at or below r, order Q, as often as it takes to be above; "
        "base_stock: below S, order up to S (one for one)",
    )
    review: Literal["continuous", "periodic"] = Field(
        "continuous", description="when the position is looked at: at once, or at review times"
    )
    review_days: PositiveCount = Field(
        7, description="periodic review: days from one to the next; the first is on the first day"
    )
    review_time: ClockTime = Field("08:00", description="periodic review: its clock time")
    max_outstanding: PositiveCount | None = Field(
        None,
        description="purchase orders of a SKU that may be on their way at once, emergencies not counted; null: any number",
    )
    one_lot_per_order: bool = Field(
        False,
        description="r_Q: a purchase order is one lot Q, and as many orders are placed as it takes; else one order of as "
        "many lots",
    )
    reorder_point: Level | None = Field(
        None, description="s or r of every SKU, units; null: from demand and service_level"
    )
    order_up_to: Count | None = Field(
        None, description="S of every SKU, units; null: from demand and order_days"
    )
    order_quantity: PositiveCount | None = Field(
        None, description="Q of every SKU, units; null: from demand"
    )
    order_size: Literal["order_days", "eoq"] = Field(
        "order_days",
        description="what sets S - s or Q: days of demand, or the economic order quantity of order_cost_eur and "
        "holding_cost_rate_per_year (Harris 1913)",
    )
    classes: dict[Name, StockClass] = Field(
        default_factory=dict, description="SKUs that are bought by rules of their own"
    )
    service_level: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        0.95, description="chance that stock lasts over a supplier's lead time; sets s"
    )
    service_measure: Literal["cycle", "fill_rate"] = Field(
        "cycle",
        description="what service_level is: the chance that no unit is short before a delivery (P1), or the share of units "
        "met at once (P2; Silver, Pyke, Thomas 2017)",
    )
    order_days: Positive = Field(14.0, description="days of demand bought at a time; sets S - s")
    opening: Literal["full", "mid_cycle"] = Field(
        "mid_cycle", description="stock at the start: at S, or anywhere from s to S"
    )
    opening_units: Count | None = Field(
        None, description="stock of every SKU at the start, units; null: as opening says"
    )
    lead_time_days: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=5.0, cv=0.4),
        description="supplier: order to dock",
    )
    orders_cross: bool = Field(
        True, description="whether a delivery may overtake an earlier one of the same SKU"
    )
    receive_s_per_order: NotNegative = Field(
        600.0, description="a receiver's work to check and put away a delivery"
    )
    partial_receipt_share: Probability = Field(
        0.0, description="chance that a purchase order comes in two parts"
    )
    partial_first_share: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        0.5, description="share of its units in the first part, rounded to whole units"
    )
    partial_rest_days: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=3.0, cv=0.5),
        description="from the first part's arrival to the rest's",
    )
    promise_quantile: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        0.9, description="quantile of the supplier's times that is promised for a backorder"
    )
    order_cost_eur: NotNegative = Field(0.0, description="cost of a purchase order")
    holding_cost_rate_per_year: NotNegative = Field(
        0.0,
        description="cost of stock a year / its purchase cost (0.2 to 0.3 are usual: Silver, Pyke, Thomas 2017)",
    )
    shortage_cost_eur_per_unit_day: NotNegative = Field(
        0.0, description="cost of a backordered unit a day"
    )
    lost_cost_eur_per_unit: NotNegative = Field(
        0.0,
        description="cost of a unit turned away, oversold, bought elsewhere, done without or given up, beside its lost "
        "margin",
    )
    costs_counted: Literal["continuously", "at_day_end"] = Field(
        "continuously",
        description="holding and shortage costs: over time, or a day's cost on the level at each midnight",
    )
    sync_min: NotNegative = Field(
        0.0,
        description="minutes between updates of the stock shown in the channels that have no sync_min of their own; "
        "0: real time",
    )
