"""Kind ``inventory``: one item whose stock is bought by a rule.

A house sells some SKUs alike, each the case's item. A Poisson process that is dealt out by chance
falls into independent ones, so one run is that many runs of the case. Orders ask for one unit and
are picked, packed and gone in no time: what lies on the shelf is the textbook's stock on hand.

The clock may be played faster or slower. Under continuous review an item sells about ten units a
day of the house; under periodic review a period is a day. All times, rates and costs of the case
are converted there, and its figures back.

Demand that comes in lumps once a period (``poisson_per_period``) meets the events of the period in
their ``sequence``: each has its own hours of the day, and costs are counted at midnight. Of such
cases stock and backorders are those of the period's end. Costs are rates per unit and unit of time
there too: a level at a period's end costs as if it had lasted for that period.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sim.experiments.validation.house import DAY_S, ROUND_THE_CLOCK, plain_house
from sim.experiments.validation.params import law, needed, number, only
from sim.experiments.validation.system import Case, Measure, NotInScenarios, Played, System
from sim.kpis.account import Account
from sim.kpis.replenishment import waits_for_stock
from sim.kpis.stock_costs import backordered_unit_s

KEYS = frozenset(
    {"policy", "S", "s", "r", "Q", "review", "period", "demand", "lead_time", "stockout"}
    | {"orders_may_cross", "max_outstanding", "costs", "sequence"}
)
COSTS = frozenset({"holding", "backorder", "fixed_order", "lost"})
EQUALS = 20
"""SKUs alike in one house."""
UNITS_PER_DAY = 10.0
"""What each of them sells a day of the house, under continuous review."""
PILOT_UNITS = 10_000.0
PILOT_DAYS = 20.0
DAYS_A_YEAR = 365.0
COST_EUR = 1.0
"""Purchase cost of a unit."""
EVENT_HOURS = (4, 12, 20)
"""Clock times of the three events of a period; the costs follow at midnight."""
ORDER_OF_EVENTS = "review-receive-demand-cost"
EVENTS = ("review", "receive", "demand", "cost")


@dataclass(frozen=True)
class Pace:
    """How the case's time is played.

    Parameters
    ----------
    days
        Days of the house for a unit of the case's time.
    units_per_day
        Demand of one SKU a day of the house.
    """

    days: float
    units_per_day: float


@dataclass(frozen=True)
class Timing:
    """When the events of a day happen: of review, the orders, and what a delivery takes longer."""

    review_time: str = "00:00"
    hours: tuple[float, ...] = ROUND_THE_CLOCK
    longer_days: float = 0.0
    in_lumps: bool = False


def system(case: Case) -> System:
    """Return the scenario of a case of this kind, and its measures.

    Raises
    ------
    NotInScenarios
        If the case asks for what no scenario can say.
    ValueError
        If a number is missing or outside of its range.
    """
    only(case.params, KEYS, "an inventory")
    params = case.params
    periodic = _one_of(case, "review", ("continuous", "periodic"), "continuous") == "periodic"
    pace = _pace(case, periodic)
    timing = _timing(case, periodic)
    lost = _one_of(case, "stockout", ("backorder", "lost"), "backorder") == "lost"
    lead_time = _lead_time(case, pace, timing)
    pilot_days = max(PILOT_DAYS, PILOT_UNITS / (pace.units_per_day * EQUALS))
    sections = plain_house(
        run={
            "warm_up_days": _whole(case.warm_up * pace.days, periodic),
            "horizon_days": _whole(pilot_days, periodic),
            "cool_down_days": 0.0,
            "follow_up_days": min(
                3_660.0, 120.0 + 40.0 * number(_mean(params), "mean") * pace.days
            ),
        },
        orders={
            "per_day": pace.units_per_day * EQUALS,
            "hourly_profile": list(timing.hours),
        },
        items={
            "count": EQUALS,
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
            "lead_time_days": lead_time,
            "orders_cross": bool(params.get("orders_may_cross", True)),
            **_policy(case),
            **(_reviews(timing) if periodic else {}),
            **_costs(case, pace, periodic),
        },
        stockouts={
            "answer": "turn_away" if lost else "backorder",
            "patience_days": {"distribution": "deterministic", "value": 1e4},
        },
    )
    measures = {row.metric: _measure(row.metric, pace, timing) for row in case.rows}
    return System({**sections}, measures, pilot_days=_whole(pilot_days, periodic))


def _reviews(timing: Timing) -> dict[str, Any]:
    return {"review": "periodic", "review_days": 1, "review_time": timing.review_time}


def _whole(days: float, wanted: bool) -> float:
    """Return days, rounded up to whole ones where a run must hold whole periods."""
    return float(np.ceil(days)) if wanted else days


def _one_of(case: Case, key: str, known: tuple[str, ...], otherwise: str) -> str:
    said = case.params.get(key, otherwise)
    if said not in known:
        raise NotInScenarios(f"{key} is {said!r}; known are {', '.join(known)}")
    return str(said)


def _demand(case: Case) -> Mapping[str, Any]:
    demand = case.params.get("demand")
    kind = demand.get("type") if isinstance(demand, Mapping) else None
    if not isinstance(demand, Mapping) or kind not in ("poisson", "poisson_per_period"):
        raise NotInScenarios(
            f"demand is {demand!r}; known are poisson and poisson_per_period "
            "(batches are not: a line waits until all of its units are there)"
        )
    return demand


def _pace(case: Case, periodic: bool) -> Pace:
    demand = _demand(case)
    lumps = demand["type"] == "poisson_per_period"
    if lumps and not periodic:
        raise NotInScenarios("demand by the period under continuous review")
    if not periodic:
        per_unit = number(demand, "rate", 1e-12)
        return Pace(per_unit / UNITS_PER_DAY, UNITS_PER_DAY)
    period = number({"period": 1.0, **case.params}, "period", 1e-12)
    if lumps:
        return Pace(1.0 / period, number(demand, "mean", 1e-12))
    return Pace(1.0 / period, number(demand, "rate", 1e-12) * period)


def _timing(case: Case, periodic: bool) -> Timing:
    """Return the hours of a period's events, so that its costs come last, at midnight.

    Events written behind the costs belong to the next day of the house.
    """
    said = case.params.get("sequence")
    if not periodic:
        if said is not None:
            raise NotInScenarios("a sequence of events under continuous review")
        return Timing()
    events = str(ORDER_OF_EVENTS if said is None else said).split("-")
    if sorted(events) != sorted(EVENTS):
        raise NotInScenarios(f"sequence is {said!r}; each of {', '.join(EVENTS)} once is known")
    end = events.index("cost")
    day = {event: int(place > end) for place, event in enumerate(events)}
    today = [*events[end + 1 :], *events[:end]]
    if _demand(case)["type"] != "poisson_per_period":
        if today[-1] != "demand":
            raise NotInScenarios(
                f"sequence is {said!r}, but demand comes all the time; known is {ORDER_OF_EVENTS}"
            )
        if events.index("receive") < events.index("review") and said is not None:
            raise NotInScenarios("deliveries before the review at its own time")
        return Timing()
    clock = dict(zip(today, EVENT_HOURS, strict=True))
    hours = [0.0] * 24
    for hour in range(clock["demand"] - 2, clock["demand"] + 2):
        hours[hour] = 1.0
    days_between = day["receive"] - day["review"]
    longer_h = 24 * days_between + clock["receive"] - clock["review"]
    return Timing(f"{clock['review']:02d}:00", tuple(hours), longer_h / 24.0, in_lumps=True)


def _mean(params: Mapping[str, Any]) -> dict[str, float]:
    """Return the mean of the lead time, or about it."""
    said = params.get("lead_time")
    said = said if isinstance(said, Mapping) else {}
    return {"mean": float(said.get("mean", said.get("value", said.get("high", 0.0))))}


def _lead_time(case: Case, pace: Pace, timing: Timing) -> dict[str, Any]:
    """Return the lead time in days of the house.

    Where the events of a period have an order, a delivery is due at the receipts of a period: the
    lead time is a whole number of them.
    """
    lead_time = law(needed(case.params, "lead_time"), pace.days, "lead_time")
    if not timing.in_lumps:
        return lead_time
    periods = lead_time.get("value", -1.0)
    if lead_time["distribution"] != "deterministic" or abs(periods - round(periods)) > 1e-9:
        raise NotInScenarios(
            "a lead time that is no whole number of periods, where the events "
            "of a period have an order"
        )
    value = round(periods) + timing.longer_days
    if value < 0.0:
        raise NotInScenarios("orders that come at once, though receipts are before the review")
    return {"distribution": "deterministic", "value": value}


def _policy(case: Case) -> dict[str, Any]:
    policy = _one_of(case, "policy", ("base_stock", "rQ", "sS"), "base_stock")
    outstanding = case.params.get("max_outstanding")
    rules: dict[str, Any] = {}
    if outstanding:
        rules["max_outstanding"] = int(outstanding)  # true is one

    def level(key: str, least: float) -> int:
        return int(number(case.params, key, least, 1e6))

    if policy == "base_stock":
        return {**rules, "policy": "base_stock", "opening": "full", "order_up_to": level("S", 0.0)}
    if policy == "rQ":
        levels = {"reorder_point": level("r", -1e6), "order_quantity": level("Q", 1.0)}
        return {**rules, "policy": "r_Q", **levels}
    levels = {"reorder_point": level("s", -1e6), "order_up_to": level("S", 0.0)}
    return {**rules, "policy": "s_S", "opening": "full", **levels}


def _costs(case: Case, pace: Pace, periodic: bool) -> dict[str, Any]:
    said = case.params.get("costs", {})
    strange = sorted(said.keys() - COSTS)
    if strange:
        raise NotInScenarios(f"costs of {', '.join(strange)} are not understood")
    costs = {key: number(said, key) for key in said}
    per_day = {key: costs.get(key, 0.0) / pace.days for key in ("holding", "backorder")}
    return {
        "holding_cost_rate_per_year": per_day["holding"] * DAYS_A_YEAR / COST_EUR,
        "shortage_cost_eur_per_unit_day": per_day["backorder"],
        "order_cost_eur": costs.get("fixed_order", 0.0),
        "lost_cost_eur_per_unit": costs.get("lost", 0.0),
        "costs_counted": "at_day_end" if periodic else "continuously",
    }


def _measure(metric: str, pace: Pace, timing: Timing) -> Measure:
    """Return what measures a metric.

    Raises
    ------
    NotInScenarios
        If there is no such metric here.
    """
    name, _, argument = metric.partition(":")
    each = 1.0 / EQUALS
    kpis: dict[str, Callable[[Played], float]] = {
        "fill_rate": partial(kpi, name="fill_rate_units", factor=1.0),
        "lost_rate": partial(kpi, name="lost_units_per_day", factor=pace.days * each),
        "order_rate": partial(kpi, name="purchase_orders_per_day", factor=pace.days * each),
        "cost_rate": partial(kpi, name="stock_cost_per_day_eur", factor=pace.days * each),
    }
    if timing.in_lumps:
        kpis |= {"on_hand": on_hand_at_day_end, "backorders": backorders_at_day_end}
    else:
        kpis |= {
            "on_hand": partial(kpi, name="on_hand_mean_units", factor=each),
            "backorders": partial(kpi, name="backorders_mean_units", factor=each),
            "customer_wait": partial(
                kpi, name="unit_wait_for_stock_mean_h", factor=1.0 / (24.0 * pace.days)
            ),
        }
    if name == "p_customer_wait_gt" and not timing.in_lumps:
        limit = number({"time": _time(argument)}, "time")
        return partial(waiting_longer, limit_s=limit * pace.days * DAY_S)
    if metric not in kpis:
        raise NotInScenarios(
            f"{metric} is not measured here; known are {', '.join(kpis)}"
            + ("" if timing.in_lumps else ", p_customer_wait_gt:x")
        )
    return kpis[metric]


def _time(argument: str) -> float | str:
    try:
        return float(argument)
    except ValueError:
        return argument


def kpi(played: Played, name: str, factor: float) -> float:
    """Return a KPI of the house times a factor.

    Raises
    ------
    ValueError
        If it has no value: nothing was asked for.
    """
    value = played.kpis[name]
    if value is None:
        raise ValueError(f"{name} has no value in a run in which nothing was asked for")
    return value * factor


def on_hand_at_day_end(played: Played) -> float:
    """Mean stock of a SKU at midnight."""
    stock, window = played.tables.stock, played.tables.window
    return stock.day_end_cents_s / (100.0 * COST_EUR) / window.length_s / EQUALS


def backorders_at_day_end(played: Played) -> float:
    """Mean backordered units of a SKU at midnight."""
    account = Account(played.tables, played.setting.scenario)
    return backordered_unit_s(account, at_day_end=True) / account.window.length_s / EQUALS


def waiting_longer(played: Played, limit_s: float) -> float:
    """Share of the units asked for that waited for stock longer than a limit."""
    account = Account(played.tables, played.setting.scenario)
    units, waited_s = waits_for_stock(account)
    asked = float(account.ends.units[account.reached_stock].sum())
    return float(units[waited_s > limit_s].sum()) / asked
