"""A plain house, as a planner would write it: a case adds what it is about.

Orders of one line arrive as a Poisson process around the clock, are paid at once and leave as soon
as they are labelled; people are there day and night; nothing comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DAY_S = 86_400.0
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ROUND_THE_CLOCK = (1.0,) * 24
NOTHING = {"distribution": "deterministic", "value": 0.0}
ONE = {"distribution": "deterministic", "value": 1.0}

PILOT_ORDERS = 2_000.0
"""Orders of a first replication, in the mean."""

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


def plain_house(**sections: Mapping[str, Any]) -> Sections:
    """Return the sections of a house in which nothing takes time and nothing goes wrong.

    It is open day and night; orders of one line are paid at once, picked, packed and at the door in
    no time, and nothing comes back. What a case is about is laid over it, key by key of a section:
    ``plain_house(orders={"per_day": 12.0})``.
    """
    plain: Sections = {
        "run": {"warm_up_days": 0.0, "cool_down_days": 0.0},
        "orders": {
            "hourly_profile": list(ROUND_THE_CLOCK),
            "weekday_profile": [1.0] * 7,
            "lines_per_order": ONE,
            "units_per_line": ONE,
        },
        "customers": {"experience": {"late": 0.0, "stockout": 0.0, "turned_away": 0.0}},
        "items": {
            "count": 1,
            "popularity_exponent": 0.0,
            "categories": {"all": {"return_rate": 0.0}},
        },
        "entry": {"automated_error_rate_per_line": 0.0},
        "payment": {"instant_share": 1.0, "decline_rate": 0.0, "fraud_hold_share": 0.0},
        "stock": {"unlimited": True},
        "picking": {"batching": "single", "time_s": NOTHING, "error_rate_per_line": 0.0},
        "packing": {
            "time_s": NOTHING,
            "label_s": NOTHING,
            "check_detects": 0.0,
            "damage_rate": 0.0,
            "damage_rate_unprotected": 0.0,
        },
        "shipping": {"services": {"standard": {"continuous": True, "transit_days": NOTHING}}},
        "follow_up": {"share": 0.0},
        "returns": {"late_return_extra": 0.0, "way_back_days": NOTHING},
        "staff": day_and_night(pickers=1, returns_clerks=1),
    }
    for name, keys in sections.items():
        plain[name] = {**plain.get(name, {}), **keys}
    return plain


def day_and_night(**people: int) -> dict[str, Any]:
    """Return a staff plan by which so many of each role are always there."""
    return {"always": {"days": EVERY_DAY, "start": "00:00", "end": "24:00", **people}}


def line_house(
    per_day: float,
    warm_up_days: float,
    people: Mapping[str, int],
    at_once: Mapping[str, Any] | None = None,
) -> Sections:
    """Return the plain house as a line of stations that take no time yet.

    Parameters
    ----------
    per_day
        Orders a day.
    warm_up_days
        Days before the measured window.
    people
        Role to heads, there day and night; a station without people takes no time.
    at_once
        Law of the orders that come in together; None: one by one.
    """
    together = {} if at_once is None else {"channels": {"web": {"orders_at_once": at_once}}}
    return plain_house(
        run={"warm_up_days": warm_up_days},
        orders={"per_day": per_day, **together},
        staff=day_and_night(**people),
    )


def put_channels(sections: Sections, channels: Mapping[str, Mapping[str, Any]]) -> None:
    """Let orders come by channels, each at a rate of its own (``per_day``)."""
    sections["orders"]["channels"] = dict(channels)
    del sections["orders"]["per_day"]  # the channels' sum


def house_of_stations(
    per_day: float,
    warm_up_days: float,
    heads: int,
    stations: Mapping[str, Any],
    at_once: Mapping[str, Any] | None = None,
) -> Sections:
    """Return the plain house whose only work is at stations beside the usual way.

    Parameters
    ----------
    per_day, warm_up_days, at_once
        As of :func:`line_house`.
    heads
        Specialists of all stations.
    stations
        The section ``stations``.
    """
    people = {"pickers": 1, "specialists": heads}
    sections = line_house(per_day, warm_up_days, people, at_once)
    return {**sections, "stations": dict(stations)}
