"""Payment: how long it takes, how often it fails, what the customer does then."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.base import Count, Positive, Probability, Section
from sim.scenario.schema.laws import Deterministic, Gamma, Law


class PaymentSection(Section):
    """Authorisation before release, capture at shipment; or an invoice that is paid later.

    Defaults: approval lags of 4,998 Olist orders, 63 % within an hour. Their tail, 18 % above a day,
    is that of a ``slow_h`` of mean 30 h and cv 0.7; the default is milder (9 % above a day);
    declines and what customers do then: Riskified, GuardianPays. What is rejected, lost or expires
    is to be set from own books; the networks keep an authorisation of a card for about a week.
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
    fraud_reject_share: Probability = Field(
        0.0, description="of the orders looked at: rejected, and so cancelled"
    )
    authorisation_days: Positive | None = Field(
        None,
        description="days until an authorisation expires; what leaves later is asked for anew, and may be declined; "
        "left out: it never expires",
    )
    pay_later_share: Probability = Field(
        0.0,
        description="orders on account: released at once, an invoice goes with the goods "
        "(orders.channels.*.pay_later_share by channel)",
    )
    pay_later_days: Law = Field(
        default_factory=lambda: Deterministic(distribution="deterministic", value=30.0),
        description="days from the shipment until an invoice is paid",
    )
    bad_debt_share: Probability = Field(0.01, description="customers on account who never pay")
    write_off_days: Positive = Field(
        90.0, description="days from the shipment until the money of those who never pay is lost"
    )
