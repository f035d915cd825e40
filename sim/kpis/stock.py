"""Stock: what was there when it was asked for, what was not, and what lay on the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.sums import HOUR_S, in_units, mean, ratio
from sim.log.facts import Fact, ShortAnswer

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BACKORDERS = (
    ShortAnswer.BACKORDER,
    ShortAnswer.HOLDS,
    ShortAnswer.WAITS,
    ShortAnswer.FOLLOWS,
)
"""Answers by which a line joins those that wait."""
WAIT_ENDS = (Fact.BACKORDER_FILLED, Fact.BACKORDER_CANCELLED)
"""What ends the wait of a line; a slipped promise does not, a payment that lapses was no wait."""


def cohort_short_lines(account: Account) -> Flags:
    """Tell which short lines belong to the cohort."""
    return account.tables.cohort_line(account.ends.short.line) & (account.ends.short.short > 0)


def fill_rate_units(account: Account) -> float | None:
    """Units met from stock at once / units asked for: 1 - sum of SHORT units / units.

    In: orders of the cohort that asked for stock (paid, or answered with a shortage). Out: orders
    cancelled for payment.
    """
    units = float(account.ends.units[account.reached_stock].sum())
    short = float(account.ends.short.short[cohort_short_lines(account)].sum())
    return ratio(units - short, units)


def fill_rate_lines(account: Account) -> float | None:
    """Lines met from stock at once / lines; in and out as for the units."""
    lines = float(account.lines_of(account.reached_stock))
    return ratio(lines - float(np.count_nonzero(cohort_short_lines(account))), lines)


def fill_rate_orders(account: Account) -> float | None:
    """Orders with every unit met from stock at once / orders; in and out as for the units."""
    orders = len(account.reached_stock)
    short = np.unique(account.ends.short.order[cohort_short_lines(account)])
    return ratio(float(orders - len(short)), float(orders))


def answered_lines_rate(account: Account, answers: Sequence[ShortAnswer]) -> float | None:
    """Lines with at least one unit short and answered in one way / lines that asked for stock.

    Answers: backorder (also of a line found short at the pick), turn away, dropship, oversold (sold
    on a stale figure or found short at the pick, then cancelled).
    """
    rows = account.tables.shorts
    here = account.tables.cohort_line(rows["line"]) & np.isin(rows["answer"], answers)
    lines = len(np.unique(rows["line"][here]))
    return ratio(float(lines), float(account.lines_of(account.reached_stock)))


def backorder_ages_s(account: Account) -> Floats:
    """Return the time from SHORT (backorder) to the line's end as a backorder, s.

    In: backordered lines of the cohort that were filled or cancelled; the last such fact of a line
    counts. Out: lines still waiting when the log ends.
    """
    shorts, answers = account.tables.shorts, account.tables.backorders
    wanted = account.tables.cohort_line(shorts["line"]) & (np.isin(shorts["answer"], BACKORDERS))
    line, first = np.unique(shorts["line"][wanted], return_index=True)
    since_s = shorts["time_s"][wanted][first]
    ended = np.isin(answers["fact"], WAIT_ENDS)
    ended &= np.isin(answers["line"], line)
    until_s = np.full(len(line), -np.inf)
    np.maximum.at(until_s, np.searchsorted(line, answers["line"][ended]), answers["time_s"][ended])
    done = np.isfinite(until_s)
    ages_s: Floats = until_s[done] - since_s[done]
    return ages_s


def backorder_age_mean_h(account: Account) -> float | None:
    """Mean time from SHORT (backorder) to BACKORDER_FILLED or BACKORDER_CANCELLED, h, over lines.

    In: backordered lines of the cohort that were filled or cancelled; the last such fact of a line
    counts. Out: lines still waiting when the log ends.
    """
    return in_units(mean(backorder_ages_s(account)), HOUR_S)


def on_hand_mean_units(account: Account) -> float | None:
    """Time average of the units on the shelf, all SKUs, over the window.

    Area under the stock curve: STOCK_OPENED, RECEIVED, RESTOCKED and put-back units come, picked
    and shrunk units go. Out: goods in transit to the house, goods picked and not yet shipped.
    """
    if not account.tables.stock.counted:
        return None
    return account.tables.stock.area_unit_s / account.window.length_s


def on_hand_mean_eur(account: Account) -> float | None:
    """Time average of the value of the units on the shelf at purchase cost, over the window."""
    if not account.tables.stock.counted:
        return None
    return account.tables.stock.area_cents_s / account.window.length_s / 100.0


def turns_per_year(account: Account) -> float | None:
    """Stock turns: purchase cost of the units picked in the window, a year / mean stock at cost."""
    if not account.tables.stock.counted:
        return None
    value_cents = account.tables.stock.area_cents_s / account.window.length_s
    return ratio(account.tables.stock.out_cents / account.years, value_cents)


FAMILY = "stock"
NOT_ASKED = "no order of the cohort asked for stock"
UNLIMITED = "the log holds no stock: it is unlimited"
ANSWERS = (
    ("backorder_lines_rate", "lines backordered", BACKORDERS),
    ("turned_away_rate", "lines turned away", (ShortAnswer.TURN_AWAY,)),
    ("dropship_rate", "lines sent by the supplier", (ShortAnswer.DROPSHIP,)),
    ("oversale_rate", "lines oversold", (ShortAnswer.OVERSOLD,)),
)
DEFINITIONS = (
    KpiDefinition(
        "fill_rate_units", "share", FAMILY, "units met at once", "high", fill_rate_units, NOT_ASKED
    ),
    KpiDefinition(
        "fill_rate_lines", "share", FAMILY, "lines met at once", "high", fill_rate_lines, NOT_ASKED
    ),
    KpiDefinition(
        "fill_rate_orders",
        "share",
        FAMILY,
        "orders met at once",
        "high",
        fill_rate_orders,
        NOT_ASKED,
    ),
    *(
        KpiDefinition(
            name,
            "share",
            FAMILY,
            title,
            "low",
            partial(answered_lines_rate, answers=answers),
            NOT_ASKED,
        )
        for name, title, answers in ANSWERS
    ),
    KpiDefinition(
        "backorder_age_mean_h",
        "h",
        FAMILY,
        "wait of a backordered line, mean",
        "low",
        backorder_age_mean_h,
        "no backordered line of the cohort was filled or cancelled",
    ),
    KpiDefinition(
        "on_hand_mean_units",
        "units",
        FAMILY,
        "units on the shelf, mean",
        None,
        on_hand_mean_units,
        UNLIMITED,
    ),
    KpiDefinition(
        "on_hand_mean_eur", "EUR", FAMILY, "stock at cost, mean", "low", on_hand_mean_eur, UNLIMITED
    ),
    KpiDefinition(
        "turns_per_year", "1/year", FAMILY, "stock turns", "high", turns_per_year, UNLIMITED
    ),
)
