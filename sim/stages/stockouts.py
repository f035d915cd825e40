"""Stockout rules, SKU by SKU, ready for use: the answer, and what belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.policies.substitution import NearestInPrice
from sim.scenario.schema import Scenario
from sim.warehouse.demand_classes import NO_CLASS, stockout_class_of_sku
from sim.warehouse.items import Catalogue

if TYPE_CHECKING:
    from sim.stages.order import Line, Order

AT_THE_CLICK = {"turn_away", "substitute", "ask_customer"}


class StockoutRules:
    """What is done about a SKU that is not there.

    Attributes
    ----------
    answer_of, splits
        By SKU: the answer, and whether what is there goes ahead.
    otherwise
        The answer where a substitute is not there or not wanted, and to oversales of a SKU whose
        customers are asked.
    looks_at_the_click
        Every line is looked up at the click: some answer is given there, or the figures shown then
        may be others than those of the shelf.
    notes_shown_out
        Lines that the shelf cannot meet at the click are noted without that.
    no_overtaking
        New lines get nothing of a SKU that other lines wait for.
    nearest
        Finds substitutes; None where none is ever offered.
    repromises
        A customer whose promise slips is told a new date.
    cancel_on_slip_share
        Customers who cancel when a promise slips.
    """

    def __init__(self, scenario: Scenario, catalogue: Catalogue) -> None:
        rules = scenario.stockouts
        classes = list(rules.by_class.values())
        of_sku = stockout_class_of_sku(catalogue, classes, scenario.warehouse.abc).tolist()
        answers = [each.answer or rules.answer for each in classes]
        splits = [rules.split if each.split is None else each.split for each in classes]
        self.answer_of = [rules.answer if k == NO_CLASS else answers[k] for k in of_sku]
        self.splits = [rules.split if k == NO_CLASS else splits[k] for k in of_sku]
        self.otherwise = rules.otherwise
        asked = set(rules.answers)
        limited = not scenario.stock.unlimited
        live = all(scenario.sync_min(c) == 0.0 for c in scenario.orders.channels.values())
        self.looks_at_the_click = limited and (bool(asked & AT_THE_CLICK) or not live)
        self.notes_shown_out = limited and not self.looks_at_the_click
        self.no_overtaking = limited and scenario.allocation.no_overtaking
        self.nearest: NearestInPrice | None = None
        if asked & {"substitute", "ask_customer"}:
            self.nearest = NearestInPrice(
                catalogue.category.tolist(), catalogue.price_cents.tolist()
            )
        self.repromises = rules.repromise
        self.cancel_on_slip_share = rules.cancel_on_slip_share

    def answer_to(self, order: Order, line: Line) -> str:
        """Return the answer to a line that cannot be reserved once it is sold.

        Whoever was asked at the click chose to wait; whoever was offered a substitute there is not
        offered one again.
        """
        answer = self.answer_of[line.sku]
        known = line in order.shown_out
        if answer == "ask_customer":
            return "backorder" if known else self.otherwise
        if answer == "substitute" and known:
            return self.otherwise
        return answer

    def without_substitute(self, order: Order, line: Line) -> str:
        """Return the answer to such a line if no substitute is offered or taken."""
        answer = self.answer_to(order, line)
        return self.otherwise if answer == "substitute" else answer
