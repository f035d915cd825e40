"""Stock, its figures, and the supplier who fills it up."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import NotNegative, Positive, Probability, Section
from sim.scenario.schema.laws import Gamma, Law


class StockSection(Section):
    """Stock on hand and its replenishment: order up to S when the position falls to s."""

    unlimited: bool = Field(False, description="never out of stock: the stock plays no part")
    service_level: Annotated[float, Field(gt=0.0, lt=1.0)] = Field(
        0.95, description="chance that stock lasts over a supplier's lead time; sets s"
    )
    order_days: Positive = Field(14.0, description="days of demand bought at a time; sets S - s")
    opening: Literal["full", "mid_cycle"] = Field(
        "mid_cycle", description="stock at the start: at S, or anywhere from s to S"
    )
    lead_time_days: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=5.0, cv=0.4),
        description="supplier: order to dock",
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
    sync_min: NotNegative = Field(
        0.0, description="minutes between updates of the stock shown in the channels; 0: real time"
    )
