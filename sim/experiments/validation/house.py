"""A house that is only a line of stations, as a planner would write it.

Orders of one line arrive as a Poisson process around the clock, are paid at once and leave as soon
as they are labelled; people are there day and night; nothing comes back. A station without people
takes no time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DAY_S = 86_400.0
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NOTHING = {"distribution": "deterministic", "value": 0.0}
ONE = {"distribution": "deterministic", "value": 1.0}

FEW_A_DAY = 300.0
"""Customers a day below which a case is played on a faster clock."""

Sections = dict[str, dict[str, Any]]


def clock_s(time_unit_s: float, rate: float) -> float:
    """Return how many seconds of the scenario stand for a case's unit of time.

    They are the unit's own, unless hardly anybody comes in a day: a queue of days would last
    centuries. No answer depends on the unit, so such a case is played on a faster clock.

    Parameters
    ----------
    time_unit_s
        Seconds in the case's unit of time.
    rate
        Arrivals in that unit, > 0.

    >>> clock_s(60.0, 0.8), clock_s(86_400.0, 0.5)
    (60.0, 30.0)
    """
    return time_unit_s if rate * DAY_S / time_unit_s >= FEW_A_DAY else 60.0 * rate


def line_house(per_day: float, warm_up_days: float, people: Mapping[str, int]) -> Sections:
    """Return the sections of a house whose stations take no time yet.

    Parameters
    ----------
    per_day
        Orders a day.
    warm_up_days
        Days before the measured window.
    people
        Role to heads, there day and night.
    """
    return {
        "run": {"warm_up_days": warm_up_days, "cool_down_days": 0.0},
        "orders": {
            "per_day": per_day,
            "hourly_profile": [1.0] * 24,
            "weekday_profile": [1.0] * 7,
            "lines_per_order": ONE,
            "units_per_line": ONE,
        },
        "items": {"count": 1, "categories": {"all": {"return_rate": 0.0}}},
        "entry": {"automated_error_rate_per_line": 0.0},
        "payment": {"instant_share": 1.0, "decline_rate": 0.0, "fraud_hold_share": 0.0},
        "stock": {"unlimited": True},
        "picking": {"batching": "single", "error_rate_per_line": 0.0},
        "packing": {
            "time_s": NOTHING,
            "label_s": NOTHING,
            "damage_rate": 0.0,
            "damage_rate_unprotected": 0.0,
        },
        "shipping": {"services": {"standard": {"continuous": True, "transit_days": NOTHING}}},
        "follow_up": {"share": 0.0},
        "returns": {"late_return_extra": 0.0},
        "staff": {"always": {"days": EVERY_DAY, "start": "00:00", "end": "24:00", **people}},
    }


def house_of_stations(
    per_day: float, warm_up_days: float, heads: int, stations: Mapping[str, Any]
) -> Sections:
    """Return the sections of a house whose only work is at stations beside the usual way.

    Parameters
    ----------
    per_day, warm_up_days
        As of :func:`line_house`.
    heads
        Specialists of all stations.
    stations
        The section ``stations``.
    """
    sections = line_house(per_day, warm_up_days, {"pickers": 1, "specialists": heads})
    sections["picking"]["time_s"] = NOTHING
    return {**sections, "stations": dict(stations)}
