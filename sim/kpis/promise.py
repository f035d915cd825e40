"""Promises: what the customer was told, and whether it came true."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.ends import OPEN
from sim.kpis.shipment_tables import BACKORDER_LEG, DROPSHIP_LEG, REPLACEMENT_LEG
from sim.kpis.sums import ratio
from sim.log.facts import CancelReason, Fact, ShortAnswer

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SLACK_S = 1e-6
"""A truck that leaves at the promised instant is on time."""


def truck_promise_s(account: Account, orders: Integers) -> Floats:
    """Return the truck time first promised for some orders, s; NaN without one.

    A truck at or before the click is none: parcels of a continuous carrier leave when they are
    ready.
    """
    promised_s = account.tables.orders["promised_s"][orders].astype(np.float64)
    return np.where(promised_s > account.demand.placed_s[orders], promised_s, np.nan)


def door_promise_s(account: Account, orders: Integers) -> Floats:
    """Return the delivery time first promised for some orders, s; NaN without one."""
    return np.asarray(account.tables.orders["promised_door_s"][orders], dtype=np.float64)


def _on_time(account: Account, promised_s: Floats, happened_s: Floats, done: Flags) -> float | None:
    open_order = account.ends.state[account.cohort] == OPEN
    overdue = open_order & ~done & (promised_s < account.tables.last_s)
    counted = ~np.isnan(promised_s) & (done | overdue)
    kept = counted & done & (happened_s <= promised_s + SLACK_S)
    return ratio(float(np.count_nonzero(kept)), float(np.count_nonzero(counted)))


def _mask(account: Account, orders: Integers) -> Flags:
    return np.isin(account.cohort, orders, assume_unique=True)


def on_time_delivery_rate(account: Account) -> float | None:
    """Share of orders that were delivered completely by the time first promised (PROMISED).

    In: delivered orders of the cohort with a promise, and open ones whose promise has passed
    (late). Out: cancelled orders.
    """
    promised_s = door_promise_s(account, account.cohort)
    leg = np.maximum(account.ends.last_leg[account.cohort], 0)
    delivered_s = account.tables.shipments["delivered_s"][leg]
    return _on_time(account, promised_s, delivered_s, _mask(account, account.delivered))


def on_time_ship_rate(account: Account) -> float | None:
    """Share of orders that left completely by the truck first promised (PROMISED).

    In: shipped orders of the cohort with a promise, and open ones whose promise has passed (late).
    Out: cancelled orders.
    """
    promised_s = truck_promise_s(account, account.cohort)
    left_s = account.ends.left_s[account.cohort]
    return _on_time(account, promised_s, left_s, _mask(account, account.shipped))


def promise_kept_rate(account: Account) -> float | None:
    """Share of shipments that left by the last promise made for them.

    A shipment that carries backordered lines is held to the promise of its backorder
    (BACKORDER_PROMISED, what was told last of each line, the latest of its lines), every other one
    to PROMISED. In: shipments of the cohort's orders that left, and those overdue when the log
    ends. Out: cancelled orders, rests of which every line was given up, replacements, shipments
    without a promise.
    """
    promised_s, legs = last_promises(account)
    return _left_in_time(account, promised_s, legs)


def sale_promise_kept_rate(account: Account) -> float | None:
    """Share of shipments that left by what the customer knew when they bought.

    A backordered line that the click showed as out is held to the first date that was told of it
    (BACKORDER_PROMISED, the latest of the order's lines); an oversale breaks the promise of the
    click: it is held to that (PROMISED), and so is every other shipment. In and out as for
    promise_kept_rate.
    """
    shorts = account.tables.shorts
    known = np.isin(shorts["answer"], (ShortAnswer.BACKORDER, ShortAnswer.HOLDS))
    known &= shorts["oversale"] == 0
    later_s = _backorder_promise_s(account, last=False)
    oversold = np.setdiff1d(shorts["line"], shorts["line"][known])
    later_s[account.tables.order_of_line(oversold)] = np.nan
    promised_s, legs = _promises(account, later_s)
    return _left_in_time(account, promised_s, legs)


def _left_in_time(account: Account, promised_s: Floats, legs: Integers) -> float | None:
    left_s = account.tables.shipments["handed_over_s"][legs]
    counted = ~np.isnan(promised_s) & (~np.isnan(left_s) | (promised_s < account.tables.last_s))
    kept = counted & (left_s <= promised_s + SLACK_S)
    return ratio(float(np.count_nonzero(kept)), float(np.count_nonzero(counted)))


def last_promises(account: Account) -> tuple[Floats, Integers]:
    """Return the truck time that each shipment of the cohort is held to, s, and their numbers."""
    return _promises(account, _backorder_promise_s(account, last=True))


def _promises(account: Account, backorder_of_order_s: Floats) -> tuple[Floats, Integers]:
    """Return the same with the dates to which the backordered lines of each order are held."""
    tables, ends = account.tables, account.ends
    flags = tables.shipments["flags"]
    legs = account.cohort_legs
    order = account.order_of_leg[legs]
    wanted = (flags[legs] & REPLACEMENT_LEG) == 0
    wanted &= (ends.cancel_reason[order] == 0) & (ends.must[order] > 0)
    first = legs < account.demand.orders
    wanted &= ~first | ends.own[order]
    wanted &= ~np.isin(legs, tables.legs["shipment"][~ends.further])
    legs, order, first = legs[wanted], order[wanted], first[wanted]
    backorder_s = backorder_of_order_s[order]
    split_off = np.zeros(account.demand.orders, dtype=np.bool_)
    split_off[tables.legs["order"][tables.legs["kind"] == BACKORDER_LEG]] = True
    holding = tables.shorts["line"][tables.shorts["answer"] == int(ShortAnswer.HOLDS)]
    split_off[tables.order_of_line(holding)] = False
    carries = ((flags[legs] & BACKORDER_LEG) != 0) | (first & ~split_off[order])
    carries &= ~np.isnan(backorder_s)
    return np.where(carries, backorder_s, truck_promise_s(account, order)), legs


def _backorder_promise_s(account: Account, *, last: bool) -> Floats:
    """Return the latest of the first or last promises of the backordered lines of each order."""
    rows = account.tables.backorders
    told = np.flatnonzero(rows["fact"] == int(Fact.BACKORDER_PROMISED))[:: -1 if last else 1]
    line, at = np.unique(rows["line"][told], return_index=True)
    latest = np.full(account.demand.orders, -np.inf)
    np.maximum.at(latest, account.tables.order_of_line(line), rows["promised_s"][told[at]])
    return np.where(np.isinf(latest), np.nan, latest)


def perfect_order_rate(account: Account) -> float | None:
    """Share of perfect orders: delivered on time, complete, and every line right and unhurt.

    Perfect = delivered by the promised time (an order without a promise counts as on time), no unit
    turned away, oversold, given up or replaced by a substitute, no line arrived wrong or damaged.
    In: orders of the cohort that were delivered, or cancelled because stock or the customer's
    patience ended. Out: orders cancelled for payment or fraud, open orders. Source: SCOR model,
    RL.1.1 perfect order fulfillment.
    """
    delivered = account.delivered
    refused = account.cancelled_for(
        CancelReason.TURNED_AWAY,
        CancelReason.WENT_ELSEWHERE,
        CancelReason.OVERSOLD,
        CancelReason.PATIENCE,
    )
    leg = account.ends.last_leg[delivered]
    promised_s = door_promise_s(account, delivered)
    late = account.tables.shipments["delivered_s"][leg] > promised_s + SLACK_S
    flawed = np.zeros(account.demand.orders, dtype=np.bool_)
    flawed[account.ends.short.order[account.ends.short.gone > 0]] = True
    flawed[account.tables.order_of_line(account.tables.of_lines.substituted["line"])] = True
    wrong = account.tables.arrived_wrong["line"]
    flawed[account.tables.order_of_line(wrong)] = True
    perfect = np.count_nonzero(~late & ~flawed[delivered])
    return ratio(float(perfect), float(len(delivered) + refused))


def missed_truck_rate(account: Account) -> float | None:
    """Share of own shipments that left after their promised truck although nothing was short.

    In: shipments of the cohort that left the house, with a promise, of orders without a short
    line. Out: dropship legs, replacements, orders with a shortage.
    """
    tables = account.tables
    left_s = tables.shipments["handed_over_s"]
    orders = account.cohort[~np.isin(account.cohort, account.ends.short.order)]
    own = (tables.shipments["flags"][orders] & DROPSHIP_LEG) == 0
    promised_s = truck_promise_s(account, orders)
    counted = own & ~np.isnan(left_s[orders]) & ~np.isnan(promised_s)
    missed = np.count_nonzero(counted & (left_s[orders] > promised_s + SLACK_S))
    return ratio(float(missed), float(np.count_nonzero(counted)))


FAMILY = "promise"
NONE_PROMISED = "no order of the cohort had a promise that was kept or has passed"
DEFINITIONS = (
    KpiDefinition(
        "on_time_delivery_rate",
        "share",
        FAMILY,
        "delivered by the promised day",
        "high",
        on_time_delivery_rate,
        NONE_PROMISED,
    ),
    KpiDefinition(
        "on_time_ship_rate",
        "share",
        FAMILY,
        "shipped by the promised truck",
        "high",
        on_time_ship_rate,
        NONE_PROMISED,
    ),
    KpiDefinition(
        "promise_kept_rate",
        "share",
        FAMILY,
        "last promise kept",
        "high",
        promise_kept_rate,
        NONE_PROMISED,
    ),
    KpiDefinition(
        "sale_promise_kept_rate",
        "share",
        FAMILY,
        "promise of the sale kept",
        "high",
        sale_promise_kept_rate,
        NONE_PROMISED,
    ),
    KpiDefinition(
        "perfect_order_rate",
        "share",
        FAMILY,
        "perfect orders",
        "high",
        perfect_order_rate,
        "no order of the cohort was delivered or refused",
    ),
    KpiDefinition(
        "missed_truck_rate",
        "share",
        FAMILY,
        "missed the promised truck",
        "low",
        missed_truck_rate,
        "no shipment of the cohort left with a promise",
    ),
)
