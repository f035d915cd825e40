"""After the door: follow-up, returns, inspection, refund."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.base import NotNegative, Probability, Section
from sim.scenario.schema.laws import Gamma, Law


def _gamma(mean: float, cv: float) -> Gamma:
    return Gamma(distribution="gamma", mean=mean, cv=cv)


class FollowUpSection(Section):
    """A message after delivery: all well?"""  # noqa: D400  # it asks the customer

    share: Probability = Field(1.0, description="share of delivered orders followed up")
    after_days: NotNegative = Field(3.0, description="days after delivery")
    cross_sell_share: Probability = Field(
        0.0, description="share of the contacts that lead to a further order of the customer"
    )
    cross_sell_days: Law = Field(
        default_factory=lambda: _gamma(21.0, 0.5),
        description="days from the first order's click to the further one; not placed if the contact is later",
    )


class ReasonMix(Section):
    """Why sound goods come back, as relative weights."""

    fit: NotNegative = 0.35
    not_as_expected: NotNegative = 0.45
    changed_mind: NotNegative = 0.20


class ReturnsSection(Section):
    """Goods that come back, and what is done with them."""

    lag_days: Law = Field(
        default_factory=lambda: _gamma(16.0, 0.5),
        description="door to the customer's request (F. Curtis Barry: 2-3 weeks)",
    )
    reasons: ReasonMix = ReasonMix()
    error_claim_share: Probability = Field(
        0.9, description="wrong, missing or damaged lines that customers report"
    )
    claim_lag_days: Law = Field(
        default_factory=lambda: _gamma(2.0, 0.8), description="door to the claim"
    )
    late_return_extra: Probability = Field(
        0.03, description="added chance of a return when delivered late"
    )
    way_back_days: Law = Field(
        default_factory=lambda: _gamma(3.0, 0.4), description="request to the returns desk"
    )
    inspect_s: Law = Field(
        default_factory=lambda: _gamma(480.0, 0.5),
        description="returns clerk: open, inspect, decide (8 min, SkuNexus)",
    )
    restock_s: NotNegative = Field(
        120.0, description="returns clerk: put a sound line back on the shelf"
    )
    restockable_share: Probability = Field(
        0.93, description="sound returns resold as new (Uni Bamberg 2022)"
    )
    replace_share: Probability = Field(
        0.5, description="of the claims: a replacement is sent instead of a refund"
    )
    refund_days: Law = Field(
        default_factory=lambda: _gamma(2.0, 0.5), description="decision to money back"
    )
    carriage_eur: NotNegative = Field(4.5, description="carriage of a return paid by the shop")
