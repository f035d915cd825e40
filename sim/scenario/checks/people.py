"""Rules on people: breaks lie inside shifts, every stage has somebody to do it."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.checks.stock import receives
from sim.scenario.schema import ROLES, Scenario, clock_s, is_nothing
from sim.scenario.schema.people import Shift
from sim.scenario.schema.stockouts import StockoutsSection


def check_shifts(scenario: Scenario) -> Iterator[Finding]:
    """Breaks lie inside their shift, on every day that is different too."""
    for name, shift in scenario.staff.items():
        yield from _breaks_outside(f"staff.{name}", shift)
        for kind, days in (("by_day", shift.by_day), ("by_date", shift.by_date)):
            for day, different in days.items():
                if different.start or different.end or different.breaks is not None:
                    yield from _breaks_outside(f"staff.{name}.{kind}.{day}", shift.but(different))


def _breaks_outside(path: str, shift: Shift) -> Iterator[Finding]:
    begin = clock_s(shift.start)
    length = (clock_s(shift.end) - begin) % 86_400 or 86_400
    for label, pause in shift.breaks.items():
        offset = (clock_s(pause.start) - begin) % 86_400
        if offset + pause.minutes * 60.0 > length:
            yield (
                f"{path}.breaks.{label}",
                f"{pause.start} for {pause.minutes:g} minutes",
                f"a break inside the shift from {shift.start} to {shift.end}",
                "" if path.count(".") == 1 else "name that day's own breaks, or {} for none",
            )


def check_different_days(scenario: Scenario) -> Iterator[Finding]:
    """A day that is different is a day of the shift, and the house is not closed on it."""
    for name, shift in scenario.staff.items():
        for weekday in shift.by_day:
            if weekday not in shift.days:
                yield (
                    f"staff.{name}.by_day.{weekday}",
                    f"the shift does not work on {weekday}",
                    f"one of its days: {', '.join(shift.days)}",
                    f"add {weekday} to staff.{name}.days",
                )
        for date in shift.by_date:
            if date in scenario.people.closed_dates:
                yield (
                    f"staff.{name}.by_date.{date}",
                    "the house is closed on this date",
                    "a date that is not in people.closed_dates",
                    "",
                )


def check_people(scenario: Scenario) -> Iterator[Finding]:
    """Every stage that people do has somebody to do it."""
    heads: dict[str, int] = {
        role: sum(s.most_heads(role) for s in scenario.staff.values()) for role in ROLES
    }
    own = dict(heads)
    for role, others in scenario.people.cross_training.items():
        for other in others:
            heads[other] += own[role]
    for needed, why in _needed(scenario):
        if heads[needed] == 0:
            yield "staff", f"no {needed} on any shift", f"at least one: {why}", ""


def _needed(scenario: Scenario) -> Iterator[tuple[str, str]]:
    packing, channels = scenario.packing, scenario.orders.channels.values()
    yield "pickers", "orders must be picked"
    picking = scenario.picking
    sorted_after = picking.sorting == "after" and picking.sort_s_per_line
    if picking.method == "parallel_zones" or sorted_after:
        yield "packers", "goods must be sorted or brought together at the put wall"
    if not is_nothing(packing.time_s):
        yield "packers", "orders must be packed (or set packing.time_s to 0)"
    if not is_nothing(packing.label_s):
        yield "dispatchers", "parcels must be labelled (or set packing.label_s to 0)"
    if any(c.entry == "manual" for c in channels) or scenario.payment.fraud_hold_share:
        yield "clerks", "manual entry and fraud checks are their work"
    elif scenario.entry.automated_error_rate_per_line and scenario.entry.found_at_payment_share:
        yield "clerks", "entry errors that the confirmation shows are mended by them"
    if scenario.shipping.mark_shipped == "manual":
        yield scenario.shipping.mark_shipped_by, "parcels must be marked shipped in their channels"
    if receives(scenario):
        yield "receivers", "deliveries must be put away (or set stock.unlimited)"
    if scenario.records.counts:
        yield scenario.records.counted_by, "stock must be counted (or set records.counted_by)"
    if scenario.pick_faces.used:
        yield "replenishers", "pick faces must be topped up (or set pick_faces.used to false)"
    if _comes_back(scenario):
        yield "returns_clerks", "returns must be inspected"
        if scenario.returns.authorisation == "clerk":
            yield scenario.returns.authorised_by, "returns must be authorised"


def _comes_back(scenario: Scenario) -> bool:
    faults = (
        scenario.picking.wrong_line_rate * (1.0 - scenario.packing.check_detects)
        + scenario.packing.damage_rate
        + scenario.returns.late_return_extra
        + scenario.entry.automated_error_rate_per_line
        + _sent_wrong(scenario.stockouts)
    )
    typed = any(c.entry == "manual" for c in scenario.orders.channels.values())
    if typed and scenario.entry.error_rate_per_line:
        return True
    return bool(faults) or any(c.return_rate for c in scenario.items.categories.values())


def _sent_wrong(stockouts: StockoutsSection) -> float:
    if "dropship" not in stockouts.answers:
        return 0.0
    rates = [each.dropship_error_rate or 0.0 for each in stockouts.by_class.values()]
    return max(stockouts.dropship_error_rate, *rates, 0.0)
