"""Accuracy: what was typed, picked and sent right, and where a mistake was caught."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.ends import DELIVERED
from sim.kpis.shipment_tables import REWORKED_LEG
from sim.kpis.sums import ratio
from sim.log.facts import EntryFault, WrongCause
from sim.orders.book import (
    PICK_DAMAGED,
    PICK_OMITTED,
    PICK_SOUND,
    PICK_WRONG_ITEM,
    PICK_WRONG_QUANTITY,
)

Flags = npt.NDArray[np.bool_]

PICK_FAULTS = {
    "wrong_item": PICK_WRONG_ITEM,
    "wrong_quantity": PICK_WRONG_QUANTITY,
    "omitted": PICK_OMITTED,
    "damaged": PICK_DAMAGED,
}


def lines_picked(account: Account) -> int:
    """Return how often a line of the cohort was picked, second passes included."""
    return int(account.tables.of_lines.picks_by_code.sum())


def picking_accuracy_lines_rate(account: Account) -> float | None:
    """Lines right at the pick / lines picked (LINE_PICKED with code 0 / all).

    In: every pick of a line of the cohort's orders, before the packing check looks; a second pass
    after REWORK and a replacement are picks of their own.
    """
    return ratio(
        float(account.tables.of_lines.picks_by_code[PICK_SOUND]), float(lines_picked(account))
    )


def pick_error_lines_rate(account: Account, fault: str) -> float | None:
    """Lines picked with one kind of fault / lines picked; in and out as for picking accuracy."""
    return ratio(
        float(account.tables.of_lines.picks_by_code[PICK_FAULTS[fault]]),
        float(lines_picked(account)),
    )


def pick_errors_found_at_check_rate(account: Account) -> float | None:
    """Wrong picks found by the packing check (LINE_MENDED) / wrong picks, of the cohort's lines."""
    tables = account.tables
    found = np.count_nonzero(tables.cohort_line(tables.mended["line"]))
    made = np.count_nonzero(tables.cohort_line(tables.wrong_picks["line"]))
    return ratio(float(found), float(made))


def rework_rate(account: Account) -> float | None:
    """Shipments that the packing check sent back at least once / shipments that were packed.

    In: shipments of the cohort's orders.
    """
    shipments, legs = account.tables.shipments, account.cohort_legs
    packed = ~np.isnan(shipments["packed_s"][legs])
    sent_back = packed & ((shipments["flags"][legs] & REWORKED_LEG) != 0)
    return ratio(float(np.count_nonzero(sent_back)), float(np.count_nonzero(packed)))


def wrong_at_the_door(account: Account) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return lines and WrongCause codes of what arrived wrong with the cohort's delivered orders.

    What arrives wrong with a replacement comes after the order's last leg and is out.
    """
    rows = account.tables.arrived_wrong
    order = account.tables.order_of_line(rows["line"])
    here = account.tables.cohort_line(rows["line"]) & (account.ends.state[order] == DELIVERED)
    leg = np.maximum(account.ends.last_leg[order], 0)
    here &= rows["time_s"] <= account.tables.shipments["delivered_s"][leg]
    return rows["line"][here].astype(np.int64), rows["cause"][here].astype(np.int64)


def delivered_lines(account: Account) -> int:
    """Return the order lines of the cohort's delivered orders."""
    return account.lines_of(account.delivered)


def shipped_accuracy_orders_rate(account: Account) -> float | None:
    """Delivered orders whose every line left right / delivered orders.

    Wrong = wrong item, wrong quantity, omitted, damaged at the pick, typed wrong, sent wrong by the
    supplier (LINE_ARRIVED_WRONG). Damage in transit happens after shipping and is out.
    """
    line, cause = wrong_at_the_door(account)
    left_wrong = line[cause != int(WrongCause.DAMAGED_IN_TRANSIT)]
    flawed = np.unique(account.tables.order_of_line(left_wrong))
    delivered = len(account.delivered)
    return ratio(float(delivered - len(flawed)), float(delivered))


def arrived_wrong_lines_rate(account: Account) -> float | None:
    """Lines that arrived wrong, for any cause / lines of the cohort's delivered orders."""
    line, _ = wrong_at_the_door(account)
    return ratio(float(len(np.unique(line))), float(delivered_lines(account)))


