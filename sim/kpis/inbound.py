"""Inbound: how long goods take from the gate to the shelf, and what a delivery costs in work."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.people_tables import RECEIVERS
from sim.kpis.sums import HOUR_S, exact_sum, in_units, mean, quantile, ratio

Floats = npt.NDArray[np.float64]
MINUTE_S = 60.0
P90 = 0.9


def _dock_to_stock_s(account: Account) -> Floats:
    """Return gate to shelf, s, of the deliveries put away inside the window."""
    deliveries = account.tables.goods_in.deliveries
    put_away = account.window.holds(deliveries["put_away_s"])
    took_s: Floats = deliveries["put_away_s"][put_away] - deliveries["arrived_s"][put_away]
    return took_s


def dock_to_stock_mean_h(account: Account) -> float | None:
    """Mean time from the gate (TRUCK_ARRIVED) to the shelf (PUT_AWAY), h.

    In: deliveries put away inside the window. A truck that would come at night arrives when the
    gate opens. Typical are 4 to 8 h, the best need less than 3.5 h (WERC 2025).
    """
    return in_units(mean(_dock_to_stock_s(account)), HOUR_S)


def dock_to_stock_p90_h(account: Account) -> float | None:
    """Time from the gate to the shelf that 90 % of the deliveries need at most, h.

    In: deliveries put away inside the window.
    """
    return in_units(quantile(_dock_to_stock_s(account), P90), HOUR_S)


def dock_wait_mean_h(account: Account) -> float | None:
    """Mean wait of a truck for a door, TRUCK_ARRIVED to DOCKED, h.

    In: deliveries that got their door inside the window, those that did not wait included.
    """
    deliveries = account.tables.goods_in.deliveries
    docked = account.window.holds(deliveries["docked_s"])
    waited_s = deliveries["docked_s"][docked] - deliveries["arrived_s"][docked]
    return in_units(mean(waited_s), HOUR_S)


def receiver_min_per_delivery(account: Account) -> float | None:
    """Minutes of receivers' work done inside the window / deliveries put on the shelf inside it.

    Whoever does the work; the two parts of a purchase order are two deliveries.
    """
    spans, window = account.tables.spans, account.window
    rows = spans["role"] == RECEIVERS
    end_s = spans["end_s"][rows]
    inside_s = window.cut(end_s) - window.cut(end_s - spans["length_s"][rows])
    receipts = account.tables.goods_in.receipts_in_window
    return in_units(ratio(exact_sum(inside_s), float(receipts)), MINUTE_S)


FAMILY = "inbound"
NOT_IN_STEPS = "no delivery came step by step in the window (inbound.process)"
DEFINITIONS = (
    KpiDefinition(
        "dock_to_stock_mean_h",
        "h",
        FAMILY,
        "gate to shelf, mean",
        "low",
        dock_to_stock_mean_h,
        NOT_IN_STEPS,
    ),
    KpiDefinition(
        "dock_to_stock_p90_h",
        "h",
        FAMILY,
        "gate to shelf, 90 %",
        "low",
        dock_to_stock_p90_h,
        NOT_IN_STEPS,
    ),
    KpiDefinition(
        "dock_wait_mean_h",
        "h",
        FAMILY,
        "wait of a truck for a door, mean",
        "low",
        dock_wait_mean_h,
        NOT_IN_STEPS,
    ),
    KpiDefinition(
        "receiver_min_per_delivery",
        "min",
        FAMILY,
        "receivers' work, a delivery",
        "low",
        receiver_min_per_delivery,
        "nothing was put on the shelf in the window",
    ),
)
