"""Kind ``inventory``: one item whose stock is bought by a rule.

A house sells some SKUs alike, each the case's item. A Poisson process that is dealt out by chance
falls into independent ones, so one run is that many runs of the case. Orders ask for one unit and
are picked, packed and gone in no time: what lies on the shelf is the textbook's stock on hand.
Units that are asked for together (``poisson_batch``) are orders that come in together, and the
house sells one SKU alone; the rule looks at each of them in turn.

Costs are rates per unit and unit of time: under periodic review a level at a period's end costs as
if it had lasted for that period.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.experiments.validation.house import plain_house
from sim.experiments.validation.inventory_measures import COST_EUR, measure
from sim.experiments.validation.inventory_time import Pace, Timing, in_lumps, lead_time
from sim.experiments.validation.params import mean_of, number, only
from sim.experiments.validation.system import Case, NotInScenarios, System

KEYS = frozenset(
    {"policy", "review", "demand", "lead_time", "stockout"}
    | {"orders_may_cross", "max_outstanding", "costs", "sequence"}
)
LEVELS = {"base_stock": ("S",), "rQ": ("r", "Q"), "sS": ("s", "S")}
"""The levels of each policy; others would play no part."""
COSTS = frozenset({"holding", "backorder", "fixed_order", "lost"})
PILOT_UNITS = 10_000.0
PILOT_DAYS = 20.0
LONGEST_DAYS = 3_660.0
DAYS_A_YEAR = 365.0
FOREVER_DAYS = 1e4


def system(case: Case) -> System:
    """Return the scenario of a case of this kind, and its measures.

    Raises
    ------
    NotInScenarios
        If the case asks for what no scenario can say.
    ValueError
        If a number is missing or outside of its range.
    """
    params = case.params
    policy = _one_of(case, "policy", tuple(LEVELS), "base_stock")
    by_period = in_lumps(case) or "period" in params
    usual = "periodic" if by_period else "continuous"
    periodic = _one_of(case, "review", ("continuous", "periodic"), usual) == "periodic"
    known = {*KEYS, *LEVELS[policy], *(("period",) if periodic else ())}
    only(params, known, f"an inventory of the policy {policy}")
    lost = _one_of(case, "stockout", ("backorder", "lost"), "backorder") == "lost"
    pace = Pace.of(case, periodic=periodic)
    timing = Timing.of(case, periodic=periodic)
    lead_days = lead_time(case, pace, timing)
    pilot_days = _pilot_days(pace, whole=periodic)
    together = (
        {} if pace.at_once is None else {"channels": {"web": {"orders_at_once": pace.at_once}}}
    )
    warm_up_days = case.warm_up * pace.days
    sections = plain_house(
        run={
            # a run holds whole periods
            "warm_up_days": float(np.ceil(warm_up_days)) if periodic else warm_up_days,
            "horizon_days": pilot_days,
            "follow_up_days": min(
                LONGEST_DAYS, 120.0 + 40.0 * mean_of(params["lead_time"]) * pace.days
            ),
        },
        orders={
            "per_day": pace.units_per_day * pace.skus,
            "hourly_profile": list(timing.hours),
            **together,
        },
        items={
            "count": pace.skus,
            "categories": {
                "all": {
                    "return_rate": 0.0,
                    "price_eur": {"distribution": "deterministic", "value": COST_EUR},
                    "cost_share": 1.0,
                }
            },
        },
        stock={
            "unlimited": False,
            "receive_s_per_order": 0.0,
            "lead_time_days": lead_days,
            "orders_cross": bool(params.get("orders_may_cross", True)),
            **_policy(case, policy, pace, periodic=periodic),
            **(_reviews(timing) if periodic else {}),
            **_costs(case, pace, periodic=periodic),
        },
        stockouts={
            "answer": "turn_away" if lost else "backorder",
            "patience_days": {"distribution": "deterministic", "value": FOREVER_DAYS},
        },
    )
    measures = {row.metric: measure(row.metric, pace, timing) for row in case.rows}
    return System(sections, measures, pilot_days=pilot_days)


def _pilot_days(pace: Pace, *, whole: bool) -> float:
    days = max(PILOT_DAYS, PILOT_UNITS / (pace.units_per_day * pace.skus))
    days = min(days, LONGEST_DAYS)
    return float(np.ceil(days)) if whole else days


def _reviews(timing: Timing) -> dict[str, Any]:
    return {"review": "periodic", "review_days": 1, "review_time": timing.review_time}


def _one_of(case: Case, key: str, known: tuple[str, ...], otherwise: str) -> str:
    said = case.params.get(key, otherwise)
    if said not in known:
        raise NotInScenarios(f"{key} is {said!r}; known are {', '.join(known)}")
    return str(said)


def _policy(case: Case, policy: str, pace: Pace, *, periodic: bool) -> dict[str, Any]:
    outstanding = case.params.get("max_outstanding")
    rules: dict[str, Any] = {}
    if outstanding:
        rules["max_outstanding"] = int(outstanding)  # true is one

    def level(key: str, least: float) -> int:
        return int(number(case.params, key, least, 1e6))

    if policy == "base_stock" and not (outstanding and not periodic):
        return {**rules, "policy": "base_stock", "opening": "full", "order_up_to": level("S", 0.0)}
    if policy == "base_stock":  # an order for each unit, as many of them as may be out
        lots = {"reorder_point": level("S", 0.0) - 1, "order_quantity": 1}
        return {**rules, "policy": "r_Q", "one_lot_per_order": True, **lots}
    if policy == "rQ":
        levels = {"reorder_point": level("r", -1e6), "order_quantity": level("Q", 1.0)}
        if outstanding and not periodic:
            levels["one_lot_per_order"] = True
        return {**rules, "policy": "r_Q", **levels}
    if pace.at_once is not None and not periodic:
        raise NotInScenarios(
            "(s, S) under continuous review with units asked for together: it would order between "
            "two units of a batch"
        )
    levels = {"reorder_point": level("s", -1e6), "order_up_to": level("S", 0.0)}
    return {**rules, "policy": "s_S", "opening": "full", **levels}


def _costs(case: Case, pace: Pace, *, periodic: bool) -> dict[str, Any]:
    said = case.params.get("costs", {})
    only(said, COSTS, "costs")
    costs = {key: number(said, key) for key in said}
    per_day = {key: costs.get(key, 0.0) / pace.days for key in ("holding", "backorder")}
    return {
        "holding_cost_rate_per_year": per_day["holding"] * DAYS_A_YEAR / COST_EUR,
        "shortage_cost_eur_per_unit_day": per_day["backorder"],
        "order_cost_eur": costs.get("fixed_order", 0.0),
        "lost_cost_eur_per_unit": costs.get("lost", 0.0),
        "costs_counted": "at_day_end" if periodic else "continuously",
    }