def arrived_wrong_cause_lines_rate(account: Account, cause: WrongCause) -> float | None:
    """Lines that arrived wrong for one cause / lines of the cohort's delivered orders."""
    line, causes = wrong_at_the_door(account)
    return ratio(float(len(np.unique(line[causes == int(cause)]))), float(delivered_lines(account)))


def _entry_rows(account: Account, *faults: EntryFault) -> Flags:
    rows = account.tables.entry_faults
    return account.tables.cohort_order(rows["order"]) & np.isin(
        rows["fault"], [int(f) for f in faults]
    )


def entry_error_lines_rate(account: Account) -> float | None:
    """Lines typed with a wrong SKU or quantity / lines of the orders entered.

    In: every order of the cohort, automated channels too. Errors mended later count as made.
    """
    made = np.count_nonzero(_entry_rows(account, EntryFault.WRONG_SKU, EntryFault.WRONG_UNITS))
    return ratio(float(made), float(account.lines_of(account.cohort)))


def wrong_address_orders_rate(account: Account) -> float | None:
    """Orders typed with a wrong address / orders of the cohort."""
    made = np.count_nonzero(_entry_rows(account, EntryFault.WRONG_ADDRESS))
    return ratio(float(made), float(len(account.cohort)))


def entry_errors_found_rate(account: Account) -> float | None:
    """Entry errors that the confirmation showed (ENTRY_FAULT_MENDED) / entry errors made."""
    tables = account.tables
    found = np.count_nonzero(tables.cohort_order(tables.entry_mended["order"]))
    return ratio(float(found), float(np.count_nonzero(_entry_rows(account, *EntryFault))))


FAMILY = "accuracy"
NO_PICK = "no line of the cohort was picked"
NO_DELIVERY = "no order of the cohort was delivered"
NO_ORDER = "no order was placed in the window"
DEFINITIONS = (
    KpiDefinition(
        "picking_accuracy_lines_rate",
        "share",
        FAMILY,
        "lines picked right",
        "high",
        picking_accuracy_lines_rate,
        NO_PICK,
    ),
    KpiDefinition(
        "shipped_accuracy_orders_rate",
        "share",
        FAMILY,
        "orders shipped right",
        "high",
        shipped_accuracy_orders_rate,
        NO_DELIVERY,
    ),
    *(
        KpiDefinition(
            f"pick_error_{fault}_lines_rate",
            "share",
            FAMILY,
            f"picked: {fault.replace('_', ' ')}",
            "low",
            partial(pick_error_lines_rate, fault=fault),
            NO_PICK,
        )
        for fault in PICK_FAULTS
    ),
    KpiDefinition(
        "pick_errors_found_at_check_rate",
        "share",
        FAMILY,
        "pick errors found at packing",
        "high",
        pick_errors_found_at_check_rate,
        "no line of the cohort was picked wrong",
    ),
    KpiDefinition(
        "rework_rate",
        "share",
        FAMILY,
        "shipments sent back to picking",
        "low",
        rework_rate,
        "no shipment of the cohort was packed",
    ),
    KpiDefinition(
        "arrived_wrong_lines_rate",
        "share",
        FAMILY,
        "lines wrong at the door",
        "low",
        arrived_wrong_lines_rate,
        NO_DELIVERY,
    ),
    *(
        KpiDefinition(
            f"arrived_wrong_{cause.name.lower()}_lines_rate",
            "share",
            FAMILY,
            f"at the door: {cause.name.lower().replace('_', ' ')}",
            "low",
            partial(arrived_wrong_cause_lines_rate, cause=cause),
            NO_DELIVERY,
        )
        for cause in WrongCause
    ),
    KpiDefinition(
        "entry_error_lines_rate",
        "share",
        FAMILY,
        "lines typed wrong",
        "low",
        entry_error_lines_rate,
        NO_ORDER,
    ),
    KpiDefinition(
        "wrong_address_orders_rate",
        "share",
        FAMILY,
        "orders with a wrong address",
        "low",
        wrong_address_orders_rate,
        NO_ORDER,
    ),
    KpiDefinition(
        "entry_errors_found_rate",
        "share",
        FAMILY,
        "entry errors found at confirmation",
        "high",
        entry_errors_found_rate,
        "no entry error was made in the cohort",
    ),
)
