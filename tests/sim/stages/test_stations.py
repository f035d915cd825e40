"""Stations: room, patience, ranks, people one by one, other work, machines; reckoned by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.log.facts import Fact
from sim.scenario.schema import ROLES
from tests.sim.engine.playing import EVERY_DAY, Record
from tests.sim.stages.by_hand import DAY_S, HOUR_S, LABEL_S, PACK_S, PICK_S, Hand, always

WORK_S = 600.0
WEB, VIP = 0, 2
AT, STARTED, ENDED = Fact.AT_STATION, Fact.STATION_STARTED, Fact.STATION_ENDED
FULL, LEFT, INTERRUPTED = Fact.STATION_FULL, Fact.STATION_LEFT, Fact.STATION_INTERRUPTED
PASSED = Fact.STATIONS_PASSED
BROKE, REPAIR, REPAIRED = Fact.BROKE_DOWN, Fact.REPAIR_STARTED, Fact.REPAIRED


def house(stations: dict[str, Any], specialists: int = 1, **people: Any) -> dict[str, Any]:
    """Return sections: stations, and hands enough for everything else."""
    return {
        "orders": {"channels": {"vip": {"share": 0.0, "priority": 0}}},
        "stations": stations,
        "staff": {"always": {"specialists": specialists, "pickers": 9, "packers": 9}},
        "people": people,
    }


def wrapping(**keys: Any) -> dict[str, Any]:  # keys of any kind
    """Return one station of one person to which every shipment comes for ten minutes."""
    return {"wrapping": {"time_s": always(WORK_S), "share": 1.0, "people": 1, **keys}}


def clicks(*arrivals_s: float) -> list[tuple[float, list[tuple[int, int]]]]:
    """Return orders that are picked at these times."""
    return [(time_s - PICK_S, [(0, 1)]) for time_s in arrivals_s]


def told(played: Record, *facts: Fact) -> list[tuple[float, Fact, int]]:
    """Return time, kind and subject of some facts."""
    return [(row.time_s, row.fact, row.subject) for row in played.rows(*facts)]


def spans(played: Record) -> list[tuple[int, float, float]]:
    """Return who began and ended the work when, by shipment."""
    begun, ended = played.first_s(STARTED), played.first_s(ENDED)
    return [(k, float(begun[k]), float(ended[k])) for k in range(len(ended))]


def test_the_work_lies_between_pick_and_packing(hand: Hand) -> None:
    """Picked at 200 s, ten minutes here, then packed; the part of the lead time is as long."""
    played = hand.play(clicks(200), sections=house(wrapping()))

    assert spans(played) == [(0, 200, 800)]
    assert [(r.time_s, r.other, r.value) for r in played.rows(PASSED)] == [(800, 1, WORK_S)]
    assert played.first_s(Fact.HANDED_OVER)[0] == 800 + PACK_S + LABEL_S


def test_who_finds_no_room_goes_on_without(hand: Hand) -> None:
    """Two places: one in work, one in line; the third does not stay, one that comes later does."""
    played = hand.play(clicks(200, 200, 200, 850), sections=house(wrapping(places=2)))

    assert told(played, FULL) == [(200, FULL, 2)]
    assert told(played, ENDED) == [(800, ENDED, 0), (1400, ENDED, 1), (2000, ENDED, 3)]
    assert played.first_s(Fact.PACK_STARTED)[2] == 200


def test_who_waits_too_long_goes_on_without(hand: Hand) -> None:
    """Patience of 650 s: the second begins after 600, the third leaves at 850 and makes room."""
    stations = wrapping(patience_s=always(650), places=3)
    played = hand.play(clicks(200, 200, 200, 900), sections=house(stations))

    assert [(r.time_s, r.subject, r.value) for r in played.rows(LEFT)] == [(850, 2, 650)]
    assert told(played, ENDED) == [(800, ENDED, 0), (1400, ENDED, 1), (2000, ENDED, 3)]
    assert played.first_s(Fact.PACK_STARTED)[2] == 850


def test_a_way_over_several_stations(hand: Hand) -> None:
    """Wrapping, then a look, then packing: two visits, one after the other."""
    stations = wrapping(then={"look": 1.0}) | {"look": {"time_s": always(60), "people": 1}}
    played = hand.play(clicks(200), sections=house(stations, 2))

    assert [(r.time_s, r.fact, r.other) for r in played.rows(AT, ENDED)] == [
        (200, AT, 0), (800, ENDED, 0), (800, AT, 1), (860, ENDED, 1)
    ]  # fmt: skip
    assert [(r.time_s, r.other, r.value) for r in played.rows(PASSED)] == [(860, 2, 660)]


def test_shares_and_times_are_those_of_the_channel(hand: Hand) -> None:
    """No web order comes; the others take a minute."""
    stations = wrapping(share_by_channel={"web": 0.0}, time_s_by_channel={"vip": always(60)})
    played = hand.play(clicks(200, 200), channel=[WEB, VIP], sections=house(stations))

    assert told(played, AT, ENDED) == [(200, AT, 1), (260, ENDED, 1)]


RANKS: dict[str, Any] = {"sequence": "priority"}


def test_a_rank_goes_before_those_who_wait(hand: Hand) -> None:
    """The last to come is next."""
    played = hand.play(
        clicks(200, 210, 220), channel=[WEB, WEB, VIP], sections=house(wrapping(**RANKS))
    )

    assert [shipment for _, _, shipment in told(played, STARTED)] == [0, 2, 1]


def test_a_rank_interrupts_and_the_rest_is_done_later(hand: Hand) -> None:
    """Dropped at 300 s with 100 s done; the other 500 s are done after the ten minutes between."""
    played = hand.play(
        clicks(200, 300),
        channel=[WEB, VIP],
        sections=house(wrapping(**RANKS, interrupts=True, patience_s=always(50))),
    )

    assert [(r.time_s, r.subject, r.value) for r in played.rows(INTERRUPTED)] == [(300, 0, 100)]
    assert told(played, STARTED) == [(200, STARTED, 0), (300, STARTED, 1), (900, STARTED, 0)]
    assert [tuple(r)[:5] for r in played.rows(ENDED)] == [
        (900, ENDED, 1, 0, WORK_S), (1400, ENDED, 0, 0, WORK_S)
    ]  # fmt: skip


def test_what_began_last_is_interrupted_and_comes_back_to_its_place(hand: Hand) -> None:
    """Of two in work the second; resumed before the third, which waited longer, for its ticket."""
    played = hand.play(
        clicks(200, 250, 260, 300),
        channel=[WEB, WEB, WEB, VIP],
        sections=house(wrapping(**RANKS, interrupts=True, people=2), 2),
    )

    assert told(played, INTERRUPTED) == [(300, INTERRUPTED, 1)]
    assert told(played, STARTED)[2:] == [(300, STARTED, 3), (800, STARTED, 1), (900, STARTED, 2)]
    assert told(played, ENDED) == [
        (800, ENDED, 0), (900, ENDED, 3), (800 + 550, ENDED, 1), (1500, ENDED, 2)
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["hand_over", "preempt_resume"])
def test_work_that_ends_at_the_moment_of_an_interruption_is_done(hand: Hand, rule: str) -> None:
    """An urgent one comes at 800 s, when the first is done; so is the shift's last at its end."""
    sections = house(wrapping(**RANKS, interrupts=True), at_shift_end=rule)
    sections["staff"] = shifts(("00:00", "01:00"), ("01:00", "24:00"))
    played = hand.play(
        clicks(200, 800, HOUR_S - WORK_S), channel=[WEB, VIP, WEB], sections=sections
    )

    assert told(played, INTERRUPTED) == []
    assert told(played, ENDED) == [(800, ENDED, 0), (1400, ENDED, 1), (HOUR_S, ENDED, 2)]


