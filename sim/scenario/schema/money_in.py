"""Payment: how long it takes, how often it fails, what the customer does then."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.base import Count, Probability, Section
from sim.scenario.schema.laws import Gamma, Law


class PaymentSection(Section):
    """Authorisation before release, capture at shipment.

    Defaults: approval lags of 4,998 Olist orders (63 % within an hour, 18 % above a day);
    declines and what customers do then: Riskified, GuardianPays.
    """

    instant_share: Probability = Field(0.66, description="orders authorised at once")
    slow_h: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=18.0, cv=0.8),
        description="hours of the others",
    )
    decline_rate: Probability = Field(0.05, description="share of attempts that are declined")
    gives_up_share: Probability = Field(0.39, description="declined customers who give up")
    retry_h: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=1.0, cv=1.5),
        description="hours until another attempt",
    )
    retries: Count = Field(
        3,
        description="further attempts after a decline; if the last is declined too, the order ends",
    )
    fraud_hold_share: Probability = Field(0.01, description="orders a clerk must look at first")
    fraud_check_s: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=300.0, cv=0.7),
        description="a clerk's look",
    )
