"""Rules on what is bought: levels that fit their policy, suppliers and classes that take part."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding, near
from sim.scenario.schema import Scenario
from sim.scenario.schema.stock import StockSection
from sim.scenario.schema.suppliers import StockClass, Supplier, rules_of

OF_STOCK = (
    *(
        "policy",
        "review",
        "max_outstanding",
        "one_lot_per_order",
        "reorder_point",
        "order_up_to",
        "order_quantity",
    ),
    *("order_size", "service_measure", "classes", "opening_units", "orders_cross"),
    *("order_cost_eur", "holding_cost_rate_per_year", "shortage_cost_eur_per_unit_day"),
    *("lost_cost_eur_per_unit", "costs_counted", "review_days", "review_time"),
)
"""Keys that say nothing where the stock is unlimited."""
NO_PART = {
    "s_S": ("order_quantity",),
    "r_Q": ("order_up_to",),
    "base_stock": ("reorder_point", "order_quantity"),
}
"""Levels that play no part in a policy."""


def check_buying(scenario: Scenario) -> Iterator[Finding]:
    """What is said about buying plays a part."""
    stock, usual = scenario.stock, StockSection()
    if stock.unlimited:
        for key in OF_STOCK:
            if getattr(stock, key) != getattr(usual, key):
                yield _nothing_bought(f"stock.{key}")
        if scenario.suppliers:
            yield _nothing_bought("suppliers")
        return
    yield from _check_levels(stock, "stock")
    policies = [stock.policy, *(rules_of(stock, group).policy for group in stock.classes.values())]
    if stock.one_lot_per_order and "r_Q" not in policies:
        yield (
            "stock.one_lot_per_order",
            f"true, and the policy is {stock.policy}",
            "lots only where they are bought",
            "set stock.policy to r_Q",
        )
    if stock.review == "continuous":
        for key in ("review_days", "review_time"):
            if getattr(stock, key) != getattr(usual, key):
                yield (
                    f"stock.{key}",
                    f"{getattr(stock, key)} with continuous review",
                    "a time of reviews only if there are any",
                    "set stock.review to periodic",
                )
    if stock.opening_units is not None and stock.opening != usual.opening:
        found = f"{stock.opening} and {stock.opening_units} opening units"
        yield "stock.opening", found, "one of the two", "leave stock.opening out"
    yield from _check_costs(scenario)


def _nothing_bought(path: str) -> Finding:
    return (
        path,
        "rules of buying with stock.unlimited: nothing is bought",
        "nothing, or stock that is bought",
        "set stock.unlimited to false",
    )


def _check_levels(rules: StockSection, path: str) -> Iterator[Finding]:
    """Levels are those of the policy, and s is below S."""
    for key in NO_PART[rules.policy]:
        if getattr(rules, key) is not None:
            yield (
                f"{path}.{key}",
                f"{getattr(rules, key)} with policy {rules.policy}",
                f"no {key}: it plays no part in this policy",
                "leave it out, or change stock.policy",
            )
    point, up_to = rules.reorder_point, rules.order_up_to
    if rules.policy == "s_S" and point is not None and up_to is not None and point >= up_to:
        yield (
            f"{path}.order_up_to",
            f"S = {up_to} with s = {point}",
            "more than reorder_point",
            "",
        )
    if rules.service_measure == "fill_rate" and rules.policy == "base_stock":
        found = "a fill rate of quantities, with one-for-one orders"
        yield f"{path}.service_measure", found, "cycle", "or another stock.policy"
    if rules.order_size == "eoq":
        if rules.policy == "base_stock" or rules.order_quantity or up_to is not None:
            found = "an economic order quantity where the quantity is given otherwise"
            yield f"{path}.order_size", found, "order_days", "or leave the level out"
        if not rules.holding_cost_rate_per_year:
            found = "an economic order quantity of stock that costs nothing"
            yield (
                f"{path}.order_size",
                found,
                "stock.holding_cost_rate_per_year above 0",
                "",
            )


def _check_costs(scenario: Scenario) -> Iterator[Finding]:
    stock = scenario.stock
    costs = stock.holding_cost_rate_per_year, stock.shortage_cost_eur_per_unit_day
    if stock.costs_counted == "at_day_end" and not any(costs):
        yield (
            "stock.costs_counted",
            "at_day_end where neither holding nor lacking stock costs anything",
            "continuously",
            "set stock.holding_cost_rate_per_year",
        )
    answers = set(scenario.stockouts.answers)
    if stock.lost_cost_eur_per_unit and answers == {"dropship"}:
        yield (
            "stock.lost_cost_eur_per_unit",
            "a cost of lost units with stockouts.answer dropship",
            "0: no unit is lost",
            "stockouts.dropship_cost_share is the supplier's charge",
        )
    if stock.shortage_cost_eur_per_unit_day and not scenario.stockouts.somebody_waits:
        yield (
            "stock.shortage_cost_eur_per_unit_day",
            f"a cost of backorders with stockouts.answer {scenario.stockouts.answer}",
            "0: nothing is backordered",
            "stock.lost_cost_eur_per_unit is the cost of a lost unit",
        )


def check_stock_classes(scenario: Scenario) -> Iterator[Finding]:
    """Every class can have SKUs, and its levels fit its policy."""
    stock, rest = scenario.stock, ""
    for name, group in stock.classes.items():
        path = f"stock.classes.{name}"
        yield from _check_categories(scenario, group, path)
        if rest:
            found = f"a class after {rest}, which takes all SKUs that are left"
            yield path, found, "the class that takes the rest as the last one", ""
        if not group.categories and group.value_share is None:
            rest = name
        mine = rules_of(stock, group)
        if mine != stock:
            yield from _check_levels(mine, path)


def _check_categories(
    scenario: Scenario, group: StockClass | Supplier, path: str
) -> Iterator[Finding]:
    known = tuple(scenario.items.categories)
    for name in group.categories:
        if name not in known:
            yield (
                f"{path}.categories",
                f"category {name}",
                f"a category of items.categories: {', '.join(known)}",
                near(name, known),
            )


def check_suppliers(scenario: Scenario) -> Iterator[Finding]:
    """Every SKU has a regular supplier; an emergency supplier can be asked."""
    suppliers = scenario.suppliers
    if not suppliers or scenario.stock.unlimited:
        return
    regular = [each for each in suppliers.values() if each.use == "regular"]
    for category in scenario.items.categories:
        could = [each for each in regular if category in each.categories]
        could = could or [each for each in regular if not each.categories]
        if not any(each.share > 0.0 for each in could):
            yield (
                "suppliers",
                f"no regular supplier of category {category}",
                "one with a share above 0 that names it, or names no categories",
                "",
            )
    for name, supplier in suppliers.items():
        yield from _check_categories(scenario, supplier, f"suppliers.{name}")
        yield from _check_use(scenario, name, supplier)


def _check_use(scenario: Scenario, name: str, supplier: Supplier) -> Iterator[Finding]:
    usual, path = Supplier(), f"suppliers.{name}"
    if supplier.use == "regular":
        for key in ("emergency_point", "emergency_days"):
            if getattr(supplier, key) != getattr(usual, key):
                found = f"{getattr(supplier, key)} of a regular supplier"
                yield f"{path}.{key}", found, "use: emergency", ""
        return
    if supplier.share != usual.share:
        found = f"a share of {supplier.share:g} of an emergency supplier"
        yield f"{path}.share", found, "no share: it is asked for all SKUs it supplies", ""
    if supplier.emergency_point < 0 and not scenario.stockouts.somebody_waits:
        found = f"{supplier.emergency_point}, but nobody waits: {scenario.stockouts.answer}"
        yield f"{path}.emergency_point", found, "0 or more units", ""
