"""Rules on labour: contracts, crews and people fit together."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.checks.finding import Finding
from sim.scenario.schema import Scenario, clock_s


def check_contracts(scenario: Scenario) -> Iterator[Finding]:
    """The least hours of a contract are not above its most, and one of its shifts is offered."""
    offered = {length for window in scenario.labour.shifts.values() for length in window.lengths_h}
    for name, contract in scenario.labour.contracts.items():
        path = f"labour.contracts.{name}"
        if contract.hours_min > contract.hours_max:
            yield (
                f"{path}.hours_min",
                f"{contract.hours_min:g} h",
                f"at most hours_max, {contract.hours_max:g} h",
                "",
            )
        if contract.lengths_h and offered.isdisjoint(contract.lengths_h):
            yield (
                f"{path}.lengths_h",
                f"shifts of {_hours(contract.lengths_h)}",
                f"a length that labour.shifts offers: {_hours(sorted(offered))}",
                "",
            )


def check_shift_windows(scenario: Scenario) -> Iterator[Finding]:
    """A window ends after it begins, and a break with its play lies inside each shift."""
    for name, window in scenario.labour.shifts.items():
        path = f"labour.shifts.{name}"
        if clock_s(window.last_start) < clock_s(window.start):
            yield (
                f"{path}.last_start",
                window.last_start,
                f"a time from {window.start} on",
                "write two windows for starts around midnight",
            )
        for length in window.lengths_h:
            if window.break_min and length >= window.break_from_h:
                room_min = length * 60.0 - window.break_min - 2 * window.break_play_min
                if room_min < 30.0:
                    yield (
                        f"{path}.break_play_min",
                        f"{window.break_play_min} minutes",
                        f"a break that lies inside a shift of {length:g} h",
                        "name less play, or a longer break_from_h",
                    )


def check_crews(scenario: Scenario) -> Iterator[Finding]:
    """Crews have a contract that is there, people a crew that is there and is large enough."""
    labour = scenario.labour
    for name, crew in labour.crews.items():
        path = f"labour.crews.{name}"
        if crew.contract not in labour.contracts:
            expected = f"one of labour.contracts: {', '.join(labour.contracts)}"
            yield f"{path}.contract", crew.contract, expected, ""
        if crew.at_least > crew.at_most:
            yield f"{path}.at_least", f"{crew.at_least}", f"at most at_most, {crew.at_most}", ""
    for name, person in labour.people.items():
        if person.crew not in labour.crews:
            known = ", ".join(labour.crews) or "none is named"
            yield f"labour.people.{name}.crew", person.crew, f"one of labour.crews: {known}", ""
    for name, crew in labour.crews.items():
        named = sum(person.crew == name for person in labour.people.values())
        if named > crew.at_most:
            found = f"{crew.at_most} people, {named} of them by name in labour.people"
            yield f"labour.crews.{name}.at_most", found, f"at least {named}", ""


def check_wishes(scenario: Scenario) -> Iterator[Finding]:
    """A wish asks for something."""
    for name, person in scenario.labour.people.items():
        for label, wish in person.wishes.items():
            if not wish.free and wish.start is None and wish.end is None:
                yield (
                    f"labour.people.{name}.wishes.{label}",
                    "a wish for nothing",
                    "free: true, a start or an end",
                    "",
                )


def _hours(lengths: list[float]) -> str:
    return ", ".join(f"{length:g} h" for length in lengths)
