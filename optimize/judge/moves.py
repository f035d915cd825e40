"""Small changes of a staff section that save wages: one person fewer, a day less, shorter hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from optimize.judge.points import Planned
from optimize.judge.presence import Staff, at_work, presence, shifts_of, week_wage_cents
from optimize.staffing.problem import SLOTS_AN_HOUR, clock
from sim.scenario.schema import ROLES, clock_s
from sim.scenario.schema.people import Shift, Wages

Floats = npt.NDArray[np.float64]

MENDED = ", mended"

Size = Literal["person", "day", "hours"]
SIZES: tuple[Size, ...] = ("person", "day", "hours")
"""From the largest change to the smallest."""

CUT_SHORT_H = 2
SHORTEST_H = 4
BREAK_ABOVE_H = 6
"""ArbZG section 4: nobody works more than six hours without a break."""


Key = tuple[str, str, str]


@dataclass(frozen=True)
class Change:
    """A plan beside another one.

    Parameters
    ----------
    words
        What is different, for instance ``one of pickers fewer in mon-fri-0600-8h``.
    key
        The same for the same change, as long as there is anybody left to change.
    planned
        The plan after it, cheaper.
    """

    words: str
    key: Key
    planned: Planned


class Neighbours(Protocol):
    """The small changes that a local search may make."""

    def ranked(
        self, here: Planned, size: Size, prices: Floats, rejected: Mapping[Key, bool]
    ) -> Iterator[Change]:
        """Yield changes that save wages, those first that are thought to lose least for them.

        Parameters
        ----------
        here
            The plan to change.
        size
            How much is taken away at once.
        prices
            What a person is thought to be worth in each quarter-hour, 7 x 672, a row a role of
            ROLES.
        rejected
            Keys of changes not to be made.
        """


@dataclass(frozen=True)
class SectionMoves:
    """Changes of the staff section itself: any shift may lose people, days or hours.

    Shifts whose people differ by weekday or date stay as they are.

    Parameters
    ----------
    wages
        What hours cost.
    roles
        Whose people may be changed.
    """

    wages: Wages
    roles: tuple[str, ...]

    def ranked(
        self, here: Planned, size: Size, prices: Floats, rejected: Mapping[Key, bool]
    ) -> Iterator[Change]:
        """Yield changes, least expected loss for the wage saved first; see `Neighbours`."""
        bill = week_wage_cents(here.staff, self.wages)
        there = presence(here.staff)
        found = []
        for number, (words, key, staff) in enumerate(moves(here.staff, self.roles, size)):
            saved = bill - week_wage_cents(staff, self.wages)
            if saved > 0 and key not in rejected:
                loss = float((np.maximum(there - presence(staff), 0) * prices).sum())
                found.append((loss / saved, number, saved, words, key, staff))
        for _, _, saved, words, key, staff in sorted(found, key=lambda row: row[:2]):
            made = here.words.removesuffix(MENDED) + MENDED
            plan = Planned(staff, here.cost_cents - saved, None, at_work(staff), made)
            yield Change(words, key, plan)


Move = tuple[str, Key, dict[str, Any]]
"""In words, key, staff section after it."""


def moves(staff: Staff, roles: Sequence[str], size: Size) -> Iterator[Move]:
    """Yield the changes of one size, in the order of shifts and roles.

    Parameters
    ----------
    staff
        Section.
    roles
        Whose people may be changed.
    size
        "person": one works no longer; "day": one works a weekday less; "hours": one starts two
        hours later or ends two hours earlier on all days (four hours are left).
    """
    shifts = shifts_of(staff)
    people = {role: sum(shift.most_heads(role) for shift in shifts.values()) for role in roles}
    for name, shift in shifts.items():
        if shift.by_day or shift.by_date or shift.new_people:
            continue
        for role in roles:
            last = size == "person" and people[role] == 1  # a house needs one of each role
            if getattr(shift, role) and not last:
                yield from _of(staff, name, shift, role, size)


def _of(staff: Staff, name: str, shift: Shift, role: str, size: Size) -> Iterator[Move]:
    fewer = _one_less(staff, name, role)
    if size == "person":
        yield f"one of {role} fewer in {name}", (size, name, role), fewer
    elif size == "day":
        for day in shift.days if len(shift.days) > 1 else ():
            kept = {**_hours(staff[name]), "days": [d for d in shift.days if d != day]}
            words = f"one of {role} in {name} not on {day}"
            yield words, (day, name, role), _one_more(fewer, f"{name}-not-{day}", kept, role)
    else:
        for words, key, hours in _shorter(shift, staff[name]):
            after = _one_more(fewer, f"{name}-{key}", hours, role)
            yield f"one of {role} in {name} {words}", (key, name, role), after


def _hours(written: Any) -> dict[str, Any]:  # noqa: ANN401 - a section as it is written
    return {key: value for key, value in written.items() if key not in ROLES}


def _one_less(staff: Staff, name: str, role: str) -> dict[str, Any]:
    after = {key: dict(written) for key, written in staff.items()}
    after[name][role] -= 1
    if not after[name][role]:
        del after[name][role]
    if not any(after[name].get(each) for each in ROLES):
        del after[name]
    return after


def _one_more(staff: dict[str, Any], name: str, hours: dict[str, Any], role: str) -> dict[str, Any]:
    """Add a person to a shift of these hours, an old one where there is one."""
    for known, written in staff.items():
        if _hours(written) == hours:
            return {**staff, known: {**written, role: written.get(role, 0) + 1}}
    name = name[:70]
    while name in staff:
        name += "-2"
    return {**staff, name: {**hours, role: 1}}


def _shorter(shift: Shift, written: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:  # noqa: ANN401
    start, end = (int(clock_s(time)) // 900 for time in (shift.start, shift.end))
    length = (end - start) % 96 or 96
    left = length - CUT_SHORT_H * SLOTS_AN_HOUR
    if left < SHORTEST_H * SLOTS_AN_HOUR:
        return
    for words, key, first in (
        ("two hours later", "later", start + length - left),
        ("two hours shorter", "shorter", start),
    ):
        hours = {
            **_hours(written),
            "start": clock(first % 96),
            "end": clock((first + left - 1) % 96 + 1),
        }
        pauses = {
            each: pause.model_dump()
            for each, pause in shift.breaks.items()
            if 0 < (clock_s(pause.start) // 900 - first) % 96 < left - pause.minutes / 15
        }
        hours.pop("breaks", None)
        if left > BREAK_ABOVE_H * SLOTS_AN_HOUR and shift.breaks and not pauses:
            continue
        if left >= BREAK_ABOVE_H * SLOTS_AN_HOUR and pauses:
            hours["breaks"] = pauses
        yield words, key, hours
