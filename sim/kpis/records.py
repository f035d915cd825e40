"""Stock records: how often the books are right, what that costs, and who mends them."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.sums import HOUR_S, exact_sum, ratio
from sim.log.facts import Fact

Flags = npt.NDArray[np.bool_]


def _kept_apart(account: Account) -> bool:
    return account.tables.of_records.closed.count > 0


def _sku_seconds(account: Account) -> float:
    return account.tables.catalogue.count * account.window.length_s


def record_accuracy_rate(account: Account) -> float | None:
    """Share of SKUs whose books say what lies on the shelf, time average over the window.

    Books are off by VANISHED and MISPUT units, by MISCOUNTED ones and wrong counts, and mended by
    COUNTED and RECORD_MENDED. What lies on a wrong place is not on the shelf.
    """
    if not _kept_apart(account):
        return None
    _, off, seconds = account.tables.of_records.stretches(account.window)
    return 1.0 - exact_sum(seconds[off != 0]) / _sku_seconds(account)


def phantom_stock_rate(account: Account) -> float | None:
    """Share of SKUs whose books say more than lies on the shelf, time average over the window."""
    if not _kept_apart(account):
        return None
    _, off, seconds = account.tables.of_records.stretches(account.window)
    return exact_sum(seconds[off > 0]) / _sku_seconds(account)


def record_deviation_mean_units(account: Account) -> float | None:
    """Units by which a SKU's books are off, up or down: mean over SKUs and the window's time."""
    if not _kept_apart(account):
        return None
    _, off, seconds = account.tables.of_records.stretches(account.window)
    return exact_sum(np.abs(off) * seconds) / _sku_seconds(account)


def record_accuracy_value_rate(account: Account) -> float | None:
    """Accuracy by value: 1 - units by which books are off / units in the house, both at cost.

    Time averages over the window; surpluses of one SKU do not make up for what another one lacks.
    """
    if not _kept_apart(account):
        return None
    sku, off, seconds = account.tables.of_records.stretches(account.window)
    cents = account.tables.catalogue.cost_cents[sku].astype(np.int64)
    share = ratio(exact_sum(np.abs(off) * cents * seconds), account.tables.stock.area_cents_s)
    return None if share is None else 1.0 - share


def _counts_in_window(account: Account) -> Flags:
    return account.window.holds(account.tables.of_records.counts["time_s"])


def record_accuracy_at_counts_rate(account: Account) -> float | None:
    """Counts that found what the books said / counts (COUNTED), inside the window.

    What a house can measure of its accuracy; units found again on a wrong place count as found.
    """
    here, rows = _counts_in_window(account), account.tables.of_records.counts
    right = np.count_nonzero(rows["booked"][here] == rows["counted"][here])
    return ratio(float(right), float(np.count_nonzero(here)))


def _units_of(account: Account, *facts: Fact) -> float:
    """Return the units of some facts inside the window."""
    rows = account.tables.of_records.moves
    here = account.window.holds(rows["time_s"]) & np.isin(rows["fact"], facts)
    return float(np.abs(rows["units"][here]).sum())


def shrinkage_units(account: Account) -> float | None:
    """Units that vanished from the shelf unseen (VANISHED), inside the window.

    Out: what short picks by chance write off (SHRUNK, picking.short_picks).
    """
    return _units_of(account, Fact.VANISHED) if _kept_apart(account) else None


def shrinkage_eur(account: Account) -> float:
    """Purchase cost of the units that vanished from the shelf (VANISHED) inside the window, EUR."""
    rows = account.tables.of_records.moves
    here = account.window.holds(rows["time_s"]) & (rows["fact"] == int(Fact.VANISHED))
    cents = account.tables.catalogue.cost_cents[rows["sku"][here]].astype(np.int64)
    return float(np.sum(rows["units"][here] * cents)) / 100.0


def found_again_units(account: Account) -> float | None:
    """Units that lay on a wrong place and were found by a count (FOUND_AGAIN), in the window."""
    return _units_of(account, Fact.FOUND_AGAIN) if _kept_apart(account) else None


def counts_per_day(account: Account) -> float | None:
    """SKUs counted (COUNTED) inside the window / its days."""
    if not _kept_apart(account):
        return None
    return float(np.count_nonzero(_counts_in_window(account))) / account.days


def count_h_per_day(account: Account) -> float | None:
    """Standard hours of the counts that ended inside the window / its days.

    ``records.count_s_per_sku`` + ``count_s_per_unit`` for each unit in the books when it was asked
    for (COUNT_ASKED); pace is not in it.
    """
    if not _kept_apart(account):
        return None
    tables, rules = account.tables.of_records, account.scenario.records
    by_sku = np.argsort(tables.counts["sku"], kind="stable")
    asked_by_sku = np.argsort(tables.asked["sku"], kind="stable")
    # A SKU is asked for again only when it has been counted: its n-th count is its n-th asking.
    asked_sku, sku = tables.asked["sku"][asked_by_sku], tables.counts["sku"][by_sku]
    first_asked = np.searchsorted(asked_sku, sku)
    nth = np.arange(len(sku)) - np.searchsorted(sku, sku)
    booked = tables.asked["booked"][asked_by_sku][first_asked + nth]
    here = account.window.holds(tables.counts["time_s"][by_sku])
    work_s = rules.count_s_per_sku + rules.count_s_per_unit * booked[here].astype(np.float64)
    return exact_sum(work_s) / HOUR_S / account.days


def records_mended_per_day(account: Account, fact: Fact) -> float | None:
    """Books changed inside the window / its days: by counts (COUNTED), by pickers (RECORD_MENDED).

    A picker mends books who finds too few, or more than was booked. Out: counts that found what the
    books said.
    """
    if not _kept_apart(account):
        return None
    rows = account.tables.of_records.moves
    here = account.window.holds(rows["time_s"]) & (rows["fact"] == int(fact))
    return float(np.count_nonzero(rows["units"][here])) / account.days


FAMILY = "records"
RIGHT = "books and shelf are one (no key of records is set)"
DEFINITIONS = (
    KpiDefinition(
        "record_accuracy_rate",
        "share",
        FAMILY,
        "SKUs whose books are right",
        "high",
        record_accuracy_rate,
        RIGHT,
    ),
    KpiDefinition(
        "record_accuracy_value_rate",
        "share",
        FAMILY,
        "accuracy of the books by value",
        "high",
        record_accuracy_value_rate,
        f"{RIGHT}, or nothing lay in the house",
    ),
    KpiDefinition(
        "record_accuracy_at_counts_rate",
        "share",
        FAMILY,
        "counts that find the books right",
        "high",
        record_accuracy_at_counts_rate,
        "nothing was counted in the window",
    ),
    KpiDefinition(
        "record_deviation_mean_units",
        "units",
        FAMILY,
        "units by which a SKU's books are off, mean",
        "low",
        record_deviation_mean_units,
        RIGHT,
    ),
    KpiDefinition(
        "phantom_stock_rate",
        "share",
        FAMILY,
        "SKUs with more in the books than on the shelf",
        "low",
        phantom_stock_rate,
        RIGHT,
    ),
    KpiDefinition(
        "shrinkage_units", "units", FAMILY, "units that vanished", "low", shrinkage_units, RIGHT
    ),
    KpiDefinition("shrinkage_eur", "EUR", FAMILY, "cost of what vanished", "low", shrinkage_eur),
    KpiDefinition(
        "found_again_units",
        "units",
        FAMILY,
        "units found again on a wrong place",
        None,
        found_again_units,
        RIGHT,
    ),
    KpiDefinition(
        "counts_per_day", "1/day", FAMILY, "SKUs counted a day", None, counts_per_day, RIGHT
    ),
    KpiDefinition(
        "count_h_per_day", "h/day", FAMILY, "hours of counting a day", "low", count_h_per_day, RIGHT
    ),
    *(
        KpiDefinition(
            f"records_mended_by_{who}_per_day",
            "1/day",
            FAMILY,
            f"books mended by {who} a day",
            None,
            partial(records_mended_per_day, fact=fact),
            RIGHT,
        )
        for who, fact in (("counts", Fact.COUNTED), ("picks", Fact.RECORD_MENDED))
    ),
)
