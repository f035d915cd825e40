"""Breaks by number: how many begin when, and afterwards whose they are.

A shift with a break window is one column and not one for each place of its break (Bechtold and
Jacobs 1990; Aykin 1996): beside it stands how many of the group begin a break in each quarter-hour.
Windows of one chain open and close in the same order, so that giving the next break to whoever has
waited longest fails only if every way of giving them fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimize.staffing.problem import Template
from optimize.staffing.tours.problem import ShiftType


def window(shift: ShiftType) -> tuple[int, int]:
    """Return the first and last quarter-hour of the day at which the break may begin."""
    return shift.start + shift.break_first, shift.start + shift.break_last


def movable(shift: ShiftType) -> bool:
    """Return whether the break has more than one place."""
    return bool(shift.break_length) and shift.break_first < shift.break_last


def chains(shifts: Sequence[ShiftType]) -> list[list[int]]:
    """Return the numbers of the shifts with movable breaks, in chains of equal breaks.

    In a chain no window lies strictly inside another, the condition under which the forward and
    backward rows of Bechtold and Jacobs are exact.
    """
    order = sorted(
        (number for number, shift in enumerate(shifts) if movable(shift)),
        key=lambda number: (shifts[number].break_length, *window(shifts[number]), number),
    )
    found: list[list[int]] = []
    for number in order:
        for chain in found:
            last = shifts[chain[-1]]
            if (
                last.break_length == shifts[number].break_length
                and window(last)[1] <= window(shifts[number])[1]
            ):
                chain.append(number)
                break
        else:
            found.append([number])
    return found


def placed(
    shifts: Sequence[ShiftType], people: Sequence[int], breaks: Mapping[int, int]
) -> dict[Template, int]:
    """Return the people of each shift with their break in place, earliest end of window first.

    Parameters
    ----------
    shifts
        Shifts of one chain.
    people
        How many work each.
    breaks
        For each quarter-hour of the day how many begin their break.

    Raises
    ------
    ValueError
        If a break finds nobody, or somebody none: the numbers do not belong together.
    """
    left = list(people)
    found: dict[Template, int] = {}
    for slot in sorted(breaks):
        wanted = breaks[slot]
        while wanted:
            waiting = [
                (window(shift)[1], number)
                for number, shift in enumerate(shifts)
                if left[number] and window(shift)[0] <= slot <= window(shift)[1]
            ]
            if not waiting:
                raise ValueError(f"{wanted} breaks at quarter-hour {slot} find nobody")
            _, number = min(waiting)
            taken = min(wanted, left[number])
            shift = shifts[number]
            template = Template(shift.start, shift.length, slot - shift.start, shift.break_length)
            found[template] = found.get(template, 0) + taken
            left[number] -= taken
            wanted -= taken
    if any(left):
        raise ValueError(f"{sum(left)} people have no break")
    return found
