"""Rules on customers: every key given has an effect under the law of the base."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.schema import Scenario
from sim.scenario.schema.base import Section

OF_STEADY = ("orders_per_year", "rate_shape")
OF_BG_NBD = (
    *("r", "alpha_weeks", "a", "b", "new_per_day", "new_days"),
    *("opening_customers", "opening_age_weeks"),
)


def _given(section: Section, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the names whose value is not the default."""
    for name in names:
        if getattr(section, name) != type(section).model_fields[name].default:
            yield name


def check_customers(scenario: Scenario) -> Iterator[Finding]:
    """Keys of one law are not given under the other; bg_nbd has customers."""
    customers = scenario.customers
    if customers.law == "steady":
        hint = "customers.law: bg_nbd lets customers come and drop out"
        for name in _given(customers, OF_BG_NBD):
            found = f"{getattr(customers, name):g}, and customers.law is steady"
            yield f"customers.{name}", found, "nothing", hint
        for name in _given(customers.drop_out, tuple(type(customers.drop_out).model_fields)):
            found = "a share, and nobody drops out: customers.law is steady"
            yield f"customers.drop_out.{name}", found, "nothing", hint
        return
    for name in _given(customers, OF_STEADY):
        found = f"{getattr(customers, name):g}, and customers.law is bg_nbd"
        yield f"customers.{name}", found, "nothing", "rates are gamma(r, alpha_weeks)"
    yield from _check_bg_nbd(scenario)


def _check_bg_nbd(scenario: Scenario) -> Iterator[Finding]:
    customers, orders = scenario.customers, scenario.orders
    if orders.source == "history":
        found = "bg_nbd, and the orders are those of a history"
        yield "customers.law", found, "steady", "orders.source: generated plays a law"
    own = [name for name, each in orders.channels.items() if each.per_day is not None]
    for name in own:
        yield (
            f"orders.channels.{name}.per_day",
            f"{orders.channels[name].per_day:g}, and customers.law is bg_nbd",
            "share",
            "orders come from opening_customers and new_per_day",
        )
    for name, each in orders.channels.items():
        if each.orders_at_once is not None:
            yield (
                f"orders.channels.{name}.orders_at_once",
                "messages of several orders, and customers.law is bg_nbd",
                "nothing",
                "customers order when their own time has come",
            )
    for _ in () if own else _given(orders, ("per_day",)):
        yield (
            "orders.per_day",
            f"{orders.per_day:g}, and customers.law is bg_nbd",
            "nothing",
            "orders come from opening_customers and new_per_day",
        )
    for _ in _given(orders, ("day_cv",)):
        found = f"{orders.day_cv:g}, and customers.law is bg_nbd"
        yield "orders.day_cv", found, "nothing", "customers order when their own time has come"
    if customers.opening_customers == 0 and customers.new_per_day == 0.0:
        yield (
            "customers.law",
            "bg_nbd, and no customers",
            "opening_customers or new_per_day above 0",
            "",
        )
    if customers.opening_customers == 0 and customers.opening_age_weeks > 0.0:
        found = f"{customers.opening_age_weeks:g}, and opening_customers is 0"
        yield "customers.opening_age_weeks", found, "0, or opening_customers", ""
    if customers.new_per_day == 0.0 and customers.new_days is not None:
        found = f"{customers.new_days:g}, and new_per_day is 0"
        yield "customers.new_days", found, "nothing, or new_per_day", ""


def check_experience(scenario: Scenario) -> Iterator[Finding]:
    """Days that tell late from very late need an effect of their own."""
    experience, drop_out = scenario.customers.experience, scenario.customers.drop_out
    if experience.very_late is None and drop_out.very_late is None:
        for _ in _given(experience, ("very_late_days",)):
            yield (
                "customers.experience.very_late_days",
                f"{experience.very_late_days:g}, and very late orders count as late ones",
                "nothing, or customers.experience.very_late",
                "",
            )


def check_cross_selling(scenario: Scenario) -> Iterator[Finding]:
    """Contacts that lead to orders are made, and their orders are drawn."""
    follow_up = scenario.follow_up
    path = "follow_up.cross_sell_share"
    if follow_up.cross_sell_share > 0.0:
        found = f"{follow_up.cross_sell_share:g}, and "
        if follow_up.share == 0.0:
            yield path, f"{found}nobody is followed up", "0, or follow_up.share above 0", ""
        if scenario.orders.source == "history":
            hint = "orders.source: generated draws the further orders"
            yield path, f"{found}the orders are those of a history", "0", hint
        return
    law = type(follow_up).model_fields["cross_sell_days"].get_default(call_default_factory=True)
    if follow_up.cross_sell_days != law:
        found = "a law, and no contact leads to an order: cross_sell_share is 0"
        yield "follow_up.cross_sell_days", found, "nothing, or cross_sell_share above 0", ""
