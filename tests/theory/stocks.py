"""Textbook stock systems written as ordinary scenarios, and what their KPIs say of one SKU.

A scenario sells some SKUs alike, each in a Poisson process of its own (a Poisson process that is
dealt out by chance falls into independent ones): each is the textbook's system, and one run is that
many independent runs of it. Orders ask for one unit and are picked, packed and gone in no time, so
that what lies on the shelf is what the textbook calls on hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.engine.setting import Setting
from sim.experiments.replication import play_replication
from sim.scenario.schema import Scenario
from tests.sim.engine.playing import EVERY_DAY, scenario_of

NOTHING = {"distribution": "deterministic", "value": 0.0}
ONE = {"distribution": "deterministic", "value": 1.0}
NEVER_IMPATIENT = {"distribution": "deterministic", "value": 1e4}
DAYS_A_YEAR = 365.0
EQUALS = 20
"""SKUs alike in one scenario."""


def stock_scenario(
    units_per_day: float,
    warm_up_days: float,
    measured_days: float,
    stock: Mapping[str, Any],
    answer: str = "backorder",
    hours: tuple[float, ...] = (1.0,) * 24,
    cost_eur: float = 1.0,
    **sections: Any,
) -> Scenario:
    """Return a house of SKUs alike whose only question is the stock."""
    return scenario_of(
        run={
            "warm_up_days": warm_up_days,
            "horizon_days": measured_days,
            "cool_down_days": 0.0,
        },
        orders={
            "per_day": units_per_day * EQUALS,
            "hourly_profile": list(hours),
            "weekday_profile": [1.0] * 7,
            "lines_per_order": ONE,
            "units_per_line": ONE,
        },
        customers={
            "experience": {
                "late": 0.0,
                "stockout": 0.0,
                "turned_away": 0.0,
            }
        },
        items={
            "count": EQUALS,
            "popularity_exponent": 0.0,
            "categories": {
                "all": {
                    "return_rate": 0.0,
                    "price_eur": {"distribution": "deterministic", "value": cost_eur},
                    "cost_share": 1.0,
                }
            },
        },
        entry={"automated_error_rate_per_line": 0.0},
        payment={"instant_share": 1.0, "decline_rate": 0.0, "fraud_hold_share": 0.0},
        stock={"receive_s_per_order": 0.0, **stock},
        stockouts={"answer": answer, "patience_days": NEVER_IMPATIENT},
        picking={"batching": "single", "time_s": NOTHING, "error_rate_per_line": 0.0},
        packing={
            "time_s": NOTHING,
            "label_s": NOTHING,
            "damage_rate": 0.0,
            "damage_rate_unprotected": 0.0,
        },
        shipping={"services": {"standard": {"continuous": True, "transit_days": NOTHING}}},
        follow_up={"share": 0.0},
        returns={"late_return_extra": 0.0},
        staff={"always": {"days": EVERY_DAY, "start": "00:00", "end": "24:00", "pickers": 1}},
        **sections,
    )


def holding(eur_per_unit_day: float, cost_eur: float) -> float:
    """Return the holding cost rate a year that costs so much for a unit and day."""
    return eur_per_unit_day * DAYS_A_YEAR / cost_eur


def figures(setting: Setting, replication: int) -> dict[str, float]:
    """Play a replication and return its KPIs; those of the whole house for one SKU, a day."""
    kpis = play_replication(setting, replication).kpis
    known = {name: value for name, value in kpis.items() if value is not None}
    return {
        "fill_rate": known["fill_rate_units"],
        "on_hand": known["on_hand_mean_units"] / EQUALS,
        "on_order": known["on_order_mean_units"] / EQUALS,
        "backorders": known["backorders_mean_units"] / EQUALS,
        "lost_rate": known["lost_units_per_day"] / EQUALS,
        "order_rate": known["purchase_orders_per_day"] / EQUALS,
        "cost_rate": known["stock_cost_per_day_eur"] / EQUALS,
        "customer_wait": known["unit_wait_for_stock_mean_h"] / 24.0,
    }
