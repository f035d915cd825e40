"""What came back in an imported history: the return documents, in the terms of its demand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.orders.history_cells import MISSING, Rows
from sim.orders.history_sold import KIND, RETURNED
from sim.orders.history_table import EMPTY


@dataclass(frozen=True)
class ReturnedLines:
    """The returned rows of goods, by time.

    Parameters
    ----------
    returned_s
        Time of the return document, seconds since 00:00 of the history's first day; negative
        before it, NaN where the row names no time. Shape (r,).
    sku, customer
        As the demand numbers them; -1 where the file never sells to them. Shape (r,).
    units
        Units that came back, >= 1. Shape (r,).
    """

    returned_s: npt.NDArray[np.float64]
    sku: npt.NDArray[np.int32]
    customer: npt.NDArray[np.int32]
    units: npt.NDArray[np.int64]

    @property
    def count(self) -> int:
        """Number of returned rows."""
        return len(self.units)


def returned_lines(
    rows: Rows,
    kinds: npt.NDArray[np.int8],
    not_goods: tuple[str, ...],
    start_us: int,
    sku_number: npt.NDArray[np.int32],
    customer_number: npt.NDArray[np.int32],
) -> ReturnedLines:
    """Return what came back.

    Parameters
    ----------
    rows, kinds, not_goods
        The rows of the file, what each of them is, and the codes that are no goods.
    start_us
        00:00 of the history's first day.
    sku_number, customer_number
        Number in the demand of each id of the file, -1 where it has none.
    """
    services = dict.fromkeys(not_goods)
    goods = np.array([code not in services for code in rows.sku.values], dtype=np.bool_)
    at = np.flatnonzero(kinds == KIND[RETURNED])
    at = at[goods[rows.sku.codes[at]]]
    at = at[np.argsort(rows.placed_us[at], kind="stable")]
    known = rows.placed_us[at] != MISSING
    returned_s = np.full(len(at), np.nan)
    returned_s[known] = (rows.placed_us[at][known] - start_us) / 1e6
    customer = np.full(len(at), EMPTY, dtype=np.int32)
    if rows.customer_id is not None:
        # Code -1, nobody named, finds the extra last place.
        customer = np.append(customer_number, np.int32(EMPTY))[rows.customer_id.codes[at]]
    return ReturnedLines(returned_s, sku_number[rows.sku.codes[at]], customer, -rows.units[at])


def numbers_by_id(
    ids: npt.NDArray[np.int64], numbers: npt.NDArray[np.int32], count: int
) -> npt.NDArray[np.int32]:
    """Return, for each of ``count`` ids of a file, the number it got; -1 where it got none."""
    found = np.full(count, EMPTY, dtype=np.int32)
    known = ids != EMPTY
    found[ids[known]] = numbers[known]
    return found
