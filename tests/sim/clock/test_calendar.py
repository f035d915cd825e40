from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock.calendar import DAY_S, Crew, Stretch, crews, stretches
from sim.scenario.schema import WEEKDAYS
from sim.scenario.schema.people import Shift

MONDAY = datetime.date(2026, 1, 5)
HOUR_S = 3600.0
ALL_DAYS = list(WEEKDAYS)


def shift(start: str, end: str, days: list[str] | None = None, **more: Any) -> Shift:
    """Return a shift, of all days unless some are named."""
    return Shift.model_validate({"days": days or ALL_DAYS, "start": start, "end": end, **more})


def hours(plan: list[Stretch]) -> list[tuple[float, float]]:
    """Return begin and end of each stretch in hours from the start."""
    return [(each.start_s / HOUR_S, each.end_s / HOUR_S) for each in plan]


def test_day_shift_keeps_its_weekdays() -> None:
    """Monday to Friday from a Friday on: Friday, then Monday and Tuesday."""
    early = shift("06:00", "14:00", ["mon", "tue", "wed", "thu", "fri"])

    plan = stretches(early, datetime.date(2026, 1, 9), days=5)

    assert hours(plan) == [(6, 14), (78, 86), (102, 110)]


def test_night_shift_ends_on_the_next_day() -> None:
    """A shift from 22:00 to 06:00 starts on its day and ends eight hours later."""
    plan = stretches(shift("22:00", "06:00", ["mon", "tue"]), MONDAY, days=3)

    assert hours(plan) == [(22, 30), (46, 54)]


def test_night_before_the_first_day_is_played() -> None:
    """On second 0 the night shift of the day before is there, and stays until its end."""
    plan = stretches(shift("22:00", "06:00"), MONDAY, days=1)

    assert hours(plan) == [(0, 6), (22, 30)]


def test_night_before_counts_only_on_its_weekday() -> None:
    """A night shift of weekdays is not there in the first hours of a Monday."""
    plan = stretches(shift("22:00", "06:00", ["mon"]), MONDAY, days=1)

    assert hours(plan) == [(22, 30)]


def test_closed_date_drops_the_shifts_that_start_on_it() -> None:
    """With the Tuesday closed, Monday's night works into it; Tuesday's does not come."""
    night = shift("22:00", "06:00", ["mon", "tue", "wed"])

    plan = stretches(night, MONDAY, days=3, closed_dates=["2026-01-06"])

    assert hours(plan) == [(22, 30), (70, 78)]


def test_house_open_around_the_clock_has_one_stretch() -> None:
    """00:00 to 24:00 on all days is one stretch from the first to the last midnight."""
    plan = stretches(shift("00:00", "24:00"), MONDAY, days=10)

    assert plan == [Stretch(0.0, 10.0 * DAY_S, ())]


def test_same_start_and_end_is_a_day() -> None:
    """06:00 to 06:00 is 24 hours: with all days, one stretch that began the day before."""
    plan = stretches(shift("06:00", "06:00"), MONDAY, days=2)

    assert hours(plan) == [(0, 54)]


def test_joined_stretches_are_cut_at_a_closed_date() -> None:
    """A closed date breaks the round-the-clock duty for 24 hours."""
    plan = stretches(shift("00:00", "24:00"), MONDAY, days=3, closed_dates=["2026-01-06"])

    assert hours(plan) == [(0, 24), (48, 72)]


def test_breaks_are_in_order_and_after_midnight_where_the_clock_says_so() -> None:
    """In a night from 22:00 a break at 02:00 comes after one at 23:30."""
    night = shift(
        "22:00",
        "06:00",
        ["mon"],
        breaks={
            "meal": {"start": "02:00", "minutes": 30},
            "coffee": {"start": "23:30", "minutes": 10},
        },
    )

    (stretch,) = stretches(night, MONDAY, days=1)

    assert stretch.breaks == ((23.5 * HOUR_S, 600.0), (26.0 * HOUR_S, 1800.0))


def test_break_before_the_first_second_is_left_out() -> None:
    """Of the night before, only the break after midnight is still to come."""
    night = shift(
        "22:00",
        "06:00",
        breaks={
            "coffee": {"start": "23:30", "minutes": 10},
            "meal": {"start": "02:00", "minutes": 30},
        },
    )

    first = stretches(night, MONDAY, days=1)[0]

    assert first.breaks == ((2.0 * HOUR_S, 1800.0),)


def test_joined_stretches_keep_the_breaks_of_every_day() -> None:
    """Around the clock with a break at noon: one break each day, in order of time."""
    always = shift("00:00", "24:00", breaks={"meal": {"start": "12:00", "minutes": 30}})

    (stretch,) = stretches(always, MONDAY, days=3)

    assert stretch.breaks == tuple(((12 + 24 * day) * HOUR_S, 1800.0) for day in range(3))


def test_people_are_numbered_by_shift_then_role() -> None:
    """Shifts in the order of the file, roles in the order of ROLES, heads one after the other."""
    staff = {
        "b": shift("06:00", "14:00", packers=2, clerks=1),
        "a": shift("14:00", "22:00", pickers=3),
    }

    assert crews(staff) == [Crew(0, 0, 1, "b"), Crew(2, 1, 2, "b"), Crew(1, 3, 3, "a")]


@given(
    start=st.integers(0, 23),
    end=st.integers(1, 24),
    days=st.lists(st.sampled_from(ALL_DAYS), min_size=1, max_size=7, unique=True),
    first=st.integers(0, 6),
)
def test_every_hour_is_on_duty_exactly_when_the_week_says_so(
    start: int, end: int, days: list[str], first: int
) -> None:
    """Hour by hour: on duty exactly if the shift of that day, or of the day before, covers it."""
    date = MONDAY + datetime.timedelta(days=first)
    length = (end - start) % 24 or 24

    plan = stretches(shift(f"{start:02d}:00", f"{end:02d}:00", days), date, days=8)

    for hour in range(8 * 24):
        expected = any(
            WEEKDAYS[(first + day) % 7] in days
            and 24 * day + start <= hour < 24 * day + start + length
            for day in range(-1, 8)
        )
        found = sum(each.start_s <= hour * HOUR_S < each.end_s for each in plan)
        assert found == expected


@pytest.mark.parametrize("day", ["2026-01-05", "2026-01-10"])
def test_stretches_never_overlap(day: str) -> None:
    """Stretches stand apart and in order of time, whatever the day of the week is."""
    plan = stretches(shift("20:00", "19:00"), datetime.date.fromisoformat(day), days=9)

    assert all(a.end_s < b.start_s for a, b in itertools.pairwise(plan))
