"""Seconds of specialists' work at stations, an order and a week; which station has too few people.

Expected visits solve v = share + P' v: what comes first, and what comes from the stations before
(the traffic equations of Jackson 1957). Every visit counts as served.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sim.experiments.explain.hands import staffed_s
from sim.scenario.schema import ROLES, Scenario, law_mean
from sim.scenario.schema.stations import Station

Floats = npt.NDArray[np.float64]

WEEK_H = 168.0
HOUR_S = 3600.0
SPECIALISTS = "specialists"


def station_s(scenario: Scenario) -> dict[str, float]:
    """Return the seconds of work at each station for an order, mean over the channels."""
    stations, channels = scenario.stations, scenario.orders.channels
    rates = np.array([scenario.orders.channel_per_day(name) for name in channels])
    mix = rates / max(float(rates.sum()), 1e-300)
    total = np.zeros(len(stations))
    for name, share in zip(channels, mix.tolist(), strict=True):
        each_s = [_visit_s(station, name) for station in stations.values()]
        total += share * visits(scenario, name) * np.array(each_s)
    return dict(zip(stations, total.tolist(), strict=True))


def visits(scenario: Scenario, channel: str) -> Floats:
    """Return the expected visits of an order of a channel to each station. Shape (stations,)."""
    stations = scenario.stations
    first = [each.share_by_channel.get(channel, each.share) for each in stations.values()]
    ways = np.array([[each.then.get(to, 0.0) for to in stations] for each in stations.values()])
    expected: Floats = np.linalg.solve(np.eye(len(first)) - ways.T, np.array(first))
    return expected


def _visit_s(station: Station, channel: str) -> float:
    """Return the mean time of a visit; of people one by one the mean over those trained for it."""
    standard_s = law_mean(station.time_s_by_channel.get(channel, station.time_s))
    people = station.specialists.values()
    trained = [each for each in people if not each.channels or channel in each.channels]
    if not trained:
        return standard_s
    times = [
        law_mean(each.time_s_by_channel[channel])
        if channel in each.time_s_by_channel
        else standard_s / each.pace
        for each in trained
    ]
    return sum(times) / len(times)


def repairs_s_a_week(scenario: Scenario) -> dict[str, float]:
    """Return the seconds of repairs at each workshop in a week, machines waiting for none."""
    found: dict[str, float] = {}
    for station in scenario.stations.values():
        rules = station.machines
        if rules is not None:
            repair_s = law_mean(rules.repair_s)
            a_machine = WEEK_H * HOUR_S / (law_mean(rules.runs_h) * HOUR_S + repair_s)
            seconds = (station.own_people or 0) * a_machine * repair_s
            found[rules.repaired_at] = found.get(rules.repaired_at, 0.0) + seconds
    return found


def station_notes(scenario: Scenario, orders_a_week: float, days: int) -> Iterator[str]:
    """Yield what the load of all specialists together hides or leaves out."""
    if not scenario.stations:
        return
    yield "every visit to a station counts as served, and no machine ever stands still"
    place_s, repairs = _a_place_s(scenario, days), repairs_s_a_week(scenario)
    for name, seconds in station_s(scenario).items():
        own = scenario.stations[name].own_people
        work_s = orders_a_week * seconds + repairs.get(name, 0.0)
        if own and place_s and work_s >= own * place_s:
            load = work_s / (own * place_s)
            yield f"station {name} has too few people of its own: {load:.2f} of their week"


def _a_place_s(scenario: Scenario, days: int) -> float:
    """Return the seconds a week that the first specialists of all shifts are there."""
    staff = {
        name: shift.model_copy(
            update={SPECIALISTS: min(1, shift.most_heads(SPECIALISTS)), "by_day": {}, "by_date": {}}
        )
        for name, shift in scenario.staff.items()
    }
    one_each = scenario.model_copy(update={"staff": staff})
    weeks = max(1, days // 7)
    hands = staffed_s(one_each, 7 * weeks)[ROLES.index(SPECIALISTS)]
    return float(hands.sum()) / weeks
