"""Rules on entry and payment: keys that would have no effect, shares beyond the whole."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.schema import Scenario


def check_entry(scenario: Scenario) -> Iterator[Finding]:
    """Only manual channels are typed; a line is wrong in one way at most."""
    entry = scenario.entry
    for name, channel in scenario.orders.channels.items():
        path = f"orders.channels.{name}"
        if channel.entry_time_s is not None and channel.entry == "automated":
            yield (
                f"{path}.entry_time_s",
                "a clerk's work on orders that are entered by themselves",
                "nothing, or entry: manual",
                "",
            )
        manual = channel.entry == "manual"
        rate = entry.error_rate_per_line if manual else entry.automated_error_rate_per_line
        own = channel.entry_errors
        of_sku = rate * entry.wrong_sku_share
        both = (
            of_sku if own.wrong_sku_rate is None else own.wrong_sku_rate,
            rate - of_sku if own.wrong_quantity_rate is None else own.wrong_quantity_rate,
        )
        if sum(both) > 1.0:
            found = f"wrong SKUs and quantities on {sum(both):g} of the lines"
            yield f"{path}.entry_errors", found, "at most 1 in all", ""


def check_payment(scenario: Scenario) -> Iterator[Finding]:
    """Only who is looked at is rejected."""
    payment = scenario.payment
    if payment.fraud_reject_share > 0.0 and payment.fraud_hold_share == 0.0:
        yield (
            "payment.fraud_reject_share",
            "nobody is held, so nobody is rejected",
            "0, or a fraud_hold_share above 0",
            "",
        )
