"""The table of orders: one row an order of the run, with the times of all steps and its outcome."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sim.kpis.ends import DELIVERED, STATE_NAMES, Ends, find_ends
from sim.kpis.lead_parts import PARTS, clock_times
from sim.kpis.order_tables import FOLLOWED_UP_FLAG, NO_PROMISE
from sim.kpis.shipment_tables import REWORKED_LEG
from sim.kpis.tables import Tables
from sim.log.facts import CancelReason

Column = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]
REASON_NAMES = ("", *(reason.name.lower().replace("_", " ") for reason in CancelReason))


def orders_frame_columns(tables: Tables) -> dict[str, Column]:
    """Return the columns of the orders table, in the order in which they are written.

    Times are seconds from the scenario's start, NaN where a step did not happen; those of the
    shipment are of the leg that arrived (else left) last. ``pick_started_s``, ``picked_s`` and
    ``pack_started_s`` are NaN for a shipment that was picked twice, ``<part>_s`` for an order that
    was not delivered; the parts add up to ``delivered_s - placed_s``. ``measured``: the cohort.
    """
    ends = find_ends(tables)
    demand = tables.demand
    columns: dict[str, Column] = {
        "order": np.arange(demand.orders),
        "measured": tables.cohort_order(np.arange(demand.orders)) & (ends.state > 0),
        "channel": np.array(demand.channels, dtype=np.str_)[demand.channel],
        "customer": demand.customer,
        "lines": np.diff(demand.first_line),
        "units": ends.units,
        "outcome": np.array(STATE_NAMES)[ends.state],
        "cancelled_for": np.array(REASON_NAMES)[ends.cancel_reason],
        "shipments": ends.must.astype(np.int64),
        "placed_s": demand.placed_s,
        "entered_s": tables.orders["entered_s"],
        "paid_s": tables.orders["paid_s"],
    }
    columns |= _leg_times(tables, ends)
    promised_s = tables.orders["promised_s"].astype(np.float64)
    promised_s[promised_s == NO_PROMISE] = np.nan
    columns["promised_truck_s"] = promised_s
    columns["promised_door_s"] = tables.orders["promised_door_s"]
    columns |= _parts(tables, ends)
    columns |= _aftermath(tables, ends)
    return columns


def _leg_times(tables: Tables, ends: Ends) -> dict[str, Column]:
    shipments = tables.shipments
    leg = np.maximum(ends.last_leg, 0)
    without = ends.last_leg < 0
    reworked = (shipments["flags"][leg] & REWORKED_LEG) != 0
    columns: dict[str, Column] = {}
    for name in ("allocated_s", "released_s", "pick_started_s", "picked_s", "pack_started_s"):
        time_s = shipments[name][leg].copy()
        if name not in ("allocated_s", "released_s"):
            time_s[(time_s == 0.0) | reworked] = np.nan
        columns[name] = np.where(without, np.nan, time_s)
    for name in ("packed_s", "handed_over_s", "delivered_s"):
        columns[name] = np.where(without, np.nan, shipments[name][leg])
    columns["picked_twice"] = reworked & ~without
    return columns


def _parts(tables: Tables, ends: Ends) -> dict[str, Column]:
    delivered = np.flatnonzero(ends.state == DELIVERED)
    times = clock_times(tables, delivered, ends.last_leg[delivered])
    columns: dict[str, Column] = {}
    for part in PARTS:
        column = np.full(tables.demand.orders, np.nan)
        column[delivered] = times.part_s(part)
        columns[f"{part}_s"] = column
    return columns


def _aftermath(tables: Tables, ends: Ends) -> dict[str, Column]:
    orders = tables.demand.orders
    of_return = tables.order_of_line(tables.returns["line"])
    short, wrong = (np.zeros(orders, dtype=np.bool_) for _ in range(2))
    short[ends.short.order] = True
    wrong[tables.order_of_line(tables.arrived_wrong["line"])] = True

    def per_order(column: str) -> Integers:
        total = np.zeros(orders, dtype=np.int64)
        np.add.at(total, of_return, tables.returns[column])
        return total

    return {
        "short": short,
        "arrived_wrong": wrong,
        "captured_cents": tables.orders["captured_cents"],
        "refunded_cents": per_order("refunded_cents"),
        "returned_units": per_order("received_units"),
        "followed_up": (tables.orders["flags"] & FOLLOWED_UP_FLAG) != 0,
    }
