"""Who is at work when, read from a staff section: heads by quarter-hour, wages, blocks of hours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

from optimize.staffing.problem import SLOT_S, SLOTS_A_DAY, SLOTS_A_WEEK, SLOTS_AN_HOUR, clock
from sim.scenario.schema import ROLES, WEEKDAYS, clock_s
from sim.scenario.schema.people import Shift, Wages

Numbers = npt.NDArray[np.int64]

Staff = Mapping[str, Any]
"""The section ``staff`` of a scenario, as it is written."""

DAY_S = 86_400
PART_SLOTS = 4 * SLOTS_AN_HOUR
"""Quarter-hours of a part of the day."""

Heads = Mapping[str, tuple[int, ...]]
"""For each role the people at work in each of the 672 quarter-hours of the week."""


def shifts_of(staff: Staff) -> dict[str, Shift]:
    """Return the shifts of a staff section, checked."""
    return {name: _shift(json.dumps(written)) for name, written in staff.items()}


@lru_cache(maxsize=4096)
def _shift(written: str) -> Shift:
    """Return a shift; a search meets the same ones thousands of times."""
    return Shift.model_validate(json.loads(written))


@lru_cache(maxsize=1024)
def _presence(written: str) -> Numbers:
    """Return the people of a shift in each quarter-hour of the week, a row a role of ROLES."""
    shift = _shift(written)
    heads = np.zeros((len(ROLES), SLOTS_A_WEEK), dtype=np.int64)
    for weekday in shift.days:
        that_day = shift.on_weekday(weekday)
        slots = list(_present(that_day, WEEKDAYS.index(weekday)))
        people = np.array([getattr(that_day, role) for role in ROLES], dtype=np.int64)
        heads[:, slots] += people[:, np.newaxis]
    return heads


def _present(shift: Shift, day: int) -> Iterator[int]:
    start, length = clock_s(shift.start), _length_s(shift)
    pauses = []
    for pause in shift.breaks.values():
        begin = start + (clock_s(pause.start) - start) % DAY_S
        pauses.append((begin, begin + 60.0 * pause.minutes))
    for slot in range(-(-start // SLOT_S), (start + length) // SLOT_S):
        inside = (slot * SLOT_S, (slot + 1) * SLOT_S)
        if not any(begin < inside[1] and end > inside[0] for begin, end in pauses):
            yield (day * SLOTS_A_DAY + slot) % SLOTS_A_WEEK


def presence(staff: Staff) -> Numbers:
    """Return the people at work, 7 x 672: a row a role of ROLES; see `at_work`."""
    heads = np.zeros((len(ROLES), SLOTS_A_WEEK), dtype=np.int64)
    for written in staff.values():
        heads += _presence(json.dumps(written))
    return heads


def at_work(staff: Staff) -> Heads:
    """Return the people at work in each quarter-hour of a week without special dates.

    A person counts in a quarter-hour that lies wholly inside the shift and outside its breaks.
    """
    return dict(zip(ROLES, map(tuple, presence(staff).tolist()), strict=True))


def _length_s(shift: Shift) -> int:
    return (clock_s(shift.end) - clock_s(shift.start)) % DAY_S or DAY_S


def week_wage_cents(staff: Staff, wages: Wages) -> int:
    """Return the wage bill of a week without special dates; each shift rounded to the cent."""
    cents_an_hour = [round(100 * getattr(wages, role)) for role in ROLES]
    return sum(
        people * ((2 * cents_an_hour[role] * length_s + 3600) // 7200)
        for written in staff.values()
        for role, people, length_s in _paid(json.dumps(written))
    )


def week_hours(staff: Staff) -> dict[str, float]:
    """Return the paid hours of a week by role, special dates left out."""
    hours = dict.fromkeys(ROLES, 0.0)
    for written in staff.values():
        for role, people, length_s in _paid(json.dumps(written)):
            hours[ROLES[role]] += people * length_s / 3600.0
    return hours


@lru_cache(maxsize=1024)
def _paid(written: str) -> tuple[tuple[int, int, int], ...]:
    """Return role by number, people and seconds of each day of a shift."""
    shift = _shift(written)
    return tuple(
        (number, people, _length_s(that_day))
        for that_day in map(shift.on_weekday, shift.days)
        for number, role in enumerate(ROLES)
        if (people := getattr(that_day, role))
    )


@dataclass(frozen=True)
class Block:
    """Hours of a role: the same part of several weekdays.

    Parameters
    ----------
    role
        One of ROLES.
    days
        Weekdays, 0 is Monday.
    first, length
        Quarter-hour of the day at which the part begins, and its quarter-hours.
    """

    role: str
    days: tuple[int, ...]
    first: int
    length: int

    @property
    def person_slots(self) -> int:
        """Quarter-hours that one more person works in the block."""
        return len(self.days) * self.length

    @property
    def slots(self) -> tuple[int, ...]:
        """Quarter-hours of the week."""
        return tuple(
            (day * SLOTS_A_DAY + self.first + slot) % SLOTS_A_WEEK
            for day in self.days
            for slot in range(self.length)
        )

    @property
    def words(self) -> str:
        """The block as it is printed, for instance ``pickers 06:00-10:00 mon-fri``."""
        end = (self.first + self.length - 1) % SLOTS_A_DAY + 1
        runs = []
        for _, run in groupby(enumerate(self.days), lambda pair: pair[1] - pair[0]):
            days = [day for _, day in run]
            ends = days[:1] if len(days) == 1 else [days[0], days[-1]]
            runs.append("-".join(WEEKDAYS[day] for day in ends))
        return f"{self.role} {clock(self.first)}-{clock(end)} {' '.join(runs)}"

    def heads_in(self, heads: Heads) -> int:
        """Return the person-quarter-hours at work in the block."""
        return sum(heads[self.role][slot] for slot in self.slots)

    def with_one_more(self, staff: Staff) -> dict[str, Any]:
        """Return the staff with one more person in the block, who takes no break."""
        name = "one-more"
        while name in staff:
            name += "-still"
        return {
            **staff,
            name: {
                "days": [WEEKDAYS[day] for day in self.days],
                "start": clock(self.first),
                "end": clock((self.first + self.length - 1) % SLOTS_A_DAY + 1),
                self.role: 1,
            },
        }

    def wage_eur(self, wages: Wages) -> float:
        """Return the wage of an hour in the block."""
        wage: float = getattr(wages, self.role)
        return wage


def blocks_of(heads: Heads, roles: Sequence[str], part_slots: int = PART_SLOTS) -> list[Block]:
    """Return the blocks of some roles: each part of the day on the days when the role is there.

    Parts are counted from the earliest quarter-hour of the day at which anybody is at work. The
    days of a part are those on which somebody of any role is at work in half of it, and the role
    at all.
    """
    house = [any(heads[role][slot] for role in heads) for slot in range(SLOTS_A_WEEK)]
    of_day = [slot % SLOTS_A_DAY for slot in range(SLOTS_A_WEEK) if house[slot]]
    if not of_day:
        return []
    found = []
    for role in roles:
        for first in range(min(of_day), max(of_day) + 1, part_slots):
            length = min(part_slots, max(of_day) + 1 - first)
            days = []
            for day in range(7):
                begin = day * SLOTS_A_DAY
                there = any(heads[role][begin : begin + SLOTS_A_DAY])
                if there and 2 * sum(house[begin + first : begin + first + length]) >= length:
                    days.append(day)
            if days:
                found.append(Block(role, tuple(days), first, length))
    return found
