"""Kind ``geometry``: where the picks of an order lie in parallel aisles.

Orders of ``picks`` lines are drawn from SKUs that sell alike and lie one at each location of a
floor of ``aisles`` aisles. Two things differ from picks that are independent and anywhere along
an aisle. Places are steps: with 2,000 along each of up to 50 aisles, an expected farthest place is
off by about n / (12 x 2,000 ** 2) of the length. The lines of an order are different SKUs: with at
least 100,000 of them, the chance that an aisle is left out is off by about
n ** 2 / (2 x 100,000 A) of itself, which is less than 0.01 % up to 10 picks in 5 aisles or more;
the farthest place in an aisle by less than the share of one SKU in it, A / 100,000.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiments.validation.house import plain_house
from sim.experiments.validation.params import number, only
from sim.experiments.validation.system import Case, NotInScenarios, Played, System
from sim.log.facts import Fact
from sim.warehouse.layout import RectangularLayout

KEYS = frozenset({"aisles", "picks", "placement", "aisle_length"})
AT_RANDOM = ("random", "uniform", "random_uniform", "uniform_random", None)
PLACES = 2_000
"""Places along each side of an aisle; fewer where there are more than 50 aisles."""
FEWEST_PLACES = 200
SKUS = 100_000
"""At least so many; where the aisles are few, they lie above each other."""
MOST_LEVELS = 50
PER_DAY = 2_000.0
"""Orders of a first replication; more where few of them lie in one aisle."""
IN_ONE = 400.0
MOST_PER_DAY = 100_000.0


def system(case: Case) -> System:
    """Return the scenario of a case of this kind, and its measures.

    Raises
    ------
    NotInScenarios
        If the case asks for what no scenario can say.
    ValueError
        If a number is missing or outside of its range.
    """
    only(case.params, KEYS, "a geometry")
    placement = case.params.get("placement")
    if placement not in AT_RANDOM:
        raise NotInScenarios(f"placement is {placement!r}; picks anywhere alike are known: uniform")
    aisles, picks = (int(number(case.params, key, 1.0, 1e3)) for key in ("aisles", "picks"))
    length_m = number({"aisle_length": 1.0, **case.params}, "aisle_length", 1e-9)
    places = min(PLACES, max(FEWEST_PLACES, SKUS // aisles))
    levels = min(MOST_LEVELS, math.ceil(SKUS / (2 * aisles * places)))
    house = plain_house(
        run={"warm_up_days": 0.0, "horizon_days": 1.0, "cool_down_days": 0.0},
        orders={
            "per_day": _per_day(case, aisles, picks),
            "lines_per_order": {"distribution": "deterministic", "value": float(picks)},
        },
        items={"count": 2 * aisles * places * levels},
        warehouse={
            "layout": {
                "aisles": aisles,
                "positions_per_side": places,
                "position_length_m": length_m / places,
                "cross_aisle_m": 0.0,
                "access_s_per_level": [0.0] * levels,
            },
            "storage": "random",
        },
    )
    unknown = [row.metric for row in case.rows if row.metric not in MEASURES]
    if unknown:
        raise NotInScenarios(
            f"{', '.join(unknown)} is not measured here; known are " + ", ".join(MEASURES)
        )
    return System({**house}, {row.metric: MEASURES[row.metric] for row in case.rows})


def _per_day(case: Case, aisles: int, picks: int) -> float:
    """Return the orders of a day, so that some lie in one aisle if that is what is measured."""
    if all(row.metric != "farthest_in_aisle_given_all_in_one" for row in case.rows):
        return PER_DAY
    return float(min(max(PER_DAY, IN_ONE * aisles ** (picks - 1)), MOST_PER_DAY))


@dataclass(frozen=True)
class Picks:
    """Where the lines of each order were picked, shape (orders, picks): aisle from 0, metres."""

    aisle: npt.NDArray[np.int64]
    along_m: npt.NDArray[np.float64]


def picks_of(played: Played) -> Picks:
    """Return the places of what was picked (LINE_PICKED) for the orders of the window."""
    layout, demand = played.setting.layout, played.book.demand
    if not isinstance(layout, RectangularLayout):
        raise TypeError("the floor of this kind is made of aisles")
    line = np.sort(played.log.subject[played.log.fact == Fact.LINE_PICKED])
    line = line[played.tables.cohort_line(line)]
    location = np.asarray(played.setting.location_of_sku)[demand.sku[line]]
    shape = (-1, int(demand.first_line[1]))  # every order has as many lines
    aisle = np.asarray(layout.aisle_of, dtype=np.int64)[location]
    return Picks(aisle.reshape(shape), np.asarray(layout.offset_m)[location].reshape(shape))


def aisles_visited(played: Played) -> float:
    """Mean number of different aisles among the picks of an order."""
    aisle = np.sort(picks_of(played).aisle, axis=1)
    return float(1.0 + np.count_nonzero(np.diff(aisle, axis=1), axis=1).mean())


def farthest_aisle(played: Played) -> float:
    """Mean of the highest aisle number among the picks of an order; the first aisle is 1."""
    return float(picks_of(played).aisle.max(axis=1).mean() + 1.0)


def farthest_in_one_aisle(played: Played) -> float:
    """Mean metres to an order's farthest pick, of the orders that lie in one aisle altogether."""
    picks = picks_of(played)
    in_one = picks.aisle.min(axis=1) == picks.aisle.max(axis=1)
    if not in_one.any():
        return math.nan
    return float(picks.along_m[in_one].max(axis=1).mean())


MEASURES: dict[str, Callable[[Played], float]] = {
    "aisles_visited": aisles_visited,
    "farthest_aisle": farthest_aisle,
    "farthest_in_aisle_given_all_in_one": farthest_in_one_aisle,
}
