"""What is to be staffed: quarter-hours of a week, people needed in each, shifts of a day.

The week is cyclic: after Sunday 23:45 comes Monday 00:00. Need is stated twice over: heads in a
quarter-hour, and person-quarter-hours in a window (work that must be done by the truck).
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.scenario.schema import ROLES, WEEKDAYS

SLOT_S = 900
SLOTS_AN_HOUR = 4
SLOTS_A_DAY = 96
SLOTS_A_WEEK = 672
DAYS_A_WEEK = 7

MAX_HEADS = 10_000
"""Most people of a role at work at the same time."""

MAX_PERSON_SLOTS = 10_000_000


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


def day_wage_cents(wage_cents_per_h: int, slots: int) -> int:
    """Return the wage of a shift of ``slots`` quarter-hours, rounded to the cent."""
    return (2 * wage_cents_per_h * slots + SLOTS_AN_HOUR) // (2 * SLOTS_AN_HOUR)


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
