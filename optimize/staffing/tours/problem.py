"""Which groups of people there are, which shifts they may work, and what must be covered.

People who can do the same work under the same contract are one group: a number and not names, for
a yes or no a person drowns the search in symmetry. The week is cyclic. A shift is planned by the
day; who of a group works which of its shifts is settled afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal

from optimize.staffing.problem import (
    ALWAYS,
    DAYS_A_WEEK,
    MAX_HEADS,
    SLOTS_A_DAY,
    SLOTS_A_WEEK,
    SLOTS_AN_HOUR,
    Cover,
    Template,
)
from sim.scenario.schema import ROLES

EVERY_DAY = tuple(range(DAYS_A_WEEK))


@dataclass(frozen=True, order=True)
class ShiftType:
    """A shift that may be worked, its break anywhere in a window.

    Parameters
    ----------
    start
        Quarter-hour of the day, 0 to 95.
    length
        Paid quarter-hours, 1 to 96.
    break_length
        Quarter-hours of the one break, 0 for none.
    break_first, break_last
        Earliest and latest quarter-hour of the break, counted from the shift's start.
    days
        Weekdays on which it may start; 0 is Monday.
    """

    start: int
    length: int
    break_length: int = 0
    break_first: int = 0
    break_last: int = 0
    days: tuple[int, ...] = EVERY_DAY

    def __post_init__(self) -> None:
        if self.break_length and self.break_first > self.break_last:
            raise ValueError(f"{self}: the break's window ends before it begins")
        if not self.days or not all(0 <= day < DAYS_A_WEEK for day in self.days):
            raise ValueError(f"{self}: weekdays go from 0 (Monday) to 6, and there is at least one")
        for _ in self.templates():
            pass

    def templates(self) -> Iterator[Template]:
        """Yield the shift with each place of its break."""
        if not self.break_length:
            yield Template(self.start, self.length)
            return
        for after in range(self.break_first, self.break_last + 1):
            yield Template(self.start, self.length, after, self.break_length)


@dataclass(frozen=True)
class Contract:
    """What one person may and must work in a week.

    Parameters
    ----------
    name
        As the planner calls it.
    min_hours_a_week, max_hours_a_week
        Paid hours without overtime, full quarter-hours.
    overtime_hours_a_week
        Hours above ``max_hours_a_week`` that a person may work.
    overtime_percent
        What an hour of overtime costs above the wage, in per cent of it.
    max_days_a_week
        Days on which a shift starts.
    min_rest_h
        Hours between the end of a shift and the start of the next (2003/88/EC article 3: 11).
    lengths_h
        Lengths of shifts under the contract, paid hours; empty: every length.
    """

    name: str
    min_hours_a_week: float = 0
    max_hours_a_week: float = 40
    overtime_hours_a_week: float = 0
    overtime_percent: int = 50
    max_days_a_week: int = 5
    min_rest_h: float = 11
    lengths_h: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.min_hours_a_week <= self.max_hours_a_week <= 168:
            raise ValueError(
                f"contract {self.name}: {self.min_hours_a_week} to {self.max_hours_a_week} h; "
                "0 to 168 a week are possible, the least not above the most"
            )
        if not 1 <= self.max_days_a_week <= DAYS_A_WEEK or not 0 <= self.min_rest_h <= 24:
            raise ValueError(f"{self}: 1 to 7 days a week and 0 to 24 h of rest are possible")
        if self.overtime_hours_a_week < 0 or self.overtime_percent < 0:
            raise ValueError(f"{self}: overtime and its price are at least 0")

    @property
    def min_slots(self) -> int:
        """Paid quarter-hours a week at least."""
        return round(self.min_hours_a_week * SLOTS_AN_HOUR)

    @property
    def max_slots(self) -> int:
        """Paid quarter-hours a week at most, without overtime."""
        return round(self.max_hours_a_week * SLOTS_AN_HOUR)

    @property
    def overtime_slots(self) -> int:
        """Quarter-hours of overtime a week at most."""
        return round(self.overtime_hours_a_week * SLOTS_AN_HOUR)

    @property
    def rest_slots(self) -> int:
        """Full quarter-hours of rest between two shifts."""
        return ceil(self.min_rest_h * SLOTS_AN_HOUR)

    def allows(self, shift: ShiftType) -> bool:
        """Return whether a person may work a shift of this length."""
        return not self.lengths_h or shift.length / SLOTS_AN_HOUR in self.lengths_h


@dataclass(frozen=True)
class Group:
    """People of one role with the same skills and contract.

    Parameters
    ----------
    name
        Unique.
    role
        Role under which they stand in the roster, one of ROLES.
    skills
        Roles whose work they can do, their own among them.
    contract
        Their contract.
    people_min, people_max
        How many there are at least and may be at most; equal where the staff is fixed.
    wage_cents_per_h
        Cents of a paid hour.
    person_cents_a_week
        What one more person costs a week whatever they work.
    """

    name: str
    role: str
    skills: tuple[str, ...]
    contract: Contract
    people_min: int
    people_max: int
    wage_cents_per_h: int
    person_cents_a_week: int = 0

    def __post_init__(self) -> None:
        if self.role not in ROLES or any(skill not in ROLES for skill in self.skills):
            raise ValueError(f"group {self.name}: roles are {', '.join(ROLES)}")
        if self.role not in self.skills:
            raise ValueError(f"group {self.name}: its people cannot do their own role {self.role}")
        if not 0 <= self.people_min <= self.people_max <= MAX_HEADS:
            raise ValueError(
                f"group {self.name}: {self.people_min} to {self.people_max} people; "
                f"0 to {MAX_HEADS} are possible"
            )


@dataclass(frozen=True)
class SkillNeed:
    """What the work of one role needs.

    Parameters
    ----------
    skill
        One of ROLES.
    heads
        People wanted in each of the 672 quarter-hours.
    minimum
        People that must be there in each quarter-hour whatever it costs; empty for none.
    covers
        Windows with work that must be done inside them, always kept.
    opened
        In which quarter-hours people of the role may be in the house.
    short_cents
        Price of one person missing from ``heads`` for a quarter-hour; None: nobody may be missing.
    """

    skill: str
    heads: tuple[int, ...]
    minimum: tuple[int, ...] = ()
    covers: tuple[Cover, ...] = ()
    opened: tuple[bool, ...] = ALWAYS
    short_cents: int | None = None

    def __post_init__(self) -> None:
        if self.skill not in ROLES:
            raise ValueError(f"unknown role {self.skill!r}; known are {', '.join(ROLES)}")
        for values in (self.heads, self.opened, *((self.minimum,) if self.minimum else ())):
            if len(values) != SLOTS_A_WEEK:
                raise ValueError(f"{self.skill}: {len(values)} quarter-hours, a week has 672")
        for number in (*self.heads, *self.minimum):
            if type(number) is not int or not 0 <= number <= MAX_HEADS:
                raise ValueError(f"{self.skill}: {number!r} people; 0 to {MAX_HEADS} are possible")


@dataclass(frozen=True)
class Term:
    """Person-quarter-hours of a role in a window, times a weight."""

    role: str
    first: int
    length: int
    weight: int


@dataclass(frozen=True)
class Cut:
    """What the simulation taught: a weighted sum of people at work is at least so much.

    Parameters
    ----------
    name
        In words, for the record.
    terms
        People of groups that stand under each role, breaks taken off.
    at_least
        The right-hand side.
    """

    name: str
    terms: tuple[Term, ...]
    at_least: int


@dataclass(frozen=True)
class TourProblem:
    """Find the cheapest shifts of all groups that cover what is needed.

    Parameters
    ----------
    groups
        Who there is.
    shifts
        What may be worked.
    needs
        One entry a skill.
    cuts
        Rows from the simulation.
    """

    groups: tuple[Group, ...]
    shifts: tuple[ShiftType, ...]
    needs: tuple[SkillNeed, ...]
    cuts: tuple[Cut, ...] = ()

    def __post_init__(self) -> None:
        for what, names in (
            ("group", [group.name for group in self.groups]),
            ("skill", [need.skill for need in self.needs]),
        ):
            if len(dict.fromkeys(names)) != len(names):
                raise ValueError(f"a {what} is named twice: {', '.join(names)}")


@dataclass(frozen=True, order=True)
class Duty:
    """So many people of a group work this shift on this weekday."""

    group: str
    day: int
    template: Template
    people: int

    @property
    def start(self) -> int:
        """Quarter-hour of the week at which it starts."""
        return self.day * SLOTS_A_DAY + self.template.start


@dataclass(frozen=True)
class TourPlan:
    """A week's duties by group, checked.

    Attributes
    ----------
    duties
        In the order of groups, days and templates.
    people
        (group, people): how many persons the plan counts on.
    overtime_slots
        (group, paid quarter-hours above the contract's hours).
    short
        (skill, quarter-hour, people missing).
    wage_cents
        Wages of the week, overtime included.
    cost_cents
        Wages, price of persons and of missing people: what was minimised.
    bound_cents
        No plan of the grouped problem is cheaper.
    gap
        (cost - bound) / max(1, cost).
    status
        "optimal" where proved, else "feasible".
    method
        How it was found, in words.
    seed
        Seed of the search.
    """

    duties: tuple[Duty, ...]
    people: tuple[tuple[str, int], ...]
    overtime_slots: tuple[tuple[str, int], ...]
    short: tuple[tuple[str, int, int], ...]
    wage_cents: int
    cost_cents: int
    bound_cents: int
    gap: float
    status: Literal["optimal", "feasible"]
    method: str
    seed: int
