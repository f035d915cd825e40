"""Which sale a return belongs to: the oldest of the same customer and SKU that is still out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.orders.history import History

DAY_S = 86_400.0

NO_TIME = "documents without a time"
GUEST = "of customers unknown or without an order in the file"
NEVER_SOLD = "of SKUs the file never sells"
NO_SALE = "of sales before the file's first day"
TOO_MANY = "units above those sold"
REASONS = (NO_TIME, GUEST, NEVER_SOLD, NO_SALE, TOO_MANY)


@dataclass(frozen=True)
class MatchedReturns:
    """Returns joined to the lines they undo.

    Parameters
    ----------
    line, lag_days, units
        Sold line, days from the order to the return document, and units, of each piece. A document
        that undoes several sales has several pieces. Shape (p,).
    rows, rows_matched
        Return documents' rows of goods, and those of which at least one unit was matched.
    unmatched_units
        Units without a sale, by reason.
    """

    line: npt.NDArray[np.int64]
    lag_days: npt.NDArray[np.float64]
    units: npt.NDArray[np.int64]
    rows: int
    rows_matched: int
    unmatched_units: dict[str, int]


@dataclass(slots=True)
class _Sale:
    """A sold line and its units that are still out."""

    placed_s: float
    line: int
    out: int


def match_returns(history: History) -> MatchedReturns:
    """Join returns to earlier sales of the same customer and SKU, the oldest sale first."""
    returned = history.returned
    sales = _sales(history)
    pieces: list[tuple[int, float, int]] = []
    unmatched = dict.fromkeys(REASONS, 0)
    matched = 0
    columns = (returned.returned_s, returned.customer, returned.sku, returned.units)
    for at_s, customer, sku, units in zip(*(c.tolist() for c in columns), strict=True):
        if at_s != at_s or customer < 0 or sku < 0:  # noqa: PLR0124  # NaN: no time
            reason = NO_TIME if at_s != at_s else GUEST if customer < 0 else NEVER_SOLD  # noqa: PLR0124
            unmatched[reason] += units
            continue
        left, sold_before = units, False
        for sale in sales.get((customer, sku), ()):
            if sale.placed_s > at_s or left == 0:
                break
            sold_before = True
            taken = min(left, sale.out)
            if taken:
                sale.out -= taken
                left -= taken
                pieces.append((sale.line, (at_s - sale.placed_s) / DAY_S, taken))
        matched += left < units
        unmatched[TOO_MANY if sold_before else NO_SALE] += left
    line, lag, units_back = zip(*pieces, strict=True) if pieces else ((), (), ())
    return MatchedReturns(
        line=np.array(line, dtype=np.int64),
        lag_days=np.array(lag, dtype=np.float64),
        units=np.array(units_back, dtype=np.int64),
        rows=returned.count,
        rows_matched=matched,
        unmatched_units={reason: units for reason, units in unmatched.items() if units},
    )


def _sales(history: History) -> dict[tuple[int, int], list[_Sale]]:
    """Return the sales that a return may undo, by customer and SKU, oldest first."""
    demand, returned = history.demand, history.returned
    skus = np.int64(history.catalogue.count)
    order_of_line = np.repeat(np.arange(demand.orders), np.diff(demand.first_line))
    customer = demand.customer[order_of_line].astype(np.int64)
    keys = customer * skus + demand.sku
    known = (returned.customer >= 0) & (returned.sku >= 0)
    wanted = np.unique(returned.customer[known].astype(np.int64) * skus + returned.sku[known])
    lines = np.flatnonzero(np.isin(keys, wanted) & (customer >= 0))
    sales: dict[tuple[int, int], list[_Sale]] = defaultdict(list)
    for line in lines.tolist():  # lines run by the time of their orders
        key = (int(customer[line]), int(demand.sku[line]))
        placed_s = float(demand.placed_s[order_of_line[line]])
        sales[key].append(_Sale(placed_s, line, int(demand.units[line])))
    return sales
