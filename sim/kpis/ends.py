"""How every order and every unit of it ended, derived from the tables and never set by hand.

An order travels in legs: its own shipment, the backordered rest, a part sent by the supplier.
A leg must arrive unless none of its units is wanted any more. An order is delivered when all legs
that must arrive did; cancelled when the log says so; open otherwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.order_tables import PLACED_FLAG
from sim.kpis.shipment_tables import BACKORDER_LEG, DROPSHIP_LEG, REPLACEMENT_LEG, VOID_LEG
from sim.kpis.tables import Tables
from sim.log.facts import Fact, ShortAnswer

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NOT_PLACED, OPEN, DELIVERED, CANCELLED = range(4)
GIVEN_UP = (int(Fact.BACKORDER_CANCELLED), int(Fact.PAYMENT_LAPSED))
STATE_NAMES = ("not placed", "open", "delivered", "cancelled")


@dataclass(frozen=True)
class ShortLines:
    """Lines that stock could not meet at once; all arrays have one element a line.

    ``short`` units were missing at the first question, ``turned_away`` (refused at the click, or
    not wanted by a customer who saw there that they are out), ``dropped`` (sent by the supplier),
    ``oversold`` and ``given_up`` (cancelled while they waited, or as nobody paid anew) units left
    the stock's way, ``later`` units follow in a leg of their own when the supplier has delivered.
    """

    line: Integers
    order: Integers
    short: Integers
    turned_away: Integers
    dropped: Integers
    oversold: Integers
    given_up: Integers
    later: Integers

    @property
    def gone(self) -> Integers:
        """Units that will never be shipped to the customer."""
        return self.turned_away + self.oversold + self.given_up


@dataclass(frozen=True)
class Ends:
    """How the orders ended; arrays have one element an order.

    Attributes
    ----------
    state
        NOT_PLACED, OPEN, DELIVERED or CANCELLED.
    shipped
        Everything that must leave has left, and the order is not cancelled.
    units
        Units asked for, as typed.
    last_leg
        The leg that must arrive and does so last: one that is still to come, or to leave, is later
        than one that arrived; -1 without.
    left_s
        When the last of the legs that must arrive left; NaN until all have.
    cancel_reason
        CancelReason, 0 if not cancelled.
    short
        The lines that stock could not meet at once.
    own
        The order's own first shipment must arrive.
    further
        For each row of ``tables.legs``: this shipment must arrive.
    must, left, came
        Number of legs that must arrive, that left, that arrived.
    """

    state: npt.NDArray[np.uint8]
    shipped: Flags
    units: Integers
    last_leg: npt.NDArray[np.int32]
    left_s: npt.NDArray[np.float64]
    cancel_reason: npt.NDArray[np.uint8]
    short: ShortLines
    own: Flags
    further: Flags
    must: npt.NDArray[np.uint8]
    left: npt.NDArray[np.uint8]
    came: npt.NDArray[np.uint8]


def units_per_order(first_line: npt.NDArray[np.int32], units: Integers) -> Integers:
    """Return the sum of a line column for each order; an order without lines has 0."""
    totals = np.zeros(len(first_line) - 1, dtype=np.int64)
    filled = np.flatnonzero(first_line[1:] > first_line[:-1])
    if len(filled):
        totals[filled] = np.add.reduceat(units, first_line[:-1][filled], dtype=np.int64)
    return totals


def short_lines(tables: Tables) -> ShortLines:
    """Return what became of the lines that stock could not meet at once."""
    shorts, backorders = tables.shorts, tables.backorders
    given_up_rows = np.isin(backorders["fact"], GIVEN_UP)
    line = np.union1d(shorts["line"], backorders["line"][given_up_rows]).astype(np.int64)
    at = np.searchsorted(line, shorts["line"])

    def answered(answer: ShortAnswer) -> Integers:
        total = np.zeros(len(line), dtype=np.int64)
        rows = shorts["answer"] == int(answer)
        np.add.at(total, at[rows], shorts["units"][rows])
        return total

    given_up = np.zeros(len(line), dtype=np.int64)
    np.add.at(
        given_up,
        np.searchsorted(line, backorders["line"][given_up_rows]),
        backorders["units"][given_up_rows],
    )
    first = np.zeros(len(line), dtype=np.int64)
    first[at[::-1]] = shorts["units"][::-1]
    turned_away, dropped = answered(ShortAnswer.TURN_AWAY), answered(ShortAnswer.DROPSHIP)
    turned_away += answered(ShortAnswer.ELSEWHERE) + answered(ShortAnswer.DROPPED)
    oversold = answered(ShortAnswer.OVERSOLD)
    left = tables.of_lines.units_as_typed()[line] - turned_away - dropped - oversold - given_up
    order = tables.order_of_line(line)
    parted = _parted_before_the_pick(tables)[order]
    apart = np.where(parted, answered(ShortAnswer.BACKORDER), 0) + answered(ShortAnswer.FOLLOWS)
    later = np.clip(np.minimum(apart - given_up, left), 0, None)
    return ShortLines(line, order, first, turned_away, dropped, oversold, given_up, later)


def _parted_before_the_pick(tables: Tables) -> Flags:
    """Tell which orders left their backordered lines to a leg of their own.

    Each line that was found short at the pick and follows has one more such leg.
    """
    legs = np.zeros(tables.demand.orders, dtype=np.int64)
    np.add.at(legs, tables.legs["order"][tables.legs["kind"] == BACKORDER_LEG], 1)
    follows = tables.shorts["line"][tables.shorts["answer"] == int(ShortAnswer.FOLLOWS)]
    np.subtract.at(legs, tables.order_of_line(follows), 1)
    parted: Flags = legs > 0
    return parted


def _per_order(orders: int, short: ShortLines, amount: Integers) -> Integers:
    total = np.zeros(orders, dtype=np.int64)
    np.add.at(total, short.order, amount)
    return total


def _legs_that_must_arrive(
    tables: Tables, short: ShortLines, units: Integers
) -> tuple[Flags, Flags]:
    """Return for each first leg and each row of ``tables.legs`` whether it must arrive."""
    orders = len(units)
    leg_order, kind = tables.legs["order"], tables.legs["kind"]
    left = units - _per_order(orders, short, short.gone)
    later = _per_order(orders, short, short.later)
    dropped = _per_order(orders, short, short.dropped)
    own = left - later
    drop_orders = np.unique(leg_order[kind == DROPSHIP_LEG])
    own[drop_orders] -= dropped[drop_orders]
    further: Flags = kind != REPLACEMENT_LEG
    further &= ~((kind == BACKORDER_LEG) & (later[leg_order] == 0))
    further &= ~((kind == DROPSHIP_LEG) & (dropped[leg_order] == 0))
    void = (tables.shipments["flags"] & VOID_LEG) != 0
    further &= ~void[tables.legs["shipment"]]
    return (own > 0) & ~void[:orders], further


def find_ends(tables: Tables) -> Ends:
    """Return how every order of the run ended."""
    orders = tables.demand.orders
    units = units_per_order(tables.demand.first_line, tables.of_lines.units_as_typed())
    short = short_lines(tables)
    own, further = _legs_that_must_arrive(tables, short, units)
    left_s, came_s = tables.shipments["handed_over_s"], tables.shipments["delivered_s"]
    must, left, came = (np.zeros(orders, dtype=np.uint8) for _ in range(3))
    must += own
    left += own & ~np.isnan(left_s[:orders])
    came += own & ~np.isnan(came_s[:orders])
    last_leg = np.where(own, np.arange(orders, dtype=np.int32), np.int32(-1))
    rows = np.flatnonzero(further)
    leg, order = tables.legs["shipment"][rows], tables.legs["order"][rows]
    np.add.at(must, order, 1)
    np.add.at(left, order, (~np.isnan(left_s[leg])).astype(np.uint8))
    np.add.at(came, order, (~np.isnan(came_s[leg])).astype(np.uint8))
    _let_later_legs_win(last_leg, leg, order, left_s, came_s)
    all_left_s = np.where(own, left_s[:orders], -np.inf)
    np.fmax.at(all_left_s, order, left_s[leg])
    reason = np.zeros(orders, dtype=np.uint8)
    reason[tables.cancelled["order"]] = tables.cancelled["reason"]
    placed = (tables.orders["flags"] & PLACED_FLAG) != 0
    state = np.where(placed, np.uint8(OPEN), np.uint8(NOT_PLACED))
    going = placed & (reason == 0) & (must > 0)
    state[going & (came == must)] = DELIVERED
    state[placed & (reason > 0)] = CANCELLED
    shipped = going & (left == must)
    return Ends(
        state,
        shipped,
        units,
        last_leg,
        np.where(shipped, all_left_s, np.nan),
        reason,
        short,
        own,
        further,
        must,
        left,
        came,
    )


def _let_later_legs_win(
    last_leg: npt.NDArray[np.int32],
    leg: npt.NDArray[np.int32],
    order: npt.NDArray[np.int32],
    left_s: npt.NDArray[np.float64],
    came_s: npt.NDArray[np.float64],
) -> None:
    """Put the leg that arrived (else left) last into ``last_leg``; further legs are few."""

    def place(number: int) -> tuple[float, float]:
        arrived_s, gone_s = float(came_s[number]), float(left_s[number])
        return (
            math.inf if math.isnan(arrived_s) else arrived_s,
            math.inf if math.isnan(gone_s) else gone_s,
        )

    for number, of in zip(leg.tolist(), order.tolist(), strict=True):
        best = int(last_leg[of])
        if best < 0 or place(number) > place(best):
            last_leg[of] = number
