"""People: shifts of the week with breaks, heads per role, wages, the rule at a shift's end."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import Field

from sim.scenario.schema.base import (
    WEEKDAYS,
    ClockTime,
    DateText,
    Name,
    NotNegative,
    Probability,
    Section,
    Weekday,
)

Heads = Annotated[int, Field(ge=0, le=100_000)]
Role = Literal[
    "clerks",
    "pickers",
    "packers",
    "dispatchers",
    "receivers",
    "returns_clerks",
    "replenishers",
    "specialists",
]
ROLES: tuple[str, ...] = get_args(Role)


class Break(Section):
    """A break of everybody on the shift."""

    start: ClockTime
    minutes: Annotated[float, Field(gt=0.0, le=480.0)]


class ShiftDay(Section):
    """What is different about a shift on one day; what is not named stays as it is."""

    start: ClockTime | None = Field(None, description="start on this day")
    end: ClockTime | None = Field(None, description="end on this day")
    breaks: dict[Name, Break] | None = Field(
        None, description="all breaks of this day, written as above; `{}` for none"
    )
    clerks: Heads | None = None
    pickers: Heads | None = None
    packers: Heads | None = None
    dispatchers: Heads | None = None
    receivers: Heads | None = None
    returns_clerks: Heads | None = None
    replenishers: Heads | None = None
    specialists: Heads | None = None


class Shift(Section):
    """One shift, repeated on its days. An end before the start means the next day."""

    days: Annotated[list[Weekday], Field(min_length=1, max_length=7)] = Field(
        default_factory=lambda: ["mon", "tue", "wed", "thu", "fri"]
    )
    start: ClockTime
    end: ClockTime
    breaks: dict[Name, Break] = Field(default_factory=dict)
    clerks: Heads = Field(0, description="order entry, fraud checks, mending")
    pickers: Heads = 0
    packers: Heads = Field(0, description="check and pack")
    dispatchers: Heads = Field(0, description="label and invoice")
    receivers: Heads = Field(0, description="check and put away deliveries")
    returns_clerks: Heads = Field(0, description="inspect and restock returns")
    replenishers: Heads = Field(0, description="top up pick faces from the reserve")
    specialists: Heads = Field(0, description="extra work at the stations of the house")
    new_people: bool = Field(
        False,
        description="everybody on the shift is new at the start of the run and learns (people.learning)",
    )
    by_day: dict[Weekday, ShiftDay] = Field(
        default_factory=dict,
        description="weekday to what is different on it, for instance fewer heads on Saturdays",
    )
    by_date: dict[DateText, ShiftDay] = Field(
        default_factory=dict,
        description="date to what is different on it; a date that is none of the shift's days is "
        "worked by the people named there alone",
    )

    def on(self, date: datetime.date) -> Shift | None:
        """Return the shift as it is on a date; None if nobody works then."""
        weekday = WEEKDAYS[date.weekday()]
        that_day = self.by_date.get(date.isoformat())
        if weekday in self.days:
            return self.on_weekday(weekday).but(that_day)
        if that_day is None:
            return None
        return self.model_copy(update=dict.fromkeys(ROLES, 0)).but(that_day)

    def on_weekday(self, weekday: str) -> Shift:
        """Return the shift as it is on one of its weekdays."""
        return self.but(self.by_day.get(weekday))

    def but(self, that_day: ShiftDay | None) -> Shift:
        """Return the shift with what is different on a day."""
        return self if that_day is None else self.model_copy(update=dict(_named(that_day)))

    def most_heads(self, role: str) -> int:
        """Return the people of a role on the day on which they are most."""
        days = (self, *self.by_day.values(), *self.by_date.values())
        return max(int(getattr(day, role) or 0) for day in days)


def _named(that_day: ShiftDay) -> Iterator[tuple[str, object]]:
    return ((key, value) for key, value in that_day if value is not None)


def _default_staff() -> dict[str, Shift]:
    return {
        "early": Shift(
            days=["mon", "tue", "wed", "thu", "fri", "sat"], start="06:00", end="14:00",
            breaks={"meal": Break(start="10:00", minutes=30)},
            clerks=1, pickers=6, packers=5, dispatchers=2, receivers=1, returns_clerks=1,
        ),
        "late": Shift(
            days=["mon", "tue", "wed", "thu", "fri"], start="14:00", end="22:00",
            breaks={"meal": Break(start="18:00", minutes=30)},
            clerks=1, pickers=6, packers=5, dispatchers=2, receivers=1, returns_clerks=1,
        ),
    }  # fmt: skip


class Wages(Section):
    """Wage of a paid hour, everything included, for each role."""

    clerks: NotNegative = 22.0
    pickers: NotNegative = 19.5
    packers: NotNegative = 19.5
    dispatchers: NotNegative = 19.5
    receivers: NotNegative = 20.0
    returns_clerks: NotNegative = 20.0
    replenishers: NotNegative = 20.0
    specialists: NotNegative = 20.0


class Learning(Section):
    """How people of a shift with `new_people` get faster with each piece of work they finish."""

    rate: Annotated[float, Field(ge=0.5, le=0.99)] = Field(
        0.85,
        description="what each doubling of the pieces done leaves of the time that can still be saved "
        "(order picking 0.85 to 0.90: Grosse & Glock 2013, 2015)",
    )
    first_factor: Annotated[float, Field(ge=1.0, le=10.0)] = Field(
        1.6, description="time of a new person's first piece of work / that of an experienced one's"
    )
    experienced_after_tasks: Annotated[int, Field(ge=2, le=100_000)] = Field(
        200,
        description="pieces of work in a role (tours, parcels, labels) after which a person works at standard time",
    )


class PeopleSection(Section):
    """Rules for people."""

    eur_per_hour: Wages = Wages()
    overtime_factor: Annotated[float, Field(ge=1.0, le=5.0)] = Field(
        1.5, description="wage of time after the shift's end"
    )
    at_shift_end: Literal["finish", "hand_over", "preempt_resume"] = Field(
        "finish",
        description="work in hand when a shift or break begins: finish it; hand it over to a colleague who is "
        "there (else finish); or drop it and let whoever comes next resume it",
    )
    cross_training: dict[Role, list[Role]] = Field(
        default_factory=dict,
        description="roles that people of a role also take when their own line is empty",
    )
    moving: Literal["own_line_first", "longest_line"] = Field(
        "own_line_first",
        description="which line a cross-trained person who is free serves: their own as long as work waits there, "
        "or the one with the most waiting for each person of its role",
    )
    closed_dates: list[DateText] = Field(
        default_factory=list, description="days on which no shift starts"
    )
    absence_rate: Probability = Field(
        0.0, description="chance that a person misses a shift, each shift by itself"
    )
    absence_paid: bool = Field(
        True, description="missed shifts are paid all the same, at the plain wage"
    )
    overtime_max_min: Annotated[float, Field(ge=0.0, le=720.0)] = Field(
        0.0,
        description="minutes that people stay after their shift's end as long as work waits that they can do",
    )
    pace: Annotated[float, Field(ge=0.2, le=5.0)] = Field(
        1.0,
        description="speed of all people / the standard: 0.9 takes a ninth longer for everything",
    )
    pace_cv: Annotated[float, Field(ge=0.0, le=0.5)] = Field(
        0.0,
        description="spread of the people's own speeds around `pace` (lognormal), drawn anew for each replication",
    )
    learning: Learning = Learning()
