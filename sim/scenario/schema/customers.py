"""Who orders and how often, and what a bad experience, a drop-out and a new customer change."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.schema.base import Count, NotNegative, Positive, Probability, Section


class ExperienceSection(Section):
    """Share by which an experience with the last order lowers the chance of the next one.

    Defaults: Bhan & Anderson, Marketing Science 2023 (backorders: -2.1 % orders a year on average,
    -6.1 % where the delay passes ten days); wrong items and refunds are settings to be set from own data.
    """

    late: Probability = Field(0.061, description="delivered after the promised day")
    very_late: Probability | None = Field(
        None,
        description="in place of late, from very_late_days after the promise on; none: as late",
    )
    very_late_days: Positive = Field(
        10.0, description="days after the promised time from which an order is very late"
    )
    wrong_item: Probability = Field(0.10, description="wrong, missing or damaged goods received")
    stockout: Probability = Field(0.021, description="part of the order not in stock")
    turned_away: Probability = Field(0.15, description="part of the order refused")
    slow_refund: Probability = Field(0.05, description="refund later than slow_refund_days")
    followed_up_recovers: Probability = Field(
        0.3, description="share of a lost chance that a follow-up contact wins back"
    )
    carried_over_share: Probability = Field(
        0.0,
        description="share of what was lost before an order that still counts after it; 0: only the last order counts",
    )


class DropOutSection(Section):
    """By bg_nbd only: chance that an experience makes the customer drop out for good.

    It comes on top of the customer's own chance p: together 1 - (1 - p)(1 - effect). None: the same
    share as in customers.experience. Both act: where a source gives one figure for all later orders,
    set one of the two to 0.
    """

    late: Probability | None = Field(None, description="delivered after the promised day")
    very_late: Probability | None = Field(
        None, description="in place of late, from very_late_days after the promise on"
    )
    wrong_item: Probability | None = Field(
        None, description="wrong, missing or damaged goods received"
    )
    stockout: Probability | None = Field(None, description="part of the order not in stock")
    turned_away: Probability | None = Field(None, description="part of the order refused")
    slow_refund: Probability | None = Field(None, description="refund later than slow_refund_days")


class CustomersSection(Section):
    """Who orders, how often, and how the last order changes the next one.

    *steady*: a base of fixed size. Every customer orders as a Poisson process with a rate of their
    own, gamma-distributed over customers (negative binomial law; Ehrenberg 1959).

    *bg_nbd*: customers are won, buy and drop out (BG/NBD; Fader, Hardie, Lee 2005, Marketing Science
    24(2)). The rate is gamma(r, alpha); after every order but the first one the customer drops out
    with a chance that is beta(a, b). Defaults: their fit to the CD shop CDNOW, in weeks.

    A due order is placed with a chance lowered by how the customer's last order went.
    """

    law: Literal["steady", "bg_nbd"] = Field(
        "steady", description="steady: a base of fixed size; bg_nbd: customers come and drop out"
    )
    orders_per_year: Positive = Field(
        3.0, description="steady: mean orders a year and customer if all goes well"
    )
    rate_shape: Positive = Field(
        0.8, description="steady: gamma shape of the customers' rates; small: few buy most"
    )
    r: Positive = Field(0.243, description="bg_nbd: gamma shape of the rates")
    alpha_weeks: Positive = Field(
        4.414, description="bg_nbd: gamma rate; a customer orders r / alpha_weeks times a week"
    )
    a: Positive = Field(0.793, description="bg_nbd: drop-out chance, mean a / (a + b)")
    b: Positive = Field(2.426, description="bg_nbd: drop-out chance; a + b large: all alike")
    new_per_day: NotNegative = Field(
        0.0, description="bg_nbd: customers a day who place their first order"
    )
    new_days: Positive | None = Field(
        None, description="bg_nbd: days from the start on which new customers come; none: always"
    )
    opening_customers: Count = Field(
        0, description="bg_nbd: customers whose first order was before the start"
    )
    opening_age_weeks: NotNegative = Field(
        0.0,
        description="bg_nbd: the opening customers came evenly over so many weeks before the start, and lived as the "
        "law says; 0: all of them at the start",
    )
    slow_refund_days: Positive = 7.0
    experience: ExperienceSection = ExperienceSection()
    drop_out: DropOutSection = DropOutSection()
