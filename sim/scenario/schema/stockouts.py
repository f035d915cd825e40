"""What happens when something is not there, and who gets what comes in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import Name, NotNegative, Probability, Section
from sim.scenario.schema.laws import Gamma, Law

Answer = Literal["backorder", "turn_away", "dropship", "substitute", "ask_customer"]
PlainAnswer = Literal["backorder", "turn_away", "dropship"]


class StockoutClass(Section):
    """Some SKUs, and what is done otherwise for them; a SKU belongs to the first class that names it."""

    abc: Annotated[list[Literal["A", "B", "C"]], Field(max_length=3)] = Field(
        default_factory=list,
        description="classes of pick frequency, by the shares of warehouse.abc; none: any",
    )
    categories: list[Name] = Field(
        default_factory=list, description="item categories; none: any; with abc, both must fit"
    )
    answer: Answer | None = Field(None, description="else stockouts.answer")
    split: bool | None = Field(None, description="else stockouts.split")
    dropship_cost_share: NotNegative | None = Field(
        None, description="else stockouts.dropship_cost_share"
    )
    dropship_error_rate: Probability | None = Field(
        None, description="else stockouts.dropship_error_rate"
    )


class Reactions(Section):
    """What customers do who are shown "not in stock", as relative weights.

    Defaults: Gruen, Corsten, Bharadwaj 2002, Retail out-of-stocks, world averages.
    """

    elsewhere: NotNegative = Field(0.31, description="buy it elsewhere")
    substitute: NotNegative = Field(
        0.45, description="take something else; elsewhere, if nothing else is shown"
    )
    wait: NotNegative = Field(0.15, description="order it all the same and wait")
    drop: NotNegative = Field(0.09, description="do without")


class StockoutsSection(Section):
    """The answer to a line that stock cannot meet.

    backorder: with a promised date; turn_away: at the click, later it is an oversale; dropship: the
    supplier sends it; substitute: the customer is offered another SKU of its category;
    ask_customer: the customer reacts to what the click shows.
    """

    answer: Answer = Field("backorder", description="what is done about a line")
    by_class: dict[Name, StockoutClass] = Field(
        default_factory=dict,
        description="other answers for some SKUs; each line of an order gets that of its own SKU",
    )
    otherwise: PlainAnswer = Field(
        "backorder",
        description="substitute: where none is there or wanted; ask_customer: for oversales, that is what was "
        "shown as in stock",
    )
    substitute_accept_share: Probability = Field(
        0.45,
        description="customers who take the substitute they are offered (Gruen & Corsten 2002: 45 % substitute)",
    )
    reactions: Reactions = Reactions()
    split: bool = Field(True, description="ship what is there first")
    patience_days: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=21.0, cv=0.6),
        description="a customer cancels a backorder after this time",
    )
    repromise: bool = Field(
        False,
        description="tell a new date when the promised truck of a line that still waits has left",
    )
    cancel_on_slip_share: Probability = Field(
        0.0, description="customers who cancel the line when such a promise slips"
    )
    dropship_days: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=2.5, cv=0.5),
        description="supplier's time to ship",
    )
    dropship_cost_share: NotNegative = Field(0.15, description="supplier's extra charge / price")
    dropship_error_rate: Probability = Field(
        0.01, description="lines a dropshipping supplier sends wrong"
    )

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Every answer that some SKU may get, fallbacks included."""
        own = [each.answer or self.answer for each in self.by_class.values()]
        asked = dict.fromkeys([self.answer, *own])
        more: list[Answer] = []
        if asked.keys() & {"substitute", "ask_customer"}:
            more.append(self.otherwise)
        if "ask_customer" in asked:
            more.append("backorder")  # of those who wait
        return tuple(dict.fromkeys([*asked, *more]))

    @property
    def somebody_waits(self) -> bool:
        """Whether lines may be backordered."""
        return "backorder" in self.answers


class AllocationSection(Section):
    """Who gets what comes in and does not suffice for all who wait."""

    rule: Literal["first_come", "priority", "fair_share"] = Field(
        "first_come",
        description="first_come: who waits longest; priority: the channel's rank, then who waits longest; "
        "fair_share: the channels in proportion to what they wait for, each by waiting time",
    )
    no_overtaking: bool = Field(
        False, description="new lines get nothing of a SKU while other lines wait for it"
    )
