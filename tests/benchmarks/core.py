"""The core flow of ``baseline``: what the simulator and its idiomatic twin both play."""

from __future__ import annotations

from sim.scenario.loading import load
from sim.scenario.schema import WEEKDAYS, Scenario

EFFECTS = ("late", "wrong_item", "stockout", "turned_away", "slow_refund")
HEADS = {"pickers": 5, "packers": 3, "dispatchers": 2, "receivers": 2, "returns_clerks": 4}


def core_scenario(orders: int, replication_seed: int = 20261122) -> Scenario:
    """Return ``baseline`` without what the twin leaves out, long enough for some orders.

    One automated channel, no entry faults nor fraud checks, stock that never runs out (it is bought
    again all the same), refunds instead of replacements, customers who forget, and everybody there
    around the clock, about as many hours as ``baseline`` pays.
    """
    sections = load("baseline").scenario.model_dump()
    sections["run"] |= {
        "warm_up_days": 0.0,
        "horizon_days": orders / sections["orders"]["per_day"],
        "cool_down_days": 0.0,
        "seed": replication_seed,
    }
    sections["orders"]["channels"] = {"web": {"share": 1.0}}
    sections["entry"]["automated_error_rate_per_line"] = 0.0
    sections["payment"]["fraud_hold_share"] = 0.0
    sections["stock"] |= {"service_level": 0.999999, "order_days": 30.0, "opening": "full"}
    sections["returns"]["replace_share"] = 0.0
    sections["customers"]["experience"] = dict.fromkeys(EFFECTS, 0.0)
    sections["staff"] = {
        "always": {"days": list(WEEKDAYS), "start": "00:00", "end": "24:00", **HEADS}
    }
    sections["targets"] = {}
    return Scenario.model_validate(sections)
