"""Who there is by name, when they cannot or would rather not come, and the duties to be dealt out.

A plan by groups says how many people start which shift; this step gives every duty one person. The
week is cyclic, all times are quarter-hours. What nobody may take under the rules is lost, and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Literal

from optimize.staffing.problem import (
    DAYS_A_WEEK,
    SLOTS_A_DAY,
    SLOTS_A_WEEK,
    SLOTS_AN_HOUR,
    Template,
)
from optimize.staffing.tours.problem import Duty, Group, TourPlan, TourProblem

MAX_NAME_CHARACTERS = 100
MAX_WISH_WEIGHT = 10

EARLY_BEFORE = 7 * SLOTS_AN_HOUR
"""A duty that starts before 07:00 is an early one."""
LATE_AFTER = 20 * SLOTS_AN_HOUR
"""A duty that ends after 20:00, or on the next day, is a late one."""
WEEKEND = (5, 6)
NIGHT_ENDS = 3 * SLOTS_AN_HOUR
"""A start before 03:00 is close to one at 23:00: it counts as 24 hours later."""


@dataclass(frozen=True)
class Window:
    """Quarter-hours of the cyclic week.

    Parameters
    ----------
    first
        Quarter-hour of the week, 0 to 671.
    length
        Quarter-hours, 1 to 672; may reach over the week's end.
    """

    first: int
    length: int

    def __post_init__(self) -> None:
        if not (0 <= self.first < SLOTS_A_WEEK and 1 <= self.length <= SLOTS_A_WEEK):
            raise ValueError(f"{self}: not a window of the week; first 0 to 671, length 1 to 672")

    def meets(self, start: int, length: int) -> bool:
        """Return whether something from ``start`` on shares a quarter-hour with the window."""
        ahead = (start - self.first) % SLOTS_A_WEEK
        return ahead < self.length or ahead + length > SLOTS_A_WEEK


def weekday(day: int) -> Window:
    """Return a whole day, midnight to midnight; 0 is Monday."""
    return Window(day * SLOTS_A_DAY, SLOTS_A_DAY)


@dataclass(frozen=True)
class Absence:
    """A time in which a person cannot be in the house: leave, school, another job.

    Parameters
    ----------
    window
        When.
    paid_slots
        Paid quarter-hours of it, as of leave: they count as hours of the week for the contract's
        least hours and for fairness, not for the most hours.
    """

    window: Window
    paid_slots: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.paid_slots <= self.window.length:
            raise ValueError(f"{self}: 0 to {self.window.length} quarter-hours of it can be paid")


@dataclass(frozen=True)
class Wish:
    """What a person would like; granted where nothing weightier speaks against it.

    Parameters
    ----------
    kind
        "free": not in the house in the window. "work": a duty starts in the window; a shift is
        wished for by the window of one quarter-hour in which it starts.
    window
        When.
    weight
        1 to 10.
    """

    kind: Literal["free", "work"]
    window: Window
    weight: int = 1

    def __post_init__(self) -> None:
        if self.kind not in ("free", "work") or not 1 <= self.weight <= MAX_WISH_WEIGHT:
            raise ValueError(f"{self}: free or work, with a weight of 1 to {MAX_WISH_WEIGHT}")


@dataclass(frozen=True)
class Person:
    """Somebody of a group.

    Parameters
    ----------
    name
        Unique, 1 to 100 characters, all of them visible or spaces.
    group
        Name of their group, whose contract is theirs.
    absences
        When they cannot come.
    wishes
        What they would like.
    balance_slots
        Quarter-hours worked above (or, negative, below) their share in weeks before.
    """

    name: str
    group: str
    absences: tuple[Absence, ...] = ()
    wishes: tuple[Wish, ...] = ()
    balance_slots: int = 0

    def __post_init__(self) -> None:
        if not (
            self.name.strip() and len(self.name) <= MAX_NAME_CHARACTERS and self.name.isprintable()
        ):
            raise ValueError(
                f"a person named {self.name[:120]!r}: a name has 1 to {MAX_NAME_CHARACTERS} "
                "characters, none of them a line's end or another invisible one"
            )
        if abs(self.balance_slots) > 52 * SLOTS_A_WEEK:
            raise ValueError(f"{self.name}: a balance of {self.balance_slots} quarter-hours")

    @property
    def paid_leave_slots(self) -> int:
        """Paid quarter-hours of all absences."""
        return sum(absence.paid_slots for absence in self.absences)


@dataclass(frozen=True)
class Weights:
    """What each thing that is not as it should be weighs; all at least 0.

    A lost quarter-hour weighs more than any duty can cost its person, and a quarter-hour outside
    the contract more than any wish: in effect loss comes first, then contracts, then the rest.

    Parameters
    ----------
    lost
        A quarter-hour of a duty that nobody takes.
    outside
        A quarter-hour below the contract's least hours, or of overtime.
    wish
        A wish not granted, times its weight.
    hours
        A quarter-hour of paid time (with balance and paid leave) away from the group's mean; two
        and three times this beyond 4 and 8 hours.
    weekend, late, early
        The square of a person's number of such duties.
    steady
        A quarter-hour between the earliest and the latest start of a person's week.
    """

    lost: int = 1_000_000
    outside: int = 2_000
    wish: int = 100
    hours: int = 8
    weekend: int = 60
    late: int = 20
    early: int = 20
    steady: int = 2

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if type(value) is not int or not 0 <= value <= 1_000_000:
                raise ValueError(f"weight {name} is {value!r}; 0 to 1,000,000 are possible")
        if self.lost <= self.outside:
            raise ValueError("a lost quarter-hour must weigh more than one outside the contract")


@dataclass(frozen=True)
class NamedProblem:
    """Give every duty one person of its group.

    Parameters
    ----------
    groups
        Contracts by group.
    duties
        What the groups are to work.
    people
        Everybody.
    weights
        What is better.
    """

    groups: tuple[Group, ...]
    duties: tuple[Duty, ...]
    people: tuple[Person, ...]
    weights: Weights = Weights()

    def __post_init__(self) -> None:
        groups = {group.name for group in self.groups}
        names: dict[str, Person] = {}
        for person in self.people:
            if person.group not in groups:
                known = ", ".join(group.name for group in self.groups)
                raise ValueError(f"{person.name}: no group {person.group!r}; there are {known}")
            if person.name in names:
                raise ValueError(f"two people are named {person.name!r}; add a number to one")
            names[person.name] = person
        for duty in self.duties:
            if duty.group not in groups or duty.people < 1 or not 0 <= duty.day < DAYS_A_WEEK:
                raise ValueError(f"{duty}: a group that there is, a day 0 to 6, and people above 0")


def named_problem(
    problem: TourProblem,
    plan: TourPlan,
    people: Sequence[Person] = (),
    weights: Weights = Weights(),
) -> NamedProblem:
    """Return the duties of a plan with the people to take them.

    Parameters
    ----------
    problem, plan
        Groups with their contracts; duties, and how many people the plan counts on.
    people
        Whom the plan counts on beyond those named here is made up, as "pickers-full-003"; where
        more are named than it counts on, all of them may get duties.
    weights
        What is better.

    Raises
    ------
    ValueError
        If a person's group is unknown or a name stands twice.
    """
    counted = dict(plan.people)
    taken = {person.name for person in people}
    made_up: list[Person] = []
    for group in problem.groups:
        missing = counted.get(group.name, 0) - sum(p.group == group.name for p in people)
        numbered = (f"{group.name}-{number:03d}" for number in count(1))
        free = (name for name in numbered if name not in taken)
        made_up += [Person(name, group.name) for name in islice(free, max(0, missing))]
    return NamedProblem(problem.groups, plan.duties, (*people, *made_up), weights)


@dataclass(frozen=True)
class PersonWeek:
    """One person's week.

    Attributes
    ----------
    name, role, group
        Who.
    duties
        (weekday, shift) in the order of the week.
    """

    name: str
    role: str
    group: str
    duties: tuple[tuple[int, Template], ...]

    @property
    def paid_slots(self) -> int:
        """Paid quarter-hours of the week's duties."""
        return sum(template.length for _, template in self.duties)


