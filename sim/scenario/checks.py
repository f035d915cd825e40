"""Rules that span several keys of a scenario; each is one function, all of them run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from sim.scenario.schema import ROLES, Law, Scenario, clock_s, is_nothing, law_mean
from sim.scenario.schema.base import Section
from sim.scenario.schema.laws import Empirical

Finding = tuple[str, str, str, str]
"""Key path, what was found, what is expected, hint."""

SHARE_TOLERANCE = 1e-6
MAX_CHANNELS = 120
AISLE_ROUTING = ("s_shape", "return", "midpoint", "largest_gap", "combined", "exact")
ANY_FLOOR_ROUTING = ("nearest", "location_order", "ortools")
BATCHING_RULES = ("single", "first_come", "nearest_aisles")
RELEASE_RULES = ("waveless", "interval")
BYTES_AN_ORDER = 900.0
SECONDS_AN_ORDER = 150e-6


def run_checks(scenario: Scenario) -> Iterator[Finding]:
    """Yield the findings of every rule."""
    for check in CHECKS:
        yield from check(scenario)


def check_shares(scenario: Scenario) -> Iterator[Finding]:
    """Shares of channels and of categories add up to 1."""
    groups = {
        "orders.channels": [c.share for c in scenario.orders.channels.values()],
        "items.categories": [c.share for c in scenario.items.categories.values()],
    }
    for path, shares in groups.items():
        total = math.fsum(shares)
        if abs(total - 1.0) > SHARE_TOLERANCE:
            yield path, f"shares add up to {total:.6g}", "shares that add up to 1", ""


def check_profiles(scenario: Scenario) -> Iterator[Finding]:
    """A profile has a weight above 0 somewhere."""
    orders = scenario.orders
    profiles = {
        "orders.hourly_profile": orders.hourly_profile,
        "orders.weekday_profile": orders.weekday_profile,
        "orders.monthly_profile": orders.monthly_profile,
    }
    for name, channel in orders.channels.items():
        profiles[f"orders.channels.{name}.hourly_profile"] = channel.hourly_profile or [1.0]
        profiles[f"orders.channels.{name}.weekday_profile"] = channel.weekday_profile or [1.0]
    for path, weights in profiles.items():
        if not any(weights):
            yield path, "all weights are 0", "at least one weight above 0", ""


def check_channels(scenario: Scenario) -> Iterator[Finding]:
    """Every channel uses a carrier service that exists, and there are not too many."""
    services = scenario.shipping.services
    for name, channel in scenario.orders.channels.items():
        if channel.service not in services:
            yield (
                f"orders.channels.{name}.service",
                f"{channel.service!r} is no carrier service",
                f"one of shipping.services: {', '.join(services)}",
                "",
            )
    if len(scenario.orders.channels) > MAX_CHANNELS:
        yield (
            "orders.channels",
            f"{len(scenario.orders.channels)} channels",
            f"at most {MAX_CHANNELS}",
            "",
        )


def check_laws(scenario: Scenario) -> Iterator[Finding]:
    """Laws are whole: as many weights as values, low below high."""
    for path, law in _laws(scenario, ""):
        if isinstance(law, Empirical):
            if len(law.values) != len(law.weights):
                found = f"{len(law.values)} values and {len(law.weights)} weights"
                yield path, found, "as many weights as values", ""
            elif not any(law.weights):
                yield path, "all weights are 0", "at least one weight above 0", ""
        elif law.distribution == "uniform" and law.low >= law.high:
            yield path, f"low {law.low:g}, high {law.high:g}", "low below high", ""


def check_counts(scenario: Scenario) -> Iterator[Finding]:
    """Lines and units are whole numbers from 1."""
    counts = {
        "orders.lines_per_order": scenario.orders.lines_per_order,
        "orders.units_per_line": scenario.orders.units_per_line,
    }
    for path, law in counts.items():
        values = law.values if isinstance(law, Empirical) else []
        if law.distribution == "deterministic":
            values = [law.value]
        for value in values:
            if value < 1 or value != int(value) or value > 1_000_000:
                yield path, f"{value:g}", "whole numbers from 1 to 1000000", ""
                break


def check_picking_rules(scenario: Scenario) -> Iterator[Finding]:
    """Batching, release and routing rules exist."""
    rules = {
        "picking.batching": (scenario.picking.batching, BATCHING_RULES),
        "release.policy": (scenario.release.policy, RELEASE_RULES),
    }
    for path, (name, known) in rules.items():
        if name not in known:
            yield path, f"{name!r} is no rule", f"one of {', '.join(known)}", _near(name, known)


def check_routing(scenario: Scenario) -> Iterator[Finding]:
    """The routing rule exists and fits the floor."""
    rule = scenario.picking.routing
    free_form = scenario.warehouse.layout.locations_file is not None
    known: tuple[str, ...]
    if free_form and rule in AISLE_ROUTING:
        known = ANY_FLOOR_ROUTING
    elif rule in AISLE_ROUTING or rule in ANY_FLOOR_ROUTING or rule in _added_routing():
        return
    else:
        known = ANY_FLOOR_ROUTING if free_form else (*AISLE_ROUTING, *ANY_FLOOR_ROUTING)
    found = f"{rule!r} needs aisles" if rule in AISLE_ROUTING else f"{rule!r} is no rule"
    yield "picking.routing", found, f"one of {', '.join(known)}", _near(rule, known)


def _added_routing() -> list[str]:
    """Return the names of routing rules that other packages add by entry point."""
    from importlib.metadata import entry_points

    names = [point.name for point in entry_points(group="warelab.policies")]
    return [name.removeprefix("routing.") for name in names if name.startswith("routing.")]


def _near(name: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"did you mean {near[0]}" if near else ""


def check_shifts(scenario: Scenario) -> Iterator[Finding]:
    """Breaks lie inside their shift."""
    for name, shift in scenario.staff.items():
        begin = clock_s(shift.start)
        length = (clock_s(shift.end) - begin) % 86_400 or 86_400
        for label, pause in shift.breaks.items():
            offset = (clock_s(pause.start) - begin) % 86_400
            if offset + pause.minutes * 60.0 > length:
                yield (
                    f"staff.{name}.breaks.{label}",
                    f"{pause.start} for {pause.minutes:g} minutes",
                    f"a break inside the shift from {shift.start} to {shift.end}",
                    "",
                )


def check_people(scenario: Scenario) -> Iterator[Finding]:
    """Every stage that people do has somebody to do it."""
    heads: dict[str, int] = {
        role: sum(getattr(s, role) for s in scenario.staff.values()) for role in ROLES
    }
    for role, others in scenario.people.cross_training.items():
        if heads[role]:
            for other in others:
                heads[other] += heads[role]
    for needed, why in _needed(scenario):
        if heads[needed] == 0:
            yield "staff", f"no {needed} on any shift", f"at least one: {why}", ""


def _needed(scenario: Scenario) -> Iterator[tuple[str, str]]:
    packing, channels = scenario.packing, scenario.orders.channels.values()
    yield "pickers", "orders must be picked"
    if not is_nothing(packing.time_s):
        yield "packers", "orders must be packed (or set packing.time_s to 0)"
    if not is_nothing(packing.label_s):
        yield "dispatchers", "parcels must be labelled (or set packing.label_s to 0)"
    if any(c.entry == "manual" for c in channels) or scenario.payment.fraud_hold_share:
        yield "clerks", "manual entry and fraud checks are their work"
    elif scenario.entry.automated_error_rate_per_line and scenario.entry.found_at_payment_share:
        yield "clerks", "entry errors that the confirmation shows are mended by them"
    if not scenario.stock.unlimited and scenario.stock.receive_s_per_order:
        yield "receivers", "deliveries must be put away (or set stock.unlimited)"
    if _comes_back(scenario):
        yield "returns_clerks", "returns must be inspected"


def _comes_back(scenario: Scenario) -> bool:
    faults = (
        scenario.picking.error_rate_per_line * (1.0 - scenario.packing.check_detects)
        + scenario.packing.damage_rate
        + scenario.returns.late_return_extra
        + scenario.entry.automated_error_rate_per_line
        + (scenario.stockouts.dropship_error_rate if scenario.stockouts.answer == "dropship" else 0)
    )
    typed = any(c.entry == "manual" for c in scenario.orders.channels.values())
    if typed and scenario.entry.error_rate_per_line:
        return True
    return bool(faults) or any(c.return_rate for c in scenario.items.categories.values())


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
    orders = scenario.orders.per_day * days
    lines = law_mean(scenario.orders.lines_per_order)
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


def _laws(section: Section, path: str) -> Iterator[tuple[str, Law]]:
    """Walk every law of a section, with its key path."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        where = f"{path}.{name}" if path else name
        entries = value.items() if isinstance(value, dict) else [("", value)]
        for key, entry in entries:
            place = f"{where}.{key}" if key else where
            if isinstance(entry, Section):
                if hasattr(entry, "distribution"):
                    yield place, entry  # type: ignore[misc]  # a Section with a distribution is a Law
                else:
                    yield from _laws(entry, place)


CHECKS: tuple[Callable[[Scenario], Iterator[Finding]], ...] = (
    check_shares,
    check_profiles,
    check_channels,
    check_laws,
    check_counts,
    check_picking_rules,
    check_routing,
    check_shifts,
    check_people,
    check_targets,
    check_budget,
)
