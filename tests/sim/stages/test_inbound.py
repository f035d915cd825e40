"""Deliveries, step by step: the gate, the door, unloading, check, put-away."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.log.facts import Fact
from sim.scenario.schema import ROLES
from tests.properties.goods_in_laws import check_goods_in
from tests.sim.engine.playing import EVERY_DAY, Record, record, scenario_of
from tests.sim.stages.by_hand import DAY_S, HOUR_S, Hand

STEPS: dict[str, Any] = {
    "process": "step_by_step",
    "unload_s_per_delivery": 80.0,
    "unload_s_per_unit": 2.0,
    "check_s_per_unit": 5.0,
    "put_away_s_per_trip": 10.0,
    "put_away_trip_l": 4.0,  # four units of a litre
    "put_away_s_per_unit": 1.0,
}
UNLOAD_S, CHECK_S, PUT_AWAY_S = 100.0, 50.0, 40.0
"""Of the ten units that every delivery brings: three trips of at most four units."""


def three_deliveries(hand: Hand, receivers: int = 3, **inbound: Any) -> Record:
    """Let three trucks of ten units each come after two days, at the same moment.

    The last units of three SKUs are sold at 0, and another order on day 5 keeps the house open.
    """
    everybody = {"days": EVERY_DAY, "start": "00:00", "end": "24:00", **dict.fromkeys(ROLES, 1)}
    return hand.play(
        [(0.0, [(0, 1), (1, 1), (2, 1)]), (5 * DAY_S, [(3, 1)])],
        stock=[1, 1, 1, 9],
        levels=(0, 10),
        sections={
            "inbound": STEPS | inbound,
            "staff": {"always": everybody | {"receivers": receivers}},
        },
    )


def after_two_days(played: Record, fact: Fact) -> list[float]:
    """Return the times of a fact, in seconds after the trucks came."""
    return [row.time_s - 2 * DAY_S for row in played.rows(fact)]


def test_steps_follow_each_other_and_take_their_time(hand: Hand) -> None:
    """With as many doors and receivers as trucks: 100 s, 50 s and 40 s."""
    played = three_deliveries(hand)

    assert after_two_days(played, Fact.TRUCK_ARRIVED) == [0.0] * 3
    assert after_two_days(played, Fact.DOCKED) == [0.0] * 3
    assert [row.other for row in played.rows(Fact.DOCKED)] == [-1] * 3
    assert after_two_days(played, Fact.UNLOADED) == [UNLOAD_S] * 3
    assert after_two_days(played, Fact.PUT_AWAY) == [UNLOAD_S + CHECK_S + PUT_AWAY_S] * 3
    assert after_two_days(played, Fact.RECEIVED) == after_two_days(played, Fact.PUT_AWAY)


def test_trucks_wait_for_the_door_in_the_order_of_coming(hand: Hand) -> None:
    """One door is held for 100 s a truck; check and put-away do not hold it."""
    played = three_deliveries(hand, dock_doors=1)

    assert after_two_days(played, Fact.DOCKED) == [0.0, 100.0, 200.0]
    assert [row.subject for row in played.rows(Fact.DOCKED)] == [0, 1, 2]
    assert [row.other for row in played.rows(Fact.DOCKED)] == [0, 0, 0]
    assert after_two_days(played, Fact.PUT_AWAY) == [190.0, 290.0, 390.0]


def test_a_second_door_is_no_help_to_a_lone_receiver(hand: Hand) -> None:
    """Unloading one after the other, 100 s each; the third truck gets the door of the first."""
    played = three_deliveries(hand, receivers=1, dock_doors=2)

    assert after_two_days(played, Fact.DOCKED) == [0.0, 0.0, 100.0]
    assert [row.other for row in played.rows(Fact.DOCKED)] == [0, 1, 0]
    # First come, first served: at 100 the third truck asks before the check of the first.
    assert after_two_days(played, Fact.UNLOADED) == [100.0, 200.0, 300.0]


def test_a_truck_comes_when_the_gate_opens(hand: Hand) -> None:
    """Due at midnight, let in at six."""
    played = three_deliveries(hand, hours={"start": "06:00", "end": "14:00"})

    assert after_two_days(played, Fact.TRUCK_ARRIVED) == [6 * HOUR_S] * 3


def test_steps_without_work_need_nobody(hand: Hand) -> None:
    """All times 0: on the shelf as the truck comes."""
    nothing: dict[str, Any] = {key: 0.0 for key in STEPS if "_s_per_" in key}

    played = three_deliveries(hand, dock_doors=1, **nothing)

    assert after_two_days(played, Fact.RECEIVED) == [0.0] * 3


def test_the_doors_obey_littles_law() -> None:
    """Over a fortnight with one door by day: area under the trucks' line = sum of their waits."""
    staff = {"start": "06:00", "end": "14:00", **dict.fromkeys(ROLES, 2)}
    played = record(
        scenario_of(
            orders={"per_day": 100.0},
            run={"warm_up_days": 0.0, "horizon_days": 14.0, "cool_down_days": 0.0},
            items={"count": 100},
            stock={"order_days": 3.0, "partial_receipt_share": 0.5},
            inbound={"process": "step_by_step", "dock_doors": 1},
            staff={"day": staff},
        )
    )
    check_goods_in(played)

    log = played.log
    came, docked = log.fact == Fact.TRUCK_ARRIVED, log.fact == Fact.DOCKED
    steps = came.astype(np.int64) - docked
    changes = np.flatnonzero(steps)
    length = np.cumsum(steps[changes])
    last = int(np.flatnonzero(length == 0)[-1])  # the last moment at which nobody waits
    until_s = log.time_s[changes[last]]
    area_s = math.fsum((length[:last] * np.diff(log.time_s[changes[: last + 1]])).tolist())
    within = log.time_s <= until_s
    waits_s = math.fsum((log.time_s * np.where(came, -1.0, docked))[within].tolist())

    assert docked.sum() > 300
    assert waits_s > 100 * HOUR_S, "nobody waited: the law would say nothing"
    assert math.isclose(area_s, waits_s, rel_tol=1e-9)
