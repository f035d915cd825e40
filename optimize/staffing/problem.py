"""What is to be staffed: quarter-hours of a week, people needed in each, shifts and labour rules.

The week is cyclic: after Sunday 23:45 comes Monday 00:00. Need is stated twice over: heads in a
quarter-hour, and person-quarter-hours in a window (work that must be done by the truck). People of
a role who work the same shift on the same days are one team, a number and not names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.scenario.schema import ROLES, WEEKDAYS

SLOT_S = 900
SLOTS_AN_HOUR = 4
SLOTS_A_DAY = 96
SLOTS_A_WEEK = 672
DAYS_A_WEEK = 7

MAX_HEADS = 10_000
"""Most people of a role at work at the same time."""

MAX_PERSON_SLOTS = 10_000_000

FIVE_DAYS = tuple(tuple((first + day) % 7 for day in range(5)) for first in range(7))
"""Whole-week tours: five days in a row, from each weekday on; 0 is Monday."""

SINGLE_DAYS = tuple((day,) for day in range(7))


@dataclass(frozen=True, order=True)
class Template:
    """A shift of a day, in quarter-hours.

    Parameters
    ----------
    start
        Quarter-hour of the day at which it starts, 0 to 95.
    length
        Paid quarter-hours, 1 to 96; may reach into the next day.
    break_after
        Quarter-hours from the start to the break; without meaning where there is none.
    break_length
        Quarter-hours of the break, 0 for none.
    """

    start: int
    length: int
    break_after: int = 0
    break_length: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.start < SLOTS_A_DAY and 1 <= self.length <= SLOTS_A_DAY):
            raise ValueError(f"{self}: a shift starts at 0 to 95 and lasts 1 to 96 quarter-hours")
        if self.break_length and not (
            self.break_after > 0
            and self.break_length > 0
            and self.break_after + self.break_length < self.length
        ):
            raise ValueError(f"{self}: the break must lie inside the shift")

    @property
    def working(self) -> tuple[int, ...]:
        """Quarter-hours from the start at which people of the shift are at work."""
        pause = range(self.break_after, self.break_after + self.break_length)
        return tuple(slot for slot in range(self.length) if slot not in pause)


def templates(
    starts_h: Iterable[int] = range(5, 17),
    lengths_h: Sequence[int] = (4, 6, 8),
    *,
    break_minutes: int = 30,
    break_from_h: int = 6,
) -> tuple[Template, ...]:
    """Return the shifts of a grid of starts and lengths, the long ones with a break.

    Parameters
    ----------
    starts_h, lengths_h
        Full hours of the day; hours.
    break_minutes
        Length of the one break in the middle, a multiple of 15.
    break_from_h
        Hours from which on a shift has the break (ArbZG section 4 asks for 30 minutes above 6 h).
    """
    return tuple(
        day_shift(
            start * SLOTS_AN_HOUR, hours, break_minutes=break_minutes, break_from_h=break_from_h
        )
        for start in starts_h
        for hours in lengths_h
    )


def day_shift(
    start: int, hours: int, *, break_minutes: int = 30, break_from_h: int = 6
) -> Template:
    """Return a shift from a quarter-hour of the day on, with a break in the middle if it is long.

    Parameters
    ----------
    start
        Quarter-hour of the day, 0 to 95.
    hours
        Paid hours.
    break_minutes, break_from_h
        See `templates`.
    """
    if break_minutes % 15:
        raise ValueError(f"a break of {break_minutes} minutes is no multiple of 15")
    length, rest = hours * SLOTS_AN_HOUR, break_minutes // 15
    if hours < break_from_h or not rest:
        return Template(start, length)
    return Template(start, length, (length - rest) // 2, rest)


@dataclass(frozen=True)
class Rules:
    """Labour rules for one person.

    Parameters
    ----------
    max_hours_a_week
        Paid hours.
    max_days_a_week
        Days on which a shift starts.
    min_rest_h
        Hours between the end of a shift and the start of the next (2003/88/EC article 3: 11).
    min_shift_h
        Shortest shift anybody is called in for.
    """

    max_hours_a_week: int = 40
    max_days_a_week: int = 5
    min_rest_h: int = 11
    min_shift_h: int = 4


ALWAYS = (True,) * SLOTS_A_WEEK
"""Opening hours of a house that never closes."""


@dataclass(frozen=True)
class Cover:
    """Work that must be done in a window: so many person-quarter-hours at work.

    Parameters
    ----------
    first
        Quarter-hour of the week, 0 to 671.
    length
        Quarter-hours of the window, 1 to 672; may reach over the week's end.
    person_slots
        People times quarter-hours needed, at least 1.
    """

    first: int
    length: int
    person_slots: int

    def __post_init__(self) -> None:
        if not (
            0 <= self.first < SLOTS_A_WEEK
            and 1 <= self.length <= SLOTS_A_WEEK
            and 1 <= self.person_slots <= MAX_PERSON_SLOTS
        ):
            raise ValueError(f"{self}: not a window of the week with work in it")


@dataclass(frozen=True)
class Need:
    """What one role needs.

    Parameters
    ----------
    role
        One of ROLES.
    wage_cents_per_h
        Cents of a paid hour.
    heads
        People at work in each of the 672 quarter-hours.
    covers
        Windows with work that must be done inside them.
    opened
        In which of the 672 quarter-hours people of the role may be in the house.
    """

    role: str
    wage_cents_per_h: int
    heads: tuple[int, ...]
    covers: tuple[Cover, ...] = ()
    opened: tuple[bool, ...] = ALWAYS

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ValueError(f"unknown role {self.role!r}; known are {', '.join(ROLES)}")
        for values in (self.heads, self.opened):
            if len(values) != SLOTS_A_WEEK:
                raise ValueError(f"{self.role}: {len(values)} quarter-hours, a week has 672")
        wrong = [n for n in self.heads if type(n) is not int or not 0 <= n <= MAX_HEADS]
        if wrong:
            raise ValueError(f"{self.role}: {wrong[0]!r} people; 0 to {MAX_HEADS} are possible")
        if type(self.wage_cents_per_h) is not int or not 0 <= self.wage_cents_per_h <= 10**7:
            raise ValueError(f"{self.role}: a wage of {self.wage_cents_per_h!r} cents an hour")


@dataclass(frozen=True)
class Problem:
    """Find the cheapest teams that are at work when people are needed.

    Parameters
    ----------
    needs
        One entry a role.
    templates
        Shifts that may be used.
    patterns
        Sets of weekdays (0 is Monday) on which a team works its shift.
    rules
        Labour rules.
    single_day_extra_percent
        What a duty of a single day costs above its wage, as a price for calling somebody in for
        one day (25 is the casual loading of Australian awards); not part of the wage bill.
    short_percent
        Price of a person missing for a quarter-hour, in per cent of that quarter-hour's wage; None
        where nobody may be missing. Windows (``covers``) are always kept.
    """

    needs: tuple[Need, ...]
    templates: tuple[Template, ...] = templates()
    patterns: tuple[tuple[int, ...], ...] = FIVE_DAYS + SINGLE_DAYS
    rules: Rules = Rules()
    single_day_extra_percent: int = 25
    short_percent: int | None = None

    def __post_init__(self) -> None:
        roles = [need.role for need in self.needs]
        if len(dict.fromkeys(roles)) != len(roles):
            raise ValueError(f"a role is named twice: {', '.join(roles)}")
        for pattern in self.patterns:
            if not pattern or len(dict.fromkeys(pattern)) != len(pattern):
                raise ValueError(f"{pattern!r}: a pattern names each of its weekdays once")
            if not all(0 <= day < DAYS_A_WEEK for day in pattern):
                raise ValueError(f"{pattern!r}: weekdays go from 0 (Monday) to 6")
        if self.single_day_extra_percent < 0 or (self.short_percent or 0) < 0:
            raise ValueError("a price below 0 per cent")

    def duties(self) -> Iterator[tuple[Template, tuple[int, ...]]]:
        """Yield every shift and pattern that the labour rules allow, as they were declared."""
        for template in dict.fromkeys(self.templates):
            for pattern in dict.fromkeys(self.patterns):
                if forbidden(template, pattern, self.rules) is None:
                    yield template, pattern

    def duties_of(self, need: Need) -> Iterator[tuple[Template, tuple[int, ...]]]:
        """Yield the shifts and patterns allowed to a role: those that lie in its open hours."""
        for template, pattern in self.duties():
            starts = [day * SLOTS_A_DAY + template.start for day in pattern]
            if all(
                need.opened[(start + slot) % SLOTS_A_WEEK]
                for start in starts
                for slot in range(template.length)
            ):
                yield template, pattern

    def duty_cents(self, need: Need, template: Template, pattern: tuple[int, ...]) -> int:
        """Return what one person on a shift and pattern costs a week, extra included."""
        wage = len(pattern) * day_wage_cents(need.wage_cents_per_h, template.length)
        extra = self.single_day_extra_percent if len(pattern) == 1 else 0
        return wage + _rounded(wage * extra, 100)

    def short_cents(self, need: Need) -> int:
        """Return the price of one person missing for one quarter-hour, rounded up."""
        assert self.short_percent is not None
        return -(-need.wage_cents_per_h * self.short_percent // (SLOTS_AN_HOUR * 100))


def day_wage_cents(wage_cents_per_h: int, slots: int) -> int:
    """Return the wage of a shift of ``slots`` quarter-hours, rounded to the cent."""
    return _rounded(wage_cents_per_h * slots, SLOTS_AN_HOUR)


def _rounded(value: int, divisor: int) -> int:
    return (2 * value + divisor) // (2 * divisor)


def forbidden(template: Template, pattern: Sequence[int], rules: Rules) -> str | None:
    """Return the labour rule that forbids a shift on these days, in words, or None."""
    if template.length < rules.min_shift_h * SLOTS_AN_HOUR:
        return f"no shift may be shorter than {rules.min_shift_h} h"
    if len(pattern) > rules.max_days_a_week:
        return f"nobody may work more than {rules.max_days_a_week} days a week"
    if template.length * len(pattern) > rules.max_hours_a_week * SLOTS_AN_HOUR:
        return f"nobody may work more than {rules.max_hours_a_week} h a week"
    days = sorted(pattern)
    turns = [
        (after - day) % DAYS_A_WEEK or DAYS_A_WEEK
        for day, after in zip(days, days[1:] + days[:1], strict=True)
    ]
    if min(turns) * SLOTS_A_DAY - template.length < rules.min_rest_h * SLOTS_AN_HOUR:
        return f"everybody rests at least {rules.min_rest_h} h between two shifts"
    return None


def week_slots(template: Template, pattern: Sequence[int]) -> Iterator[int]:
    """Yield the quarter-hours of the week in which somebody on these duties is at work."""
    for day in pattern:
        for slot in template.working:
            yield (day * SLOTS_A_DAY + template.start + slot) % SLOTS_A_WEEK


def slot_words(slot: int) -> str:
    """Return a quarter-hour of the week in words.

    >>> slot_words(97)
    'tue 00:15'
    """
    day, inside = divmod(slot % SLOTS_A_WEEK, SLOTS_A_DAY)
    return f"{WEEKDAYS[day]} {clock(inside)}"


def clock(slot: int) -> str:
    """Return the clock time of a quarter-hour of the day; the end of the day is 24:00.

    >>> clock(25), clock(96)
    ('06:15', '24:00')
    """
    return f"{slot // SLOTS_AN_HOUR:02d}:{slot % SLOTS_AN_HOUR * 15:02d}"


@dataclass(frozen=True)
class Team:
    """People of a role who work the same shift on the same days.

    Parameters
    ----------
    role
        One of ROLES.
    template
        Their shift.
    days
        Weekdays, 0 is Monday.
    people
        How many, at least 1.
    """

    role: str
    template: Template
    days: tuple[int, ...]
    people: int


@dataclass(frozen=True)
class Result:
    """Teams for a week, checked.

    Attributes
    ----------
    teams
        In the order of roles, shifts and patterns.
    short
        (role, quarter-hour of the week, people missing); empty where nobody may be missing.
    wage_cents
        Wage bill of the week.
    cost_cents
        Wage bill, extra for single days and price of missing people: what was minimised.
    bound_cents
        No plan is cheaper than this.
    gap
        (cost - bound) / max(1, cost).
    status
        "optimal" where proved, else "feasible".
    deterministic_time_s
        Work of the solver in its own deterministic seconds.
    seed
        Seed of the search.
    """

    teams: tuple[Team, ...]
    short: tuple[tuple[str, int, int], ...]
    wage_cents: int
    cost_cents: int
    bound_cents: int
    gap: float
    status: Literal["optimal", "feasible"]
    deterministic_time_s: float
    seed: int
