"""Picking beyond the walk: places that lacked units, scans that found a mistake, aisles taken."""

from __future__ import annotations

import numpy as np

from sim.kpis.account import Account
from sim.kpis.definition import KpiDefinition
from sim.kpis.sums import exact_sum, ratio
from sim.kpis.work import tours_in_window


def short_picked_lines_rate(account: Account) -> float | None:
    """Lines whose place lacked units (SHORT_PICKED) / lines tried, of the cohort.

    Tried: picked, or left because the place lacked units.
    """
    tables = account.tables
    short = int(np.count_nonzero(tables.cohort_line(tables.short_picks["line"])))
    picked = int(tables.of_lines.picks_by_code.sum())
    return ratio(short, picked + short)


def pick_errors_found_at_scan_rate(account: Account) -> float | None:
    """Mistakes that the scan at the pick put right (SCAN_CAUGHT) / all made at the pick, cohort.

    A line put right on the spot counts as picked right.
    """
    tables = account.tables
    caught = int(np.count_nonzero(tables.cohort_line(tables.scanned["line"])))
    passed = int(np.count_nonzero(tables.cohort_line(tables.wrong_picks["line"])))
    return ratio(caught, caught + passed)


def blocked_share_rate(account: Account) -> float | None:
    """Time that pickers waited for a narrow aisle (AISLE_BLOCKED) / time on tours.

    Over the tours that ended inside the window; breaks inside a tour count as time on it.
    """
    tours = tours_in_window(account)
    table = account.tables.tours
    on_tour_s = exact_sum(table["ended_s"][tours] - table["started_s"][tours])
    return ratio(exact_sum(table["blocked_s"][tours]), on_tour_s)


def blocked_s_per_line(account: Account) -> float | None:
    """Seconds waited for narrow aisles / lines on the list, tours that ended inside the window."""
    tours = tours_in_window(account)
    table = account.tables.tours
    return ratio(exact_sum(table["blocked_s"][tours]), float(table["lines"][tours].sum()))


FAMILY = "picking"
NO_TOUR = "no tour ended in the window"
DEFINITIONS = (
    KpiDefinition(
        "short_picked_lines_rate",
        "share",
        FAMILY,
        "lines whose place lacked units",
        "low",
        short_picked_lines_rate,
        "no line of the cohort was tried",
    ),
    KpiDefinition(
        "pick_errors_found_at_scan_rate",
        "share",
        FAMILY,
        "pick errors put right by the scan",
        "high",
        pick_errors_found_at_scan_rate,
        "no line of the cohort was picked wrong",
    ),
    KpiDefinition(
        "blocked_share_rate",
        "share",
        FAMILY,
        "pickers waiting for an aisle",
        "low",
        blocked_share_rate,
        NO_TOUR,
    ),
    KpiDefinition(
        "blocked_s_per_line",
        "s",
        FAMILY,
        "wait for aisles, a line",
        "low",
        blocked_s_per_line,
        NO_TOUR,
    ),
)
