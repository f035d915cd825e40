"""After the door: follow-up, returns, inspection, refund."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.schema.base import (
    ClockTime,
    NotNegative,
    PositiveCount,
    Probability,
    Section,
)
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
    part_of_line_share: Probability = Field(
        0.0,
        description="of the sound returns of several units: only some of the units come back, each "
        "number below all as likely",
    )
    window_days: NotNegative | None = Field(
        None,
        description="days after the door within which customers may ask to send sound goods back "
        "(the law gives 14, Directive 2011/83/EU, art. 9; many shops 30 or 100); null: no limit",
    )
    authorisation: Literal["automatic", "clerk"] = Field(
        "automatic",
        description="automatic: the label is in the parcel or on the site; clerk: somebody looks first",
    )
    authorised_by: Literal["clerks", "returns_clerks"] = Field(
        "returns_clerks", description="whose work that look is"
    )
    authorise_s: Law = Field(
        default_factory=lambda: _gamma(180.0, 0.5),
        description="read the request, decide, answer (own order of magnitude)",
    )
    refuse_share: Probability = Field(
        0.0, description="of the sound returns that a clerk looks at: refused"
    )
    never_sent_share: Probability = Field(
        0.0, description="asked for and never sent back; no money unless it was given before"
    )
    label_valid_days: NotNegative = Field(
        14.0,
        description="after so many days it is clear that nothing comes (the law gives customers 14 "
        "to send it, Directive 2011/83/EU, art. 14)",
    )
    refund_when: Literal["inspection", "scan", "request"] = Field(
        "inspection",
        description="when refund_days begin: when the goods are inspected, when the carrier scans them "
        "(proof of sending is enough for the customer, Directive 2011/83/EU, art. 13), or when "
        "the return is asked for and authorised",
    )
    scan_after_share: Probability = Field(
        0.5, description="part of way_back_days that passes until the carrier scans the parcel"
    )
    deduction_share: Probability = Field(
        0.0,
        description="of the price, kept from the refund of what customers sent back no longer "
        "resaleable as new (for loss in value by use: Directive 2011/83/EU, art. 14)",
    )
    exchange_share: Probability = Field(
        0.0,
        description="of what does not fit or is not as expected: the customer wants other goods "
        "instead of money (up to 30 % of returns, F. Curtis Barry)",
    )
    exchange_when: Literal["inspection", "request"] = Field(
        "inspection",
        description="inspection: sent when the goods are back and inspected; request: at once",
    )
    restock: Literal["at_once", "cart"] = Field(
        "at_once",
        description="at_once: the clerk puts each sound line on the shelf; cart: it waits on a cart "
        "for a round, which is work of restock_s a line",
    )
    restock_cart_units: PositiveCount = Field(
        40, description="with so many units the cart goes round (own order of magnitude)"
    )
    restock_round_at: ClockTime = Field(
        "15:00", description="and every day at this time with what is on it"
    )
    refurbish_share: Probability = Field(
        0.0,
        description="of what is not resaleable as new, damaged goods too: cleaned, mended, packed "
        "anew; the rest is scrapped",
    )
    refurbish_days: Law = Field(
        default_factory=lambda: _gamma(3.0, 0.5),
        description="inspection to the beginning of that work (own order of magnitude)",
    )
    refurbish_s: Law = Field(
        default_factory=lambda: _gamma(900.0, 0.5),
        description="returns clerk: refurbish a line (own order of magnitude)",
    )
    refurbish_material_eur: NotNegative = Field(
        1.0, description="material for a unit (own order of magnitude)"
    )
    refurbished_to: Literal["shelf", "second_hand"] = Field(
        "shelf", description="shelf: sold as new again; second_hand: sold off at once"
    )
    second_hand_share: Probability = Field(
        0.5, description="price of a unit sold off / its price as new (own order of magnitude)"
    )
    scrap_value_share: Probability = Field(
        0.0, description="what a scrapped unit brings in / its purchase cost"
    )
