"""Orders that wait until a batch of them is there, and are then picked in one tour."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.experiments.validation.house import DAY_S, PILOT_ORDERS, clock_s, line_house
from sim.experiments.validation.params import count, customers, law, needed, only
from sim.experiments.validation.stations import (
    PICK,
    Floats,
    Window,
    everybody,
    measure_of_station,
    no_measure,
)
from sim.experiments.validation.system import Case, Measure, Played, System
from sim.log.facts import Fact

FOREVER_MIN = 100_000.0
OF_ORDERS = ("W", "L", "Lq", "util", "throughput", "p_sojourn_gt")


def system(case: Case) -> System:
    """Return batches as tours of exactly so many orders.

    Raises
    ------
    NotInScenarios
        For options that tours do not have.
    ValueError
        For params that are not those of batches.
    """
    params = case.params
    only(params, ("arrivals", "batch_size", "servers", "service"), "batches")
    come = customers(needed(params, "arrivals"))
    rate = come.rate
    size = count(needed(params, "batch_size"), "batch_size")
    heads = count(needed(params, "servers"), "servers")
    unit_s = clock_s(case.time_unit_s, rate)
    sections = line_house(
        rate * DAY_S / unit_s, case.warm_up * unit_s / DAY_S, {"pickers": heads}, come.at_once
    )
    # the last orders of the window find those that fill up their batch
    sections["run"]["cool_down_days"] = 50.0 * size / rate * unit_s / DAY_S
    sections["picking"] |= {
        "batching": "first_come",
        "batch_min_orders": size,
        "batch_max_orders": size,
        "cart_volume_l": 1_000_000.0,
        "batch_wait_max_min": FOREVER_MIN,
        "tour_time_s": law(needed(params, "service"), unit_s, "service"),
    }
    measures = {row.metric: _measure(row.metric, size, heads, unit_s) for row in case.rows}
    return System(sections, measures, PILOT_ORDERS / rate * unit_s / DAY_S)


def _measure(metric: str, size: int, heads: int, unit_s: float) -> Measure:
    if metric == "batch_form_wait":
        return lambda played: (
            float((formed_s(played, size) - came_s(played))[_of(played)].mean()) / unit_s
        )
    if metric == "Wq_batch":

        def wait(played: Played) -> float:
            begun_s = Window(played).first_s(*PICK.starts)
            waits = (begun_s - formed_s(played, size))[_of(played)]
            assert waits.min() >= 0.0, "a tour began before its last order was there"
            return float(waits.mean()) / unit_s

        return wait
    if metric == "Wq":

        def whole_wait(played: Played) -> float:
            begun_s = Window(played).first_s(*PICK.starts)
            return float((begun_s - came_s(played))[_of(played)].mean()) / unit_s

        return whole_wait
    name, _, argument = metric.partition(":")
    measure = None
    if name in OF_ORDERS and bool(argument) == (name == "p_sojourn_gt"):
        measure = measure_of_station(name, argument, PICK, heads, unit_s, everybody)
    if measure is None:
        raise no_measure(metric, "batches")
    return measure


def _of(played: Played) -> npt.NDArray[np.bool_]:
    return Window(played).inside


def came_s(played: Played) -> Floats:
    """Return when each order joined the pick line."""
    return Window(played).first_s(Fact.RELEASED)


def formed_s(played: Played, size: int) -> Floats:
    """Return when the last order of each order's batch joined; NaN for those who wait in vain."""
    came = came_s(played)
    by_time = np.argsort(came, kind="stable")
    full = len(came) // size * size
    formed = np.full(len(came), np.nan)
    formed[by_time[:full]] = np.repeat(came[by_time[size - 1 : full : size]], size)
    return formed
