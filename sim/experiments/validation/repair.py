"""Machines under repair: a station with machines, and a workshop whose people repair them.

Orders still come, few of them, and pass no station.
"""

from __future__ import annotations

import numpy as np

from sim.experiments.validation.house import DAY_S, clock_s, house_of_stations
from sim.experiments.validation.params import count, law, mean_of, needed, only, positive
from sim.experiments.validation.stations import Floats, Window, no_measure
from sim.experiments.validation.system import Case, Measure, Played, System
from sim.experiments.validation.visits import measure_of_visits
from sim.log.facts import Fact

HOUR_S = 3600.0
ORDERS_A_DAY = 24.0
PILOT_BREAKDOWNS = 4_000.0
DOWN = (Fact.BROKE_DOWN,)
IN_REPAIR = (Fact.REPAIR_STARTED,)
UP = (Fact.REPAIRED,)


def system(case: Case) -> System:
    """Return machines and their repairers as two stations.

    Raises
    ------
    NotInScenarios
        Options or figures that machines do not have.
    ValueError
        Params that are not those of machines under repair.
    """
    params = case.params
    only(params, ("machines", "repairers", "up", "repair"), "machines under repair")
    machines = count(needed(params, "machines"), "machines")
    repairers = count(needed(params, "repairers"), "repairers")
    up, repair = needed(params, "up"), needed(params, "repair")
    law(up, 1.0, "up")  # said wrong, it is refused before its mean is looked at
    law(repair, 1.0, "repair")
    most = min(machines / mean_of(up), repairers / mean_of(repair))
    rate = positive(most, "breakdowns")
    unit_s = clock_s(case.time_unit_s, rate)
    stations = {
        "machines": {
            "people": machines,
            "machines": {
                "runs_h": law(up, unit_s / HOUR_S, "up"),
                "repair_s": law(repair, unit_s, "repair"),
                "repaired_at": "workshop",
            },
        },
        "workshop": {"people": repairers},
    }
    sections = house_of_stations(
        ORDERS_A_DAY, case.warm_up * unit_s / DAY_S, machines + repairers, stations
    )
    measures = {row.metric: _measure(row.metric, machines, repairers, unit_s) for row in case.rows}
    return System(sections, measures, PILOT_BREAKDOWNS / rate * unit_s / DAY_S)


def _measure(metric: str, machines: int, repairers: int, unit_s: float) -> Measure:
    if metric in ("L_down", "L"):
        return lambda played: Window(played).mean_number(DOWN, UP)
    if metric == "availability":
        return lambda played: 1.0 - Window(played).mean_number(DOWN, UP) / machines
    if metric == "Lq":
        return lambda played: Window(played).mean_number(DOWN, IN_REPAIR)
    if metric in ("Wq_repair", "Wq"):
        return lambda played: float(waits_s(played).mean()) / unit_s
    if metric == "p_wait":
        return lambda played: float((waits_s(played) > 0.0).mean())
    if metric == "throughput":
        return lambda played: repairs(played) * unit_s
    people = range(machines, machines + repairers)
    measure = measure_of_visits(metric, "", 1, people, unit_s) if metric == "util" else None
    if measure is None:
        raise no_measure(metric, "machines under repair")
    return measure


def repairs(played: Played) -> float:
    """Return repairs ended in the window, a second."""
    window = Window(played)
    ended = window.times_of(UP)
    inside = np.count_nonzero((ended >= window.start_s) & (ended < window.end_s))
    return inside / (window.end_s - window.start_s)


def waits_s(played: Played) -> Floats:
    """Return the waits for a repairer that ended in the window."""
    window, broken = Window(played), played.tables.of_stations.breakdowns()
    begun_s = broken.repair_s
    inside = (begun_s >= window.start_s) & (begun_s < window.end_s)
    return (begun_s - broken.broke_s)[inside]