@dataclass(frozen=True)
class Result:
    """Everybody's week, checked.

    Attributes
    ----------
    weeks
        One entry a person, in the order of the problem.
    unassigned
        What nobody may take: duties with the number of people missing.
    lost_slots
        Paid quarter-hours of these duties.
    lost_slots_bound
        No way of dealing loses fewer.
    missed_slots, overtime_slots
        Quarter-hours below the least and above the most hours of the contracts, over all people.
    wishes, granted
        Weight of all wishes, and of those granted.
    fewest_people
        (group, people): fewer could not take all its duties, whoever they are.
    cost
        Weighted sum of all that is not as it should be (see `Weights`).
    bound
        No way of dealing costs less.
    gap
        (cost - bound) / max(1, cost).
    status
        "optimal" where proved, else "feasible".
    seed
        Seed of the search.
    time_s
        Seconds it took.
    """

    weeks: tuple[PersonWeek, ...]
    unassigned: tuple[Duty, ...]
    lost_slots: int
    lost_slots_bound: int
    missed_slots: int
    overtime_slots: int
    wishes: int
    granted: int
    fewest_people: tuple[tuple[str, int], ...]
    cost: int
    bound: int
    gap: float
    status: Literal["optimal", "feasible"]
    seed: int
    time_s: float

    @property
    def lost_hours(self) -> float:
        """Paid hours of the duties that nobody takes."""
        return self.lost_slots / SLOTS_AN_HOUR
