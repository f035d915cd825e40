"""The order book: every order that may be placed, and all of its luck, before the clock starts.

Demand says what is ordered when and by whom; luck says how every later throw of the dice falls
for that order and each of its lines. An imported history is just another demand.
Orders are numbered 0..n-1 by time, lines 0..m-1 in the order of their orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Floats32 = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

ENTRY_SOUND, ENTRY_WRONG_SKU, ENTRY_WRONG_UNITS = 0, 1, 2
PICK_SOUND, PICK_WRONG_ITEM, PICK_WRONG_QUANTITY, PICK_OMITTED, PICK_DAMAGED = 0, 1, 2, 3, 4
BUYS_ELSEWHERE, TAKES_SUBSTITUTE, WAITS, DOES_WITHOUT = 0, 1, 2, 3

FOUND_BY_SCAN: dict[str, tuple[int, ...]] = {
    "nothing": (),
    "lines": (PICK_WRONG_ITEM,),
    "units": (PICK_WRONG_ITEM, PICK_WRONG_QUANTITY),
}
"""Mistakes that a scan of lines or of units can find: who counts wrong scans once all the same."""


@dataclass(frozen=True)
class Demand:
    """What customers ask for.

    Parameters
    ----------
    placed_s
        Time of the click, seconds from the scenario's start, ascending. Shape (n,).
    channel
        Index into ``channels``. Shape (n,).
    customer
        Customer 0..customers-1; -1 if unknown (a guest). Shape (n,).
    first_line
        Lines of order i are ``first_line[i]`` to ``first_line[i + 1]``. Shape (n + 1,).
    sku, units
        Index into the catalogue and units >= 1. Shape (m,).
    price_cents
        Price of one unit on this line. Shape (m,).
    channels
        Names of the channels, in the scenario's order.
    customers
        Size of the customer base whose orders these are.
    acquired_s
        Time of each customer's first order, < 0 before the start. Shape (customers,); None where
        the base stands still, or nobody knows.
    last_of_customer
        The customer drops out of their own will after this order, placed or not. Shape (n,); None
        where nobody does.
    led_by
        Order whose follow-up contact leads to this one, -1 without. Shape (n,); None where no
        contact leads to an order.
    drawn_as
        Place at which each order's luck is drawn: what only some runs hold comes last, so that it
        moves nobody else's luck. Shape (n,); None: in the order of placing.
    """

    placed_s: Floats
    channel: Codes
    customer: Integers
    first_line: Integers
    sku: Integers
    units: Integers
    price_cents: Integers
    channels: tuple[str, ...]
    customers: int
    acquired_s: Floats | None = None
    last_of_customer: Flags | None = None
    led_by: Integers | None = None
    drawn_as: Integers | None = None

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.placed_s)

    @property
    def lines(self) -> int:
        """Number of order lines."""
        return len(self.sku)


@dataclass(frozen=True)
class Luck:
    """Every throw of the dice. Columns of orders have shape (n,), of lines (m,).

    Orders: ``hand_in_delay_s`` 0 unless handed in late; ``entry_s`` a clerk's typing;
    ``wrong_address``; ``entry_found`` the confirmation shows the entry errors; ``mend_s`` clerk's
    work to mend them;
    ``payment_delay_s`` wait until authorised or given up, ``declines`` declined attempts,
    ``pays`` False if the customer gives up; ``fraud_check_s`` 0 unless held, ``fraud_rejected`` if
    it is; ``pays_later`` on account, ``pay_later_s`` when, ``never_pays`` if it does; all of these
    False or 0 where they play no part; ``pack_factor`` mean 1
    (or the packing seconds themselves where the scenario gives ``packing.time_s``); ``label_s``;
    ``pick_s`` picking seconds where the scenario gives ``picking.time_s``, else 0; ``transit_s``;
    ``patience_s`` until a backorder is cancelled; ``dropship_s``; ``refund_s``; ``followed_up``;
    ``loyalty_u`` uniform against the chance that a due order is placed; ``drop_out_u`` against the
    chance that the customer drops out after it, 1 where nobody does.

    Lines: ``search_s``; ``pick_error`` code PICK_*; ``scan_finds`` the scan at the pick finds such
    a mistake; ``lacking_u`` says how many units its place lacks, 1: none; ``check_finds`` the
    packing check finds a wrong line; ``entry_error`` code ENTRY_*, ``form_finds`` the packer sees
    it; ``damage_u``, ``return_u``
    uniforms; ``return_reason`` index into the scenario's reasons (fit, not_as_expected,
    changed_mind); ``return_lag_s``, ``claim_lag_s``, ``way_back_s``, ``inspect_s``; ``claims`` a
    wrong line is reported; ``restockable``; ``replaced`` a claim is answered by a replacement;
    ``dropship_wrong``; ``part_u`` says how many units of a line come back, 1: all; ``exchanged``
    the customer wants other goods, not money; ``refused`` a clerk says no; ``authorise_s``;
    ``never_sent`` asked for and not sent back; ``refurbished`` made good if not resaleable as new,
    ``refurbish_wait_s`` until and ``refurbish_s`` of that work; ``takes_substitute`` a substitute
    that is offered is taken; ``reaction`` to "not in stock", BUYS_ELSEWHERE, TAKES_SUBSTITUTE,
    WAITS or DOES_WITHOUT.
    """

    hand_in_delay_s: Floats32
    entry_s: Floats32
    wrong_address: Flags
    entry_found: Flags
    mend_s: Floats32
    payment_delay_s: Floats32
    declines: Codes
    pays: Flags
    fraud_check_s: Floats32
    fraud_rejected: Flags
    pays_later: Flags
    pay_later_s: Floats32
    never_pays: Flags
    pack_factor: Floats32
    label_s: Floats32
    pick_s: Floats32
    transit_s: Floats32
    patience_s: Floats32
    dropship_s: Floats32
    refund_s: Floats32
    followed_up: Flags
    loyalty_u: Floats32
    drop_out_u: Floats32
    search_s: Floats32
    pick_error: Codes
    scan_finds: Flags
    lacking_u: Floats32
    check_finds: Flags
    entry_error: Codes
    form_finds: Flags
    damage_u: Floats32
    return_u: Floats32
    return_reason: Codes
    return_lag_s: Floats32
    claim_lag_s: Floats32
    way_back_s: Floats32
    inspect_s: Floats32
    claims: Flags
    restockable: Flags
    replaced: Flags
    dropship_wrong: Flags
    part_u: Floats32
    exchanged: Flags
    refused: Flags
    authorise_s: Floats32
    never_sent: Flags
    refurbished: Flags
    refurbish_wait_s: Floats32
    refurbish_s: Floats32
    takes_substitute: Flags
    reaction: Codes


@dataclass(frozen=True)
class OrderBook:
    """Demand and luck of one replication."""

    demand: Demand
    luck: Luck
    seed: int
    replication: int
