"""Typing orders in: clerks, and the mistakes they make."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.base import (
    NotNegative,
    Probability,
    Section,
)
from sim.scenario.schema.laws import Exponential, Gamma, Law


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
    found_at_packing_share: Probability = Field(
        0.0,
        description="of the lines typed wrong and not mended: seen by the packer who compares with the order form; "
        "a clerk puts them right, and they are picked anew",
    )
    address_correction_eur: NotNegative = Field(
        0.0,
        description="carrier's surcharge on a parcel that went to a wrong address first",
    )
    mend_time_s: Law = Field(
        default_factory=lambda: Exponential(distribution="exponential", mean=240.0),
        description="a clerk's work to mend an order, at the confirmation or when the packer has seen it",
    )
