"""From a scenario's ``labour.people`` to people with leave and wishes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optimize.staffing.named.problem import Absence, Person, Window, Wish, weekday
from optimize.staffing.problem import SLOT_S, SLOTS_A_DAY
from optimize.staffing.tours.problem import Contract, Group
from sim.scenario.schema import WEEKDAYS, clock_s
from sim.scenario.schema import labour as written


def labour_people(labour: written.LabourSection, groups: Sequence[Group]) -> tuple[Person, ...]:
    """Return the people that a scenario names; their crew is their group.

    Each weekday of a wish is a wish of its own. A day of leave counts as the contract's least hours
    shared over its most days, so that a week of leave is a week's hours.

    Parameters
    ----------
    labour
        People.
    groups
        The crews, those too that nobody has named (`optimize.staffing.labour.groups`).

    Raises
    ------
    ValueError
        If there is no such crew.
    """
    crews = {group.name: group for group in groups}
    for name, person in labour.people.items():
        if person.crew not in crews:
            known = ", ".join(crews) or "none"
            raise ValueError(
                f"labour.people.{name}: no crew is named {person.crew!r}; there are: {known}"
            )
    return tuple(
        _person(name, person, crews[person.crew].contract) for name, person in labour.people.items()
    )


def _person(name: str, person: written.NamedPerson, contract: Contract) -> Person:
    least, most_days = contract.min_slots, contract.max_days_a_week
    days = sorted({WEEKDAYS.index(day) for day in person.leave})
    paid = [
        (place + 1) * least // most_days - place * least // most_days if place < most_days else 0
        for place in range(len(days))
    ]
    return Person(
        name,
        person.crew,
        tuple(
            Absence(weekday(day), min(slots, SLOTS_A_DAY))
            for day, slots in zip(days, paid, strict=True)
        ),
        tuple(each for wish in person.wishes.values() for each in _wishes(wish)),
    )


def _wishes(wish: written.Wish) -> Iterator[Wish]:
    for day in dict.fromkeys(map(WEEKDAYS.index, wish.days)):
        midnight = day * SLOTS_A_DAY
        if wish.free:
            yield Wish("free", weekday(day), wish.weight)
            continue
        start = -(-clock_s(wish.start) // SLOT_S) if wish.start else 0
        end = clock_s(wish.end) // SLOT_S if wish.end else SLOTS_A_DAY
        if start:
            yield Wish("free", Window(midnight, start), wish.weight)
        if end < SLOTS_A_DAY:
            yield Wish("free", Window(midnight + end, SLOTS_A_DAY - end), wish.weight)