def by_name(**keys: Any) -> dict[str, Any]:  # keys of any kind
    """Return a station of slow Ann (twice the time) and fast Bea (half of it)."""
    both = {"ann": {"pace": 0.5}, "bea": {"pace": 2.0}}
    return wrapping(**{"people": None, "specialists": both, **keys})


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        ({}, 0),
        ({"free_first": "listed"}, 0),
        ({"free_first": "fastest"}, 1),
        ({"first_choice": {"web": ["bea", "ann"]}}, 1),
        ({"first_choice": {"web": ["bea"]}}, 1),
        ({"first_choice": {"vip": ["bea"]}}, 0),
    ],
)
def test_who_of_several_free_people_begins(hand: Hand, keys: dict[str, Any], first: int) -> None:
    """The longest free, the listed, the fastest, or whom the channel chooses."""
    played = hand.play(clicks(200), sections=house(by_name(**keys), 2))
    people = [row.subject for row in played.rows(Fact.ON_DUTY) if row.other == 7]

    assert [int(row.value) for row in played.rows(STARTED)] == [people[first]]
    assert told(played, ENDED) == [(200 + (1200, 300)[first], ENDED, 0)]


def test_what_one_drops_another_resumes_at_their_own_speed(hand: Hand) -> None:
    """Ann has done 100 of 1200 s when she is interrupted; Bea does eleven twelfths of 300 s."""
    played = hand.play(
        clicks(200, 200, 300),
        channel=[WEB, WEB, VIP],
        sections=house(by_name(**RANKS, interrupts=True), 2),
    )

    assert told(played, INTERRUPTED) == [(300, INTERRUPTED, 0)]
    assert told(played, ENDED) == [(500, ENDED, 1), (775, ENDED, 0), (1500, ENDED, 2)]
    assert [row.value for row in played.rows(ENDED)] == [300, 100 + 275, 1200]


