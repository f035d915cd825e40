"""People: shifts of the week with breaks, heads per role, wages, the rule at a shift's end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import ClockTime, DateText, Name, NotNegative, Section, Weekday

ROLES = (
    "clerks",
    "pickers",
    "packers",
    "dispatchers",
    "receivers",
    "returns_clerks",
    "replenishers",
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
]


class Break(Section):
    """A break of everybody on the shift."""

    start: ClockTime
    minutes: Annotated[float, Field(gt=0.0, le=480.0)]


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
    closed_dates: list[DateText] = Field(
        default_factory=list, description="days on which no shift starts"
    )
