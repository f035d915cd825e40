"""What is to be rostered: named people with weekly minutes, and cover of activities by interval.

All times are whole minutes from 00:00 of the first calendar day, on a grid of intervals. The cost
of a roster is the sum over activities and intervals of the square of the cover above its most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

DAY_MIN = 1440

Counts = npt.NDArray[np.int64]


class Stretch(NamedTuple):
    """Time on one activity without a change.

    Attributes
    ----------
    task
        Number of the activity, from 0.
    length_min
        Minutes of it.
    """

    task: int
    length_min: int


class Shift(NamedTuple):
    """A shift: when it starts, and what is done in it, without a pause.

    Attributes
    ----------
    start_min
        Minutes from 00:00 of the first calendar day.
    stretches
        One after the other.
    """

    start_min: int
    stretches: tuple[Stretch, ...]

    @property
    def length_min(self) -> int:
        """Return the minutes of all stretches."""
        return sum(stretch.length_min for stretch in self.stretches)

    @property
    def end_min(self) -> int:
        """Return the minute at which it ends."""
        return self.start_min + self.length_min


Roster = tuple[tuple[Shift, ...], ...]
"""For each person their shifts in the order of time."""


class Person(NamedTuple):
    """Somebody who is rostered.

    Attributes
    ----------
    name
        How messages call them.
    least_min, most_min
        Fewest and most minutes of their shifts in the horizon.
    tasks
        Numbers of the activities that they can do; None: all.
    """

    name: str
    least_min: int
    most_min: int
    tasks: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Rules:
    """What every person's shifts keep to.

    Parameters
    ----------
    interval_min
        Minutes of an interval; shifts and stretches start and end on this grid.
    starts_min
        Windows of a calendar day in which a shift may start: first and last minute, both included.
        At most one shift starts on a calendar day.
    shortest_min, longest_min
        Minutes of a shift.
    stretch_min
        Fewest minutes on an activity before the next, or before the end.
    rest_min
        Fewest minutes from the end of a shift to the start of the next.
    days_in_a_row
        Most calendar days one after the other on which a shift starts.

    Raises
    ------
    ValueError
        If a number cannot be used, or the numbers contradict each other.
    """

    interval_min: int = 15
    starts_min: tuple[tuple[int, int], ...] = ((0, 0), (360, 600), (840, 1080), (1200, 1425))
    shortest_min: int = 360
    longest_min: int = 600
    stretch_min: int = 60
    rest_min: int = 840
    days_in_a_row: int = 5

    def __post_init__(self) -> None:
        if self.interval_min < 1 or DAY_MIN % self.interval_min:
            raise ValueError(
                f"intervals of {self.interval_min} minutes; a number that divides {DAY_MIN} is"
                " needed"
            )
        lengths = {
            "shortest_min": self.shortest_min,
            "longest_min": self.longest_min,
            "stretch_min": self.stretch_min,
            "rest_min": self.rest_min,
        }
        for name, minutes in lengths.items():
            if minutes < (name != "rest_min") or minutes % self.interval_min:
                raise ValueError(
                    f"{name} is {minutes}; a positive multiple of interval_min"
                    f" {self.interval_min} is needed"
                )
        if not self.stretch_min <= self.shortest_min <= self.longest_min:
            raise ValueError(
                f"stretch_min {self.stretch_min}, shortest_min {self.shortest_min}, longest_min"
                f" {self.longest_min}; each may be at most the next"
            )
        if self.days_in_a_row < 1:
            raise ValueError(f"days_in_a_row is {self.days_in_a_row}; at least 1 is needed")
        self._check_starts()

    def _check_starts(self) -> None:
        before = -1
        for first, last in self.starts_min:
            if not before < first <= last < DAY_MIN or first % self.interval_min:
                raise ValueError(
                    f"shifts start from minute {first} to {last}; a window lies on the grid of"
                    f" {self.interval_min} minutes, in one day, and behind the window before it"
                )
            before = last
        if not self.starts_min:
            raise ValueError("no window in which shifts may start; at least one is needed")


@dataclass(frozen=True)
class Problem:
    """People, the cover that is asked for, and the rules.

    Parameters
    ----------
    people
        At least one.
    least, most
        Fewest people, and most without a cost, on each activity in each interval of the horizon:
        whole numbers of shape (tasks, intervals).
    begin_min
        Minute of the first calendar day at which the horizon begins; shifts lie within it.
    rules
        What every person's shifts keep to.

    Raises
    ------
    ValueError
        If a number cannot be used, with the person or interval that has it.
    """

    people: tuple[Person, ...]
    least: Counts = field(repr=False)
    most: Counts = field(repr=False)
    begin_min: int = 0
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        if self.least.ndim != 2 or not self.least.size or self.least.shape != self.most.shape:
            raise ValueError(
                f"cover of shape {self.least.shape} at least and {self.most.shape} at most; one"
                " shape (tasks, intervals) is needed"
            )
        wrong = np.argwhere((self.least < 0) | (self.most < self.least))
        if len(wrong):
            task, slot = (int(number) for number in wrong[0])
            raise ValueError(
                f"task {task}, interval {slot}: at least {self.least[task, slot]} and at most"
                f" {self.most[task, slot]} people; 0 <= least <= most is needed"
            )
        if not 0 <= self.begin_min < DAY_MIN or self.begin_min % self.rules.interval_min:
            raise ValueError(
                f"the horizon begins at minute {self.begin_min}; a minute of the first day on the"
                f" grid of {self.rules.interval_min} minutes is needed"
            )
        if not self.people:
            raise ValueError("nobody to roster; at least one person is needed")
        for person in self.people:
            self._check_person(person)

    def _check_person(self, person: Person) -> None:
        if not 0 <= person.least_min <= person.most_min:
            raise ValueError(
                f"person {person.name}: {person.least_min} to {person.most_min} minutes;"
                " 0 <= least_min <= most_min is needed"
            )
        for task in person.tasks or ():
            if not 0 <= task < self.tasks:
                raise ValueError(
                    f"person {person.name}: task {task}; tasks are numbered 0 to {self.tasks - 1}"
                )

    @property
    def tasks(self) -> int:
        """Return the number of activities."""
        return int(self.least.shape[0])

    @property
    def intervals(self) -> int:
        """Return the number of intervals of the horizon."""
        return int(self.least.shape[1])

    def can_do(self, person: Person) -> tuple[int, ...]:
        """Return the numbers of the activities that somebody can do."""
        return tuple(range(self.tasks)) if person.tasks is None else person.tasks


@dataclass(frozen=True)
class Result:
    """A roster that was checked.

    Attributes
    ----------
    roster
        For each person their shifts.
    cost
        Sum of the squares of cover above the most; nothing is said of what is missing.
    missing
        Sum over activities and intervals of the cover missing to the least; 0 in a roster that
        keeps all rules.
    bound
        No roster that keeps all rules costs less.
    gap
        (cost - bound) / max(1, cost); infinite where cover is missing.
    status
        "optimal" where the bound proves it, "feasible", or "short" where cover is missing.
    seed
        Seed of the search.
    weeks
        Weeks of one person that were planned.
    time_s
        Processor seconds; no part of what makes two results equal.
    """

    roster: Roster
    cost: int
    missing: int
    bound: int
    gap: float
    status: Literal["optimal", "feasible", "short"]
    seed: int
    weeks: int
    time_s: float = field(compare=False)
