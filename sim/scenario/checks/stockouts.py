"""Rules on the answers to missing goods: no key that plays no part."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding, near
from sim.scenario.schema import Scenario
from sim.scenario.schema.stockouts import AllocationSection, StockoutsSection

PLAIN = StockoutsSection()
OFFERS = "set stockouts.answer, or that of a class, to substitute"
ASKS = "set stockouts.answer, or that of a class, to ask_customer"
WAITS = "let some answer be backorder"


def check_answers(scenario: Scenario) -> Iterator[Finding]:
    """What belongs to one answer is set only where that answer is given."""
    rules = scenario.stockouts
    answers = rules.answers
    offers, asks = "substitute" in answers, "ask_customer" in answers
    if rules.otherwise != PLAIN.otherwise and not (offers or asks):
        yield (
            "stockouts.otherwise",
            f"{rules.otherwise}, and no SKU is substituted or asked for",
            "the default, where nothing is left to a second answer",
            f"{OFFERS} or ask_customer",
        )
    if rules.substitute_accept_share != PLAIN.substitute_accept_share and not offers:
        found = f"{rules.substitute_accept_share:g}, and no substitute is offered"
        yield (
            "stockouts.substitute_accept_share",
            found,
            "the default, where none is offered",
            OFFERS,
        )
    if rules.reactions != PLAIN.reactions and not asks:
        found = "reactions of customers, and none is asked"
        yield "stockouts.reactions", found, "the default, where none is asked", ASKS
    if not any(dict(rules.reactions).values()):
        yield "stockouts.reactions", "all weights are 0", "at least one weight above 0", ""


def check_classes(scenario: Scenario) -> Iterator[Finding]:
    """A class names SKUs, by words that are known, and an answer to them."""
    known = tuple(scenario.items.categories)
    for name, each in scenario.stockouts.by_class.items():
        path = f"stockouts.by_class.{name}"
        if not each.abc and not each.categories:
            yield path, "a class of no SKUs in particular", "abc or categories", ""
        settings = (each.answer, each.split, each.dropship_cost_share, each.dropship_error_rate)
        if all(setting is None for setting in settings):
            yield path, "a class for which nothing is otherwise", "an answer, for instance", ""
        for category in each.categories:
            if category not in known:
                yield (
                    f"{path}.categories",
                    f"unknown category {category}",
                    "a category of items.categories",
                    near(category, known) or f"there are {', '.join(known)}",
                )


def check_waiting(scenario: Scenario) -> Iterator[Finding]:
    """Who waits, and for how long, plays a part only where somebody does."""
    rules, allocation = scenario.stockouts, scenario.allocation
    waits = "backorder" in rules.answers and not scenario.stock.unlimited
    if not waits:
        if allocation.rule != AllocationSection().rule:
            yield "allocation.rule", allocation.rule, "first_come, where nobody waits", WAITS
        if allocation.no_overtaking:
            yield "allocation.no_overtaking", "true", "false, where nobody waits", WAITS
        if rules.repromise:
            yield "stockouts.repromise", "true", "false, where nobody waits", WAITS
    if rules.cancel_on_slip_share and not rules.repromise:
        yield (
            "stockouts.cancel_on_slip_share",
            f"{rules.cancel_on_slip_share:g}, and nobody hears that a promise slips",
            "0, where no new date is told",
            "set stockouts.repromise to true",
        )