def test_people_have_times_and_channels_of_their_own(hand: Hand) -> None:
    """Ann does web alone, in 50 s; Bea all, the ranks in her time; Ann stays free for web."""
    specialists = {
        "ann": {"channels": ["web"], "pace": 0.5, "time_s_by_channel": {"web": always(50)}},
        "bea": {"pace": 2.0},
    }
    stations = wrapping(people=None, specialists=specialists)
    played = hand.play(clicks(200, 200, 210), channel=[VIP, VIP, WEB], sections=house(stations, 2))

    assert told(played, ENDED) == [(260, ENDED, 2), (500, ENDED, 0), (800, ENDED, 1)]


def test_other_work_is_taken_up_whenever_nothing_waits_and_finished(hand: Hand) -> None:
    """Pieces of 500 s from midnight on; who comes at 700 s waits until 1000 s."""
    played = hand.play(clicks(700, 800), sections=house(wrapping(side_work_s=always(500))))

    assert spans(played) == [(0, 1000, 1600), (1, 1600, 2200)]
    pieces = [(row.time_s, row.value) for row in played.rows(Fact.SIDE_WORKED)]
    assert pieces[:3] == [(500, 500), (1000, 500), (2700, 500)]


def test_other_work_waits_for_the_work_of_all_stations(hand: Hand) -> None:
    """One person for two stations: between two pieces both are looked at."""
    look = {"look": {"time_s": always(60), "share_by_channel": {"vip": 1.0}}}
    stations = wrapping(people=None, side_work_s=always(500), share_by_channel={"vip": 0.0}) | look
    played = hand.play(clicks(700), channel=[VIP], sections=house(stations))

    assert spans(played) == [(0, 1000, 1060)]


def shifts(*hours: tuple[str, str], specialists: int = 1) -> dict[str, Any]:
    """Return staff: everybody else always, specialists in some shifts."""
    others = {role: 9 for role in ROLES if role != "specialists"} | {"specialists": 0}
    staff: dict[str, Any] = {"always": others}
    for place, (start, end) in enumerate(hours):
        staff[f"shift{place}"] = {
            "days": EVERY_DAY, "start": start, "end": end, "specialists": specialists
        }  # fmt: skip
    return staff


def presence(played: Record) -> list[tuple[float, Fact]]:
    """Return when specialists came and went."""
    rows = played.rows(Fact.ON_DUTY, Fact.OFF_DUTY)
    return [(row.time_s, row.fact) for row in rows if row.other == 7]


@pytest.mark.parametrize("rule", ["finish", "hand_over", "preempt_resume"])
def test_at_the_end_of_a_shift_the_work_is_finished_or_changes_hands(hand: Hand, rule: str) -> None:
    """Begun at 3400 s by who goes home at 3600 s; a colleague is there. It ends at 4000 s."""
    sections = house(wrapping(), at_shift_end=rule)
    sections["staff"] = shifts(("00:00", "01:00"), ("00:30", "24:00"))
    played = hand.play(clicks(3400), sections=sections)
    began = [(row.time_s, row.value) for row in played.rows(STARTED)]

    assert told(played, ENDED) == [(4000, ENDED, 0)]
    assert [row.value for row in played.rows(ENDED)] == [WORK_S]
    if rule == "finish":
        assert [time_s for time_s, _ in began] == [3400]
        assert (4000, Fact.OFF_DUTY) in presence(played)
    else:
        assert [time_s for time_s, _ in began] == [3400, 3600]
        assert began[1][1] == began[0][1] + 1
        assert [row.value for row in played.rows(INTERRUPTED)] == [200]


def test_what_nobody_takes_over_waits_for_the_next_day(hand: Hand) -> None:
    """200 s are done when the only one goes home; the rest from midnight on."""
    sections = house(wrapping(), at_shift_end="preempt_resume")
    sections["staff"] = shifts(("00:00", "01:00"))
    played = hand.play(clicks(3400), sections=sections)

    assert told(played, STARTED, INTERRUPTED, ENDED) == [
        (3400, STARTED, 0), (3600, INTERRUPTED, 0), (DAY_S, STARTED, 0), (DAY_S + 400, ENDED, 0)
    ]  # fmt: skip


