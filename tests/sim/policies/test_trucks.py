from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.policies.trucks import DAY_S, WEEK_S, TruckTimes, choose_load, room_of
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


SATURDAYS: dict[str, Any] = {
    "pickups_by_day": {"sat": ["12:00"], "wed": []},
    "order_cut_off_by_day": {"sat": "10:00"},
}


@pytest.mark.parametrize(
    ("now", "truck"),
    [
        (at(TUE, "18:01"), at(THU, "18:00")),  # none on Wednesday
        (at(FRI, "18:01"), at(SAT, "12:00")),  # Saturday has its own
        (at(SAT, "12:01"), at(7 + MON, "18:00")),
    ],
)
def test_weekdays_of_their_own(now: float, truck: float) -> None:
    """A truck on Saturday although Saturday is none of the days; none on Wednesday."""
    assert trucks(**SATURDAYS).next_s(now) == truck


@pytest.mark.parametrize(
    ("placed", "truck"),
    [
        (at(TUE, "14:00"), at(THU, "18:00")),  # after the cut-off, and no truck on Wednesday
        (at(WED, "09:00"), at(THU, "18:00")),
        (at(SAT, "09:59"), at(SAT, "12:00")),  # Saturday's cut-off is 10:00
        (at(SAT, "10:00"), at(7 + MON, "18:00")),
        (at(FRI, "14:00"), at(SAT, "12:00")),
        (at(THU, "13:59"), at(THU, "18:00")),  # the other days keep theirs
    ],
)
def test_promises_of_weekdays_of_their_own(placed: float, truck: float) -> None:
    """Each weekday has its trucks and its cut-off; one by one and all at once they agree."""
    times = trucks(**SATURDAYS)

    assert times.promised_s(placed) == truck
    assert times.promised_all_s(np.array([placed])).tolist() == [truck]


def test_a_days_own_trucks_without_a_cut_off_of_their_own() -> None:
    """Saturday's only truck at 12:00 is before the cut-off of 14:00: promised until it leaves."""
    times = trucks(pickups_by_day={"sat": ["12:00"]})

    assert times.promised_s(at(SAT, "11:59")) == at(SAT, "12:00")
    assert times.promised_s(at(SAT, "12:00")) == at(7 + MON, "18:00")


@pytest.mark.parametrize(
    ("sizes", "room", "load"),
    [
        ([(1, 5.0)] * 3, (2, math.inf), [0, 1]),  # two fit
        ([(1, 5.0)] * 3, (math.inf, 10.0), [0, 1]),  # two of 5 g in 10 g, to the gram
        ([(1, 5.0)] * 3, (2, 4.0), [0]),  # the first is too heavy for any truck: alone
        ([(1, 1.0), (3, 1.0), (1, 1.0)], (3, math.inf), [0, 2]),  # the small one fills the room
        ([(1, 1.0), (9, 1.0), (1, 1.0)], (3, math.inf), [0, 2]),  # too large, and not first in turn
        ([(9, 1.0), (1, 1.0)], (3, math.inf), [0]),  # too large for any truck: it goes alone
        ([], (3, 3.0), []),
        ([(1, 5.0)] * 3, (math.inf, math.inf), [0, 1, 2]),
    ],
)
def test_what_fits_on_a_truck(
    sizes: list[tuple[int, float]], room: tuple[float, float], load: list[int]
) -> None:
    """In turn, whatever still fits, by parcels and by weight."""
    assert choose_load(sizes, *room) == load


@given(
    sizes=st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9).map(float)), max_size=12),
    room=st.tuples(st.integers(1, 9), st.integers(1, 30)),
)
def test_no_truck_is_too_full_and_none_leaves_what_fits(
    sizes: list[tuple[int, float]], room: tuple[int, int]
) -> None:
    """Within its room but for one shipment alone; nothing that is left would have fitted too."""
    load = choose_load(sizes, *room)

    parcels, weight_g = sum(sizes[k][0] for k in load), sum(sizes[k][1] for k in load)
    fits = parcels <= room[0] and weight_g <= room[1]
    assert fits or load == [0]
    left = [size for k, size in enumerate(sizes) if k not in load]
    assert not any(p + parcels <= room[0] and g + weight_g <= room[1] for p, g in left)
    assert not sizes or load


def test_room_of_a_truck() -> None:
    """Kilograms of the scenario are grams here; what is not limited is endless."""
    service = Service.model_validate({"truck_capacity_kg": 1.5})

    assert room_of(service) == (math.inf, 1500.0)
    assert room_of(Service()) == (math.inf, math.inf)


@given(
    pickups=st.lists(st.integers(0, 23), min_size=1, max_size=4, unique=True),
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True),
    cut_off=st.integers(0, 23),
    own=st.dictionaries(
        st.sampled_from(WEEKDAYS), st.lists(st.integers(0, 23), max_size=2, unique=True), max_size=3
    ),
    first=st.integers(0, 6),
    now_s=st.integers(0, int(3 * WEEK_S)),
)
def test_trucks_are_of_the_timetable_and_never_of_the_past(
    pickups: list[int],
    days: list[str],
    cut_off: int,
    own: dict[str, list[int]],
    first: int,
    now_s: int,
) -> None:
    """Next and promised truck are in the timetable and not before now; next is the first such."""
    hours = {day: own.get(day, pickups if day in days else []) for day in WEEKDAYS}
    assume(any(hours.values()))
    times = trucks(
        first,
        pickups=[f"{hour:02d}:00" for hour in pickups],
        days=days,
        pickups_by_day={day: [f"{hour:02d}:00" for hour in each] for day, each in own.items()},
        order_cut_off=f"{cut_off:02d}:00",
    )
    timetable = [
        day * DAY_S + hour * 3600.0
        for day in range(36)
        for hour in sorted(hours[WEEKDAYS[(first + day) % 7]])
    ]

    assert times.next_s(now_s) == next(time for time in timetable if time >= now_s)
    promised = times.promised_s(now_s)
    assert promised in timetable
    assert promised >= now_s
