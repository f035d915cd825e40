"""Reads a roster rule by rule and prices it, without anything that the search uses."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from optimize.rostering.activities.problem import (
    DAY_MIN,
    Counts,
    Person,
    Problem,
    Roster,
    Rules,
    Shift,
)


class Price(NamedTuple):
    """What a roster comes to.

    Attributes
    ----------
    cost
        Sum of the squares of cover above the most.
    missing
        Sum of the cover missing to the least.
    """

    cost: int
    missing: int


def check(problem: Problem, roster: Roster) -> Price:
    """Return the price of a roster whose people's shifts keep all rules.

    Raises
    ------
    ValueError
        If a rule is broken, with the person and the rule. Missing cover is no error: it is counted.
    """
    if len(roster) != len(problem.people):
        raise ValueError(
            f"shifts of {len(roster)} people; the problem has {len(problem.people)} people"
        )
    for person, shifts in zip(problem.people, roster, strict=True):
        for broken in _broken(problem, person, shifts):
            raise ValueError(f"person {person.name}: {broken}")
    cover = _cover(problem, roster)
    above = np.maximum(cover - problem.most, 0)
    return Price(int((above**2).sum()), int(np.maximum(problem.least - cover, 0).sum()))


def _cover(problem: Problem, roster: Roster) -> Counts:
    """Return how many people work on each task in each interval."""
    cover = np.zeros(problem.least.shape, np.int64)
    width = problem.rules.interval_min
    for shifts in roster:
        for shift in shifts:
            clock_min = shift.start_min - problem.begin_min
            for task, length_min in shift.stretches:
                cover[task, clock_min // width : (clock_min + length_min) // width] += 1
                clock_min += length_min
    return cover


def _broken(problem: Problem, person: Person, shifts: tuple[Shift, ...]) -> list[str]:
    """Return the rules that somebody's shifts break, in words."""
    rules = problem.rules
    found = [words for shift in shifts for words in _broken_by_shift(problem, person, shift)]
    for before, after in pairwise(shifts):
        if after.start_min - before.end_min < rules.rest_min:
            found.append(f"less than {rules.rest_min} minutes of rest before {after.start_min}")
    days = [shift.start_min // DAY_MIN for shift in shifts]
    if any(before >= after for before, after in pairwise(days)):
        found.append(f"two shifts start on a day, or out of order: days {days}")
    if _longest_run(days) > rules.days_in_a_row:
        found.append(f"more than {rules.days_in_a_row} days in a row: days {days}")
    total_min = sum(shift.length_min for shift in shifts)
    if not person.least_min <= total_min <= person.most_min:
        found.append(f"{total_min} minutes, not {person.least_min} to {person.most_min}")
    return found


def _broken_by_shift(problem: Problem, person: Person, shift: Shift) -> list[str]:
    """Return the rules that one shift breaks, in words."""
    rules = problem.rules
    found = []
    end_min = problem.begin_min + problem.intervals * rules.interval_min
    where = f"the shift at minute {shift.start_min}"
    if shift.start_min < problem.begin_min or shift.end_min > end_min:
        found.append(f"{where} is not within the horizon")
    if not _may_start(rules, shift.start_min):
        found.append(f"{where} starts in no window, or off the grid")
    if not rules.shortest_min <= shift.length_min <= rules.longest_min:
        found.append(f"{where} has {shift.length_min} minutes")
    for (task, _), (later, _) in pairwise(shift.stretches):
        if task == later:
            found.append(f"{where} has one stretch written as two")
    for task, length_min in shift.stretches:
        if task not in problem.can_do(person):
            found.append(f"{where} has task {task}, which they cannot do")
        if length_min < rules.stretch_min or length_min % rules.interval_min:
            found.append(f"{where} has a stretch of {length_min} minutes")
    return found


def _may_start(rules: Rules, start_min: int) -> bool:
    """Return whether a shift may start at a minute."""
    minute = start_min % DAY_MIN
    in_window = any(first <= minute <= last for first, last in rules.starts_min)
    return in_window and minute % rules.interval_min == 0


def _longest_run(days: list[int]) -> int:
    """Return the length of the longest run of days without a gap."""
    longest = run = 0
    before = None
    for day in days:
        run = run + 1 if before is not None and day == before + 1 else 1
        longest = max(longest, run)
        before = day
    return longest
