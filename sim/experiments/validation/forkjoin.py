"""Orders whose parts are worked on at once: zones picked in parallel, each with pickers of its own.

Every order asks for all SKUs there are, and some of them lie in each zone; a zone's part is one
tour with a time of its own. The order is through when its last part is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.experiments.validation import queues
from sim.experiments.validation.house import DAY_S, PILOT_ORDERS, clock_s, line_house
from sim.experiments.validation.params import count, customers, law, needed, only
from sim.experiments.validation.stations import PICK, everybody, measure_of_station, no_measure
from sim.experiments.validation.system import Case, Measure, NotInScenarios, Played, System
from sim.log.facts import Fact

OF_ORDERS = ("W", "L", "util", "throughput", "p_sojourn_gt")
MOST_BRANCHES = 24


def system(case: Case) -> System:
    """Return branches as zones that pick their parts of an order at once.

    Raises
    ------
    NotInScenarios
        More branches than zones are played, or options that zones do not have.
    ValueError
        For params that are not those of branches.
    """
    params = case.params
    only(params, ("arrivals", "branches", "servers", "service"), "branches")
    come = customers(needed(params, "arrivals"))
    rate = come.rate
    branches = count(needed(params, "branches"), "branches")
    heads = count(needed(params, "servers"), "servers")
    if branches == 1:
        alone = {key: value for key, value in params.items() if key != "branches"}
        return queues.system(replace(case, params=alone))
    if branches > MOST_BRANCHES:
        raise NotInScenarios(f"{branches} branches; zones picked at once are 2 to {MOST_BRANCHES}")
    unit_s = clock_s(case.time_unit_s, rate)
    people = {"pickers": heads * branches}
    sections = line_house(
        rate * DAY_S / unit_s, case.warm_up * unit_s / DAY_S, people, come.at_once
    )
    # an order of all SKUs may get one twice in place of another: never all that lie in a zone
    levels = 1 if branches <= 4 else 2 if branches <= 12 else 3
    skus = 2 * branches * levels
    sections["items"] |= {"count": skus, "popularity_exponent": 0.0}
    sections["orders"]["lines_per_order"] = {"distribution": "deterministic", "value": float(skus)}
    sections["warehouse"] = {
        "layout": {
            "aisles": branches,
            "positions_per_side": 1,
            "levels": levels,
            "access_s_per_level": [0.0] * levels,
        },
        "zones": branches,
    }
    sections["picking"] |= {
        "method": "parallel_zones",
        "zones": {
            "help_other_zones": False,
            "consolidate_s_per_zone": 0.0,
            "consolidate_s_per_line": 0.0,
        },
        "tour_time_s": law(needed(params, "service"), unit_s, "service"),
    }
    measures = {row.metric: _measure(row.metric, branches, heads, unit_s) for row in case.rows}
    return System(sections, measures, PILOT_ORDERS / rate * unit_s / DAY_S)


def _measure(metric: str, branches: int, heads: int, unit_s: float) -> Measure:
    name, _, argument = metric.partition(":")
    measure = None
    if name in OF_ORDERS and bool(argument) == (name == "p_sojourn_gt"):
        total = heads * branches
        measure = measure_of_station(name, argument, PICK, total, unit_s, everybody)
    if measure is None:
        raise no_measure(metric, "branches")
    inner = measure

    def of_whole_orders(played: Played) -> float:
        """Measure, once every order was worked on in every branch."""
        parts = played.log.other[played.log.fact == Fact.ZONES_JOINED]
        assert np.all(parts == branches), "an order had no part in a branch"
        assert len(parts) == len(played.book.demand.placed_s)
        return inner(played)

    return of_whole_orders
