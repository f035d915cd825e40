"""What the roster planner may do: shifts, contracts, crews, the least that must be there, people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.base import ClockTime, Name, NotNegative, Section, Weekday
from sim.scenario.schema.people import Heads, Role

Hours = Annotated[float, Field(ge=0.0, le=168.0)]
ShiftHours = Annotated[float, Field(ge=0.5, le=24.0, multiple_of=0.25)]
Minutes = Annotated[int, Field(ge=0, le=480, multiple_of=15)]
WeekdayList = Annotated[list[Weekday], Field(min_length=1, max_length=7)]


def _every_day() -> list[Weekday]:
    return ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class ShiftWindow(Section):
    """Shifts that the planner may use: starts, lengths and where the break may lie."""

    days: WeekdayList = Field(default_factory=_every_day)
    start: ClockTime = Field("00:00", description="earliest start")
    last_start: ClockTime = Field("23:00", description="latest start")
    every_min: Annotated[int, Field(ge=15, le=1440, multiple_of=15)] = Field(
        60, description="minutes between starts, counted from midnight"
    )
    lengths_h: Annotated[list[ShiftHours], Field(min_length=1, max_length=40)] = Field(
        default_factory=lambda: [4.0, 6.0, 8.0],
        description="paid hours, quarter-hours at the least",
    )
    break_min: Minutes = Field(30, description="minutes of the one break, part of the paid hours")
    break_from_h: Hours = Field(
        6.0,
        description="shifts of this length or longer have the break (ArbZG section 4: above 6 h)",
    )
    break_play_min: Minutes = Field(
        60, description="the break may begin so much before or after the middle of the shift"
    )


class Contract(Section):
    """What one person may and must work in a week."""

    hours_min: Hours = Field(0.0, description="paid hours a week at least")
    hours_max: Hours = Field(40.0, description="paid hours a week at most, without overtime")
    overtime_h_max: Hours = Field(0.0, description="hours of overtime a week at most")
    overtime_extra_share: Annotated[float, Field(ge=0.0, le=5.0)] = Field(
        0.5, description="what an hour of overtime costs above the wage, as a share of it"
    )
    days_max: Annotated[int, Field(ge=1, le=7)] = Field(5, description="days a week at most")
    rest_h: Annotated[float, Field(ge=0.0, le=24.0)] = Field(
        11.0, description="rest between two shifts (2003/88/EC article 3: 11 h)"
    )
    lengths_h: list[ShiftHours] = Field(
        default_factory=list, description="lengths of shifts under this contract; none named: all"
    )


def _usual_contracts() -> dict[str, Contract]:
    return {
        "full": Contract(lengths_h=[6.0, 8.0]),
        "part": Contract(hours_max=20.0, lengths_h=[4.0, 6.0]),
    }


class Crew(Section):
    """People of one role under one contract."""

    role: Role
    contract: Name
    at_least: Heads = Field(0, description="people there are in any case")
    at_most: Heads = Field(10_000, description="people there may be")
    eur_per_person_week: NotNegative = Field(
        0.0, description="what one more person costs a week whatever they work"
    )


class LeastThere(Section):
    """People of a role who must be there, whatever work there is."""

    role: Role
    days: WeekdayList = Field(default_factory=_every_day)
    start: ClockTime
    end: ClockTime = Field(description="an end before the start means the next day")
    heads: Heads = 1


class OpenHours(Section):
    """Hours in which people may be in the house."""

    days: WeekdayList = Field(default_factory=_every_day)
    start: ClockTime
    end: ClockTime = Field(description="an end before the start means the next day")


class Wish(Section):
    """A wish of a person; the roster grants what it can."""

    days: WeekdayList = Field(default_factory=_every_day)
    free: bool = Field(False, description="wants these days free")
    start: ClockTime | None = Field(None, description="wants to work not before this time")
    end: ClockTime | None = Field(None, description="wants to be done by this time")
    weight: Annotated[int, Field(ge=1, le=10)] = 1


class NamedPerson(Section):
    """One person of a crew."""

    crew: Name
    leave: list[Weekday] = Field(default_factory=list, description="days on which they are away")
    wishes: dict[Name, Wish] = Field(default_factory=dict)


class LabourSection(Section):
    """Rules for `warelab optimize staffing`; the simulation plays `staff` and does not read them."""

    shifts: dict[Name, ShiftWindow] = Field(
        default_factory=lambda: {"any": ShiftWindow()}, min_length=1,
        description="shifts that the planner may use",
    )  # fmt: skip
    contracts: dict[Name, Contract] = Field(default_factory=_usual_contracts, min_length=1)
    crews: dict[Name, Crew] = Field(
        default_factory=dict,
        description="who there is or may be; none named: as many of each role and contract as needed",
    )
    least: dict[Name, LeastThere] = Field(
        default_factory=dict, description="people who must be there whatever work there is"
    )
    open: dict[Name, OpenHours] = Field(
        default_factory=dict,
        description="hours in which people may be in the house; none named: those of today's shifts",
    )
    absence_reserve_share: Annotated[float, Field(ge=0.0, le=0.9)] | None = Field(
        None,
        description="share of people for whom somebody stands by; null: people.absence_rate",
    )
    people: dict[Name, NamedPerson] = Field(
        default_factory=dict, description="people by name; who is missing is made up"
    )
