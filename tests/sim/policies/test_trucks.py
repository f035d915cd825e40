from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.trucks import DAY_S, WEEK_S, TruckTimes
from sim.scenario.schema import WEEKDAYS
from sim.scenario.schema.shipping import Service

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WORKDAYS = list(WEEKDAYS[:5])


def trucks(first_weekday: int = MON, **service: Any) -> TruckTimes:
    """Return the trucks of a service; by default 18:00 on workdays, cut-off 14:00."""
    return TruckTimes(Service.model_validate(service), first_weekday)


def at(day: int, clock: str) -> float:
    """Return seconds from the start of day 0."""
    hours, minutes = clock.split(":")
    return day * DAY_S + int(hours) * 3600.0 + int(minutes) * 60.0


@pytest.mark.parametrize(
    ("now", "truck"),
    [
        (at(MON, "00:00"), at(MON, "18:00")),
        (at(MON, "18:00"), at(MON, "18:00")),  # at the very moment it is still there
        (at(MON, "18:01"), at(TUE, "18:00")),
        (at(FRI, "18:01"), at(7 + MON, "18:00")),  # over the weekend
        (at(SUN, "23:59"), at(7 + MON, "18:00")),
        (at(21 + SAT, "12:00"), at(28 + MON, "18:00")),  # the same in every week
    ],
)
def test_next_truck(now: float, truck: float) -> None:
    """One truck a workday at 18:00."""
    assert trucks().next_s(now) == truck


def test_several_trucks_a_day_in_any_order() -> None:
    """Trucks at 16:00 and 08:00: the next one of the two, then the next day's first."""
    times = trucks(pickups=["16:00", "08:00"])

    assert times.next_s(at(MON, "07:00")) == at(MON, "08:00")
    assert times.next_s(at(MON, "08:01")) == at(MON, "16:00")
    assert times.next_s(at(MON, "16:01")) == at(TUE, "08:00")


def test_week_begins_on_the_scenarios_first_day() -> None:
    """A run that starts on a Thursday has its weekend on days 2 and 3."""
    times = trucks(first_weekday=THU)

    assert times.next_s(at(1, "19:00")) == at(4, "18:00")


@pytest.mark.parametrize(
    ("placed", "truck"),
    [
        (at(MON, "13:59"), at(MON, "18:00")),  # before the cut-off: today
        (at(MON, "14:00"), at(TUE, "18:00")),  # at the cut-off: tomorrow
        (at(FRI, "13:59"), at(FRI, "18:00")),
        (at(FRI, "14:00"), at(7 + MON, "18:00")),  # Friday afternoon: Monday
        (at(SAT, "09:00"), at(7 + MON, "18:00")),
        (at(SUN, "23:00"), at(7 + MON, "18:00")),
        (at(7 + MON, "02:00"), at(7 + MON, "18:00")),
    ],
)
def test_promised_truck(placed: float, truck: float) -> None:
    """Ordered before 14:00, leaves today; otherwise the next workday."""
    assert trucks().promised_s(placed) == truck


def test_promise_is_the_first_truck_after_the_cut_off() -> None:
    """With trucks at 09:00, 15:00 and 20:00 and the cut-off at 14:00 the promise is 15:00."""
    times = trucks(pickups=["09:00", "15:00", "20:00"])

    assert times.promised_s(at(MON, "08:00")) == at(MON, "15:00")
    assert times.promised_s(at(MON, "15:30")) == at(TUE, "15:00")


def test_last_truck_before_the_cut_off_is_promised_until_it_leaves() -> None:
    """One truck at 09:00, cut-off at 14:00: promised at 08:00; at 10:00 tomorrow's is."""
    times = trucks(pickups=["09:00"])

    assert times.promised_s(at(MON, "08:00")) == at(MON, "09:00")
    assert times.promised_s(at(MON, "10:00")) == at(TUE, "09:00")
    assert times.promised_s(at(MON, "15:00")) == at(TUE, "09:00")


@given(
    pickups=st.lists(st.integers(0, 23), min_size=1, max_size=4, unique=True),
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True),
    cut_off=st.integers(0, 23),
    first=st.integers(0, 6),
    now_s=st.integers(0, int(3 * WEEK_S)),
)
def test_trucks_are_of_the_timetable_and_never_of_the_past(
    pickups: list[int], days: list[str], cut_off: int, first: int, now_s: int
) -> None:
    """Next and promised truck are in the timetable and not before now; next is the first such."""
    times = trucks(
        first,
        pickups=[f"{hour:02d}:00" for hour in pickups],
        days=days,
        order_cut_off=f"{cut_off:02d}:00",
    )
    timetable = [
        day * DAY_S + hour * 3600.0
        for day in range(36)
        for hour in sorted(pickups)
        if WEEKDAYS[(first + day) % 7] in days
    ]

    assert times.next_s(now_s) == next(time for time in timetable if time >= now_s)
    promised = times.promised_s(now_s)
    assert promised in timetable
    assert promised >= now_s
