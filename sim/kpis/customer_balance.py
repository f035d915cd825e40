"""What must be true of customers: who has dropped out orders no more until won back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.order_tables import FOLLOWED_UP_FLAG, PLACED_FLAG
from sim.kpis.tables import Tables
from sim.log.facts import LostCause

Integers = npt.NDArray[np.int64]


def ordered_after_leaving(tables: Tables) -> Integers:
    """Return the customers who placed an order after they had dropped out and before being back."""
    demand, out = tables.demand, tables.of_customers.dropped_out
    if not out.count:
        return np.empty(0, dtype=np.int64)
    placed = np.flatnonzero((tables.orders["flags"] & PLACED_FLAG) != 0)
    orders = np.sort(_keys(tables, demand.customer[placed], placed))
    gone = np.maximum(out["order"] + 1, np.searchsorted(demand.placed_s, out["time_s"], "right"))
    back = tables.of_customers.won_back
    first_again = np.searchsorted(demand.placed_s, back["time_s"])
    returns = _keys(tables, back["customer"], first_again)
    since = _keys(tables, out["customer"], gone)
    for_good = _keys(tables, out["customer"], np.full(out.count, demand.orders))
    returns.sort()
    at = np.searchsorted(returns, since)
    until = np.minimum(np.append(returns, np.iinfo(np.int64).max)[at], for_good)
    between = np.searchsorted(orders, until) > np.searchsorted(orders, since)
    return np.unique(out["customer"][between].astype(np.int64))


def _keys(tables: Tables, customer: npt.NDArray[np.int32], order: npt.NDArray[np.int_]) -> Integers:
    """Return one number for customer and order, by which customers stand together."""
    keys: Integers = customer.astype(np.int64) * (tables.demand.orders + 1) + order
    return keys


def lost_without_leaving(tables: Tables) -> Integers:
    """Return the orders lost to a drop-out of customers who never dropped out."""
    lost = tables.lost["order"][tables.lost["cause"] == int(LostCause.DROPPED_OUT)]
    gone = np.isin(tables.demand.customer[lost], tables.of_customers.dropped_out["customer"])
    orders: Integers = lost[~gone].astype(np.int64)
    return orders


def led_without_contact(tables: Tables) -> Integers:
    """Return the placed orders to which a contact led that never went out."""
    led_by = tables.demand.led_by
    if led_by is None:
        return np.empty(0, dtype=np.int64)
    flags = tables.orders["flags"]
    contacted = (flags[led_by] & FOLLOWED_UP_FLAG) != 0
    wrong = (led_by >= 0) & ((flags & PLACED_FLAG) != 0) & ~contacted
    return np.flatnonzero(wrong)
