"""What is to be rostered: shifts, people with their rules and wishes, and the people wanted a day.

The rules are those of the public shift scheduling instances of Curtois & Qu 2014. Day 0 is Monday.
What lies before the first day and after the last is not known and breaks no rule: a run of working
days or of days off that touches an edge of the horizon may be as short as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SATURDAY, SUNDAY, DAYS_A_WEEK = 5, 6, 7

MAX_DAYS = 366
MAX_WEIGHT = 10**6


@dataclass(frozen=True)
class Shift:
    """A shift of a day.

    Parameters
    ----------
    name
        What it is called, unlike any other.
    minutes
        What it counts of a person's working time, at least 1.
    not_before
        Names of the shifts that nobody may work on the day after it.
    """

    name: str
    minutes: int
    not_before: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _whole(f"the length of shift {self.name}", self.minutes, 1, 1440, "min")


@dataclass(frozen=True)
class Person:
    """Somebody with the rules of their contract; all of them are kept.

    Parameters
    ----------
    name
        What they are called, unlike anybody else.
    max_of_shift
        Most days on which they work each shift, in the order of the problem's shifts.
    min_minutes, max_minutes
        Working time over the whole horizon.
    max_run_days, min_run_days
        Most and fewest days worked in a row.
    min_off_run_days
        Fewest days off in a row.
    max_weekends
        Most weekends with a shift on Saturday, Sunday or both.
    days_off
        Days on which they never work.
    """

    name: str
    max_of_shift: tuple[int, ...]
    min_minutes: int
    max_minutes: int
    max_run_days: int
    min_run_days: int = 1
    min_off_run_days: int = 1
    max_weekends: int = MAX_DAYS
    days_off: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        who = f"person {self.name}"
        for most in self.max_of_shift:
            _whole(f"{who}: the most of a shift", most, 0, 10**6)
        _whole(f"{who}: max_minutes", self.max_minutes, 0, 10**9, "min")
        _whole(f"{who}: min_minutes", self.min_minutes, 0, self.max_minutes, "min")
        _whole(f"{who}: max_run_days", self.max_run_days, 1, 10**6, "days")
        _whole(f"{who}: min_run_days", self.min_run_days, 1, self.max_run_days, "days")
        _whole(f"{who}: min_off_run_days", self.min_off_run_days, 1, MAX_DAYS, "days")
        _whole(f"{who}: max_weekends", self.max_weekends, 0, 10**6)


@dataclass(frozen=True)
class Request:
    """What somebody wishes; the plan may refuse it at a price.

    Parameters
    ----------
    person, day, shift
        Who, when and which.
    weight
        Cost of refusing it.
    wanted
        Whether the shift is wished for (refused where it is not worked) or away with (refused
        where it is).
    """

    person: str
    day: int
    shift: str
    weight: int
    wanted: bool = True


@dataclass(frozen=True)
class Cover:
    """How many people a shift should have on a day.

    Parameters
    ----------
    day, shift
        When and which.
    people
        How many are wanted.
    under_weight, over_weight
        Cost of each one missing and of each one too many.
    """

    day: int
    shift: str
    people: int
    under_weight: int
    over_weight: int = 0


@dataclass(frozen=True)
class Problem:
    """Find the roster that keeps all rules of people and misses least of covers and requests.

    Parameters
    ----------
    days
        Length of the horizon; day 0 is a Monday.
    shifts, people
        At least one each.
    covers
        At most one for a shift on a day; a shift without one costs nothing there.
    requests
        Any number.

    Raises
    ------
    ValueError
        If names repeat or are not known, a day lies outside, or a number makes no sense.
    """

    days: int
    shifts: tuple[Shift, ...]
    people: tuple[Person, ...]
    covers: tuple[Cover, ...] = ()
    requests: tuple[Request, ...] = ()

    def __post_init__(self) -> None:
        _whole("the horizon", self.days, 1, MAX_DAYS, "days")
        shifts = _unlike("shift", [shift.name for shift in self.shifts])
        people = _unlike("person", [person.name for person in self.people])
        for shift in self.shifts:
            for name in shift.not_before:
                _known(f"shift {shift.name}", "shift", name, shifts)
        for person in self.people:
            if len(person.max_of_shift) != len(shifts):
                raise ValueError(
                    f"person {person.name} has limits for {len(person.max_of_shift)} shifts, there "
                    f"are {len(shifts)}: give one for each shift, 0 where they never work it"
                )
            for day in person.days_off:
                _whole(f"person {person.name}: a day off", day, 0, self.days - 1)
        seen: dict[tuple[int, str], Cover] = {}
        for cover in self.covers:
            where = f"the cover of {cover.shift} on day {cover.day}"
            _known(where, "shift", cover.shift, shifts)
            _whole(f"{where}: the day", cover.day, 0, self.days - 1)
            _whole(f"{where}: people", cover.people, 0, 10**6)
            _whole(f"{where}: under_weight", cover.under_weight, 0, MAX_WEIGHT)
            _whole(f"{where}: over_weight", cover.over_weight, 0, MAX_WEIGHT)
            if seen.setdefault((cover.day, cover.shift), cover) is not cover:
                raise ValueError(f"{where} is given twice: leave one of them away")
        for request in self.requests:
            where = f"a request of {request.person} on day {request.day}"
            _known(where, "person", request.person, people)
            _known(where, "shift", request.shift, shifts)
            _whole(f"{where}: the day", request.day, 0, self.days - 1)
            _whole(f"{where}: weight", request.weight, 0, MAX_WEIGHT)


def weekends(days: int) -> list[tuple[int, ...]]:
    """Return the days of each weekend of a horizon.

    >>> weekends(13)
    [(5, 6), (12,)]
    """
    saturdays = range(SATURDAY, days, DAYS_A_WEEK)
    return [tuple(day for day in (first, first + 1) if day < days) for first in saturdays]


def _unlike(kind: str, names: Sequence[str]) -> dict[str, int]:
    if not names:
        raise ValueError(f"there is no {kind}: at least one is needed")
    numbers: dict[str, int] = {}
    for number, name in enumerate(names):
        if numbers.setdefault(name, number) != number:
            raise ValueError(f"two of kind {kind} are called {name!r}: each needs its own name")
    return numbers


def _known(where: str, kind: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise ValueError(f"{where} names the {kind} {name!r}; there are {', '.join(names)}")


def _whole(what: str, value: object, least: int, most: int, unit: str = "") -> None:
    if type(value) is not int or not least <= value <= most:
        tail = f" {unit}" if unit else ""
        raise ValueError(
            f"{what} is {value!r}; a whole number from {least} to {most}{tail} is needed"
        )
