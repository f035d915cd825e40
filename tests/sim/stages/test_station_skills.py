"""Interruptions among specialists who are not trained for the same channels."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.setting import prepare
from sim.experiments.validation.house import house_of_stations
from sim.experiments.validation.play import play_once
from sim.experiments.validation.system import Played
from sim.log.facts import Fact
from tests.sim.engine.playing import scenario_of

ANY, SOLE = 1, 2
"""The picker has number 0; then one trained for both channels, and one for the late one."""
WAITS_MORE: dict[int, int] = {
    Fact.AT_STATION: 1,
    Fact.STATION_INTERRUPTED: 1,
    Fact.STATION_STARTED: -1,
}


def played() -> Played:
    """Play a busy day: urgent orders interrupt late ones."""
    work = {"distribution": "exponential", "mean": 60.0}
    desk: dict[str, Any] = {
        "share": 1.0,
        "time_s": work,
        "sequence": "priority",
        "interrupts": True,
        "specialists": {"any": {"channels": ["urgent", "late"]}, "sole": {"channels": ["late"]}},
    }
    sections = house_of_stations(1000.0, 0.0, 2, {"desk": desk})
    del sections["orders"]["per_day"]
    sections["orders"]["channels"] = {
        "urgent": {"per_day": 600.0, "priority": 0},
        "late": {"per_day": 1200.0, "priority": 1},
    }
    sections["run"] |= {"horizon_days": 1.0, "seed": 3}
    return play_once(prepare(scenario_of(**sections), {}), 0)


def test_only_who_is_trained_takes_or_is_interrupted() -> None:
    """Whoever works at an urgent order can; the other works on at a late one meanwhile."""
    day = played()
    log, channel = day.log, day.book.demand.channel
    begun = log.fact == Fact.STATION_STARTED
    urgent = channel[log.subject[begun]] == list(day.book.demand.channels).index("urgent")

    assert set(log.value[begun][urgent].astype(int)) == {ANY}
    assert set(log.value[begun][~urgent].astype(int)) == {ANY, SOLE}
    assert np.count_nonzero(log.fact == Fact.STATION_INTERRUPTED) > 10


def test_nobody_is_free_while_an_interrupted_order_waits_for_them() -> None:
    """What one was called away from, the other takes up at once if free."""
    day = played()
    log, channel = day.log, day.book.demand.channel
    late = list(day.book.demand.channels).index("late")
    waiting, sole_works_at = 0, -1
    places = np.flatnonzero(np.isin(log.fact, [*WAITS_MORE, Fact.STATION_ENDED]))
    for at, after in zip(places, [*places[1:], places[-1]], strict=True):
        order, fact = int(log.subject[at]), int(log.fact[at])
        if channel[order] == late:
            waiting += WAITS_MORE.get(fact, 0)
            if fact == Fact.STATION_STARTED and int(log.value[at]) == SOLE:
                sole_works_at = order
            elif fact != Fact.STATION_STARTED and order == sole_works_at:
                sole_works_at = -1
        if log.time_s[after] > log.time_s[at]:
            assert not (waiting and sole_works_at < 0), f"{waiting} wait at {log.time_s[at]:g} s"
