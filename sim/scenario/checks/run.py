"""Rules on the run: targets have bounds, the work fits its budget."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.expected_orders import mean_orders_per_day
from sim.scenario.schema import Scenario, law_mean

BYTES_AN_ORDER = 900.0
SECONDS_AN_ORDER = 150e-6


def check_targets(scenario: Scenario) -> Iterator[Finding]:
    """Every target has a bound."""
    for name, target in scenario.targets.items():
        if target.at_least is None and target.at_most is None:
            yield f"targets.{name}", "no bound", "at_least or at_most", ""


def check_budget(scenario: Scenario) -> Iterator[Finding]:
    """The run fits its budget of orders, minutes and memory."""
    run = scenario.run
    if scenario.orders.source == "history":
        return
    days = run.warm_up_days + run.horizon_days + run.cool_down_days
    orders = mean_orders_per_day(scenario) * days
    lines = _lines_per_order(scenario)
    estimates = {
        "run.budget_orders": (orders * run.replications, run.budget_orders, "orders"),
        "run.budget_minutes": (
            orders * run.replications * SECONDS_AN_ORDER * (1.0 + lines) / 3.5 / 60.0,
            run.budget_minutes,
            "CPU minutes",
        ),
        "run.budget_memory_mb": (
            200.0 + orders * BYTES_AN_ORDER * (1.0 + lines) / 3.5 / 1e6,
            run.budget_memory_mb,
            "MB in one replication",
        ),
    }
    for path, (need, budget, unit) in estimates.items():
        if need > budget:
            yield (
                path,
                f"the run is estimated at {need:.3g} {unit}",
                f"at most {budget:.3g}",
                "fewer orders, days or replications, or a larger budget",
            )


def _lines_per_order(scenario: Scenario) -> float:
    """Return the mean lines of an order over all channels."""
    section, usual = scenario.orders, scenario.orders.lines_per_order
    if all(each.lines_per_order is None for each in section.channels.values()):
        return law_mean(usual)
    lines = sum(
        section.channel_per_day(name) * law_mean(each.lines_per_order or usual)
        for name, each in section.channels.items()
    )
    return lines / section.per_day
