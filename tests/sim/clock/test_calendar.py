from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock.calendar import DAY_S, Crew, Moment, Stretch, Turn, crews, moments
from sim.scenario.schema import WEEKDAYS
from sim.scenario.schema.people import Shift

MONDAY = datetime.date(2026, 1, 5)
HOUR_S = 3600.0
ALL_DAYS = list(WEEKDAYS)


def shift(start: str, end: str, days: list[str] | None = None, **more: Any) -> Shift:
    """Return a shift, of all days unless some are named."""
    return Shift.model_validate({"days": days or ALL_DAYS, "start": start, "end": end, **more})


def stretches(
    of: Shift, start_date: datetime.date, days: int, closed_dates: Sequence[str] = ()
) -> list[Stretch]:
    """Return the duty of one picker of a shift."""
    alone = of.model_copy(update={"pickers": 1})
    crew = Crew(1, 0, 1, "shift")
    found: list[Stretch] = []
    for moment in moments(crew, alone, start_date, days, closed_dates=closed_dates):
        start_s, length_s = moment.time_s, moment.length_s
        if moment.turn == Turn.COME:
            found.append(Stretch(start_s, start_s + length_s, ()))
        elif moment.turn == Turn.BREAK:
            last = found[-1]
            found[-1] = replace(last, breaks=(*last.breaks, (start_s, length_s)))
        else:
            assert (moment.turn, start_s) == (Turn.GO, found[-1].end_s)
    return found


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


CREW = Crew(1, 10, 3, "early")


def on_duty(plan: list[Moment]) -> list[tuple[int, float, float]]:
    """Return (person, from, to) in hours of every stretch of duty."""
    return [
        (person, moment.time_s / HOUR_S, (moment.time_s + moment.length_s) / HOUR_S)
        for moment in plan
        if moment.turn == Turn.COME
        for person in moment.people
    ]


def test_the_moments_of_a_plain_shift() -> None:
    """All come at 6, break at 10 for half an hour, and go at 14, each together."""
    meal = {"meal": {"start": "10:00", "minutes": 30}}

    plan = moments(CREW, shift("06:00", "14:00", pickers=3, breaks=meal), MONDAY, days=1)

    everybody = (10, 11, 12)
    assert plan == [
        Moment(6 * HOUR_S, Turn.COME, 8 * HOUR_S, everybody),
        Moment(10 * HOUR_S, Turn.BREAK, 1800.0, everybody),
        Moment(14 * HOUR_S, Turn.GO, 0.0, everybody),
    ]


def test_a_weekday_with_fewer_heads_has_the_first_of_the_crew() -> None:
    """Three on Friday, the first alone on Saturday, nobody on Sunday, three on Monday."""
    week = shift("06:00", "14:00", ["mon", "fri", "sat"], pickers=3, by_day={"sat": {"pickers": 1}})

    plan = moments(CREW, week, datetime.date(2026, 1, 9), days=4)

    assert on_duty(plan) == [
        (10, 6, 14), (11, 6, 14), (12, 6, 14),
        (10, 30, 38),
        (10, 78, 86), (11, 78, 86), (12, 78, 86),
    ]  # fmt: skip


def test_a_weekday_with_other_hours_and_no_break() -> None:
    """On Saturday from 7 to 10 without the meal; what is not named stays."""
    meal = {"meal": {"start": "10:00", "minutes": 30}}
    saturday = {"sat": {"start": "07:00", "end": "10:00", "breaks": {}}}
    week = shift("06:00", "14:00", ["fri", "sat"], pickers=3, breaks=meal, by_day=saturday)

    plan = stretches(week, datetime.date(2026, 1, 9), days=2)

    assert hours(plan) == [(6, 14), (31, 34)]
    assert [len(each.breaks) for each in plan] == [1, 0]


def test_extra_people_on_a_date_are_there_on_that_date_alone() -> None:
    """Black Friday has five pickers, the days around it three: numbers 13 and 14 come once."""
    date = {"2026-11-27": {"pickers": 5}}
    always = shift("06:00", "14:00", pickers=3, by_date=date)
    (crew,) = crews({"early": always})

    plan = moments(crew, always, datetime.date(2026, 11, 26), days=3)

    assert crew.heads == 5
    assert [(p, a) for p, a, _ in on_duty(plan) if p >= 3] == [(3, 30), (4, 30)]
    assert len(on_duty(plan)) == 3 + 5 + 3


def test_a_date_goes_before_its_weekday() -> None:
    """On the dated Saturday the date's heads count, and the weekday's hours stay."""
    week = shift(
        "06:00", "14:00", pickers=3,
        by_day={"sat": {"pickers": 1, "end": "10:00"}}, by_date={"2026-01-10": {"pickers": 2}},
    )  # fmt: skip

    plan = moments(CREW, week, datetime.date(2026, 1, 10), days=1)

    assert on_duty(plan) == [(10, 6, 10), (11, 6, 10)]


def test_a_dated_sunday_is_worked_by_those_named() -> None:
    """The shift works on weekdays; on the named Sunday two packers come, and no picker."""
    week = shift(
        "06:00", "14:00", ["mon"], pickers=3, packers=2, by_date={"2026-01-11": {"packers": 2}}
    )
    pickers, packers = crews({"early": week})
    sunday = datetime.date(2026, 1, 11)

    assert moments(pickers, week, sunday, days=1) == []
    assert on_duty(moments(packers, week, sunday, days=1)) == [(3, 6, 14), (4, 6, 14)]


def test_who_misses_a_shift_is_away_that_day_alone() -> None:
    """Person 11 misses Tuesday: away for its eight hours, there on Monday and Wednesday."""
    early = shift("06:00", "14:00", pickers=3)

    plan = moments(CREW, early, MONDAY, days=3, misses=lambda place, day: (place, day) == (1, 1))

    missed = [moment for moment in plan if moment.turn == Turn.MISS]
    assert missed == [Moment(30 * HOUR_S, Turn.MISS, 8 * HOUR_S, (11,))]
    assert [(p, a) for p, a, _ in on_duty(plan) if p == 11] == [(11, 6), (11, 54)]
    assert len(on_duty(plan)) == 8


def test_a_missed_day_cuts_the_round_the_clock_duty_of_one_person() -> None:
    """In a house open around the clock the others have one stretch, the absent one two."""
    always = shift("00:00", "24:00", pickers=3)

    plan = moments(CREW, always, MONDAY, days=3, misses=lambda place, day: (place, day) == (2, 1))

    assert on_duty(plan) == [(12, 0, 24), (10, 0, 72), (11, 0, 72), (12, 48, 72)]


def test_who_is_not_planned_misses_nothing() -> None:
    """On a Saturday with one head, the two who are off are not absent."""
    week = shift("06:00", "14:00", pickers=3, by_day={"sat": {"pickers": 1}})
    saturday = datetime.date(2026, 1, 10)

    plan = moments(CREW, week, saturday, days=1, misses=lambda _place, _day: True)

    assert [moment.people for moment in plan] == [(10,)]