def test_nobody_stays_for_other_work(hand: Hand) -> None:
    """Two hours of overtime are allowed; the piece in hand at the end is the last."""
    sections = house(wrapping(side_work_s=always(1000)), overtime_max_min=120)
    sections["staff"] = shifts(("00:00", "01:00"))
    played = hand.play(clicks(200), sections=sections)

    assert spans(played) == [(0, 1000, 1600)]
    assert presence(played)[1] == (1600 + 2000, Fact.OFF_DUTY)


def press(work_s: float, **machines: float) -> dict[str, Any]:
    """Return a station with a machine that runs 720 s, and a workshop."""
    keys = {"runs_h": always(0.2), "repair_s": always(60), "repaired_at": "shop"}
    keys |= {key: always(value) for key, value in machines.items()}
    stations = wrapping(time_s=always(work_s), machines=keys)
    return stations | {"shop": {"people": 1}}


def test_a_broken_machine_stops_the_work_until_it_is_repaired(hand: Hand) -> None:
    """Begun at 200 s, broken at 720 s, repaired at 780 s, 380 of 900 s are left then."""
    played = hand.play(clicks(200), sections=house(press(900), 2))

    assert told(played, STARTED, INTERRUPTED, ENDED) == [
        (200, STARTED, 0), (720, INTERRUPTED, 0), (780, STARTED, 0), (1160, ENDED, 0)
    ]  # fmt: skip
    assert told(played, BROKE, REPAIR, REPAIRED)[:4] == [
        (720, BROKE, 0), (720, REPAIR, 0), (780, REPAIRED, 0), (1500, BROKE, 0)
    ]  # fmt: skip


def test_at_a_broken_machine_nobody_begins(hand: Hand) -> None:
    """Who comes at 730 s waits for the repair."""
    played = hand.play(clicks(730), sections=house(press(100), 2))

    assert spans(played) == [(0, 780, 880)]


def test_one_workshop_repairs_one_machine_after_the_other(hand: Hand) -> None:
    """Two machines break down together; the second waits for the first."""
    stations = press(900)
    stations["wrapping"]["people"] = 2
    played = hand.play(clicks(200, 200), sections=house(stations, 3))

    assert told(played, REPAIR, REPAIRED)[:4] == [
        (720, REPAIR, 0), (780, REPAIR, 1), (780, REPAIRED, 0), (840, REPAIRED, 1)
    ]  # fmt: skip
    assert told(played, ENDED) == [(1160, ENDED, 0), (1220, ENDED, 1)]


def test_a_machine_that_breaks_down_in_overtime_sends_its_person_home(hand: Hand) -> None:
    """At work until 4500 s, 900 s after the end; repaired and resumed from the next midnight on."""
    sections = house(press(5000, runs_h=1.25), at_shift_end="preempt_resume", overtime_max_min=120)
    sections["staff"] = shifts(("00:00", "01:00"), specialists=2)
    played = hand.play(clicks(200), sections=sections)

    assert told(played, INTERRUPTED, REPAIR) == [(4500, INTERRUPTED, 0), (DAY_S, REPAIR, 0)]
    assert (4500, Fact.OFF_DUTY) in presence(played)
    assert spans(played) == [(0, 200, DAY_S + 60 + 5000 - 4300)]


@pytest.mark.parametrize("rule", ["finish", "hand_over", "preempt_resume"])
@pytest.mark.parametrize("overtime_min", [0, 30])
def test_standing_still_ends_with_the_shift(hand: Hand, rule: str, overtime_min: float) -> None:
    """Broken from 3240 s on for half an hour: home at the shift's end; nothing is ever lost."""
    sections = house(
        press(2000, runs_h=0.9, repair_s=HOUR_S / 2),
        at_shift_end=rule,
        overtime_max_min=overtime_min,
    )
    sections["staff"] = shifts(("00:00", "01:00"), specialists=2)
    played = hand.play(clicks(200, 300), sections=sections)

    assert presence(played)[2] == (3600, Fact.OFF_DUTY)
    assert len(told(played, ENDED)) == 2


def test_people_without_a_station_of_their_own_serve_all_others(hand: Hand) -> None:
    """Two specialists: one wraps alone, one does the rest; packers help there and only there."""
    stations = wrapping(share=0.5) | {"look": {"time_s": always(100), "share": 0.5}}
    sections = house(stations, 2)
    played = hand.play(clicks(*range(200, 6200, 100)), sections=sections)
    people = sorted({row.subject for row in played.rows(Fact.ON_DUTY) if row.other == 7})

    for station, person in enumerate(people):
        rows = [row for row in played.rows(STARTED) if row.other == station]
        assert {int(row.value) for row in rows} == {person}
