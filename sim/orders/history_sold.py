"""Which rows of an export are sold, which came back, which are left out, and what orders they make.

The first rule that holds decides. An order number that stands for two orders is a defect of the
file.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError, shown_value
from sim.orders.history_cells import MISSING, Rows, TextColumn, plain_id
from sim.orders.history_table import EMPTY, defect

MAX_HISTORY_DAYS = 3660
DAY_US = 86_400_000_000
MAX_SPREAD_US = DAY_US
"""Rows of one order number that lie further apart are two orders under one number."""

SOLD, RETURNED = "sold", "returned"
NO_ORDER = "no order number"
NO_SKU = "no SKU"
NO_UNITS = "no units"
WRITE_OFF = "units below 0 without a return document: write-off"
NOT_BACK = "return document without units below 0"
ZERO_UNITS = "units 0"
NO_PRICE = "no price"
ZERO_PRICE = "price 0"
NEGATIVE_PRICE = "price below 0"
NO_TIME = "order without a time"
KINDS = (
    SOLD, RETURNED, NO_ORDER, NO_SKU, NO_UNITS, WRITE_OFF, NOT_BACK, ZERO_UNITS,
    NO_PRICE, ZERO_PRICE, NEGATIVE_PRICE, NO_TIME,
)  # fmt: skip
KIND = {kind: number for number, kind in enumerate(KINDS)}

Codes64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class SoldRows:
    """The sold rows, and the orders they make. Orders are numbered by their first sold row.

    Parameters
    ----------
    rows, order, sku, units
        Place in the file, order, SKU (as the file numbers them) and units of each sold row.
    service
        The row sells no goods.
    placed_us
        Earliest time on the rows of each order.
    several_times
        The rows of the order bear different times.
    customer, channel
        Of each order, -1 unknown.
    """

    rows: Codes64
    order: Codes64
    sku: Codes64
    units: Codes64
    service: Flags
    placed_us: Codes64
    several_times: Flags
    customer: Codes64
    channel: Codes64

    @property
    def orders(self) -> int:
        """Number of orders."""
        return len(self.placed_us)

    @property
    def start_us(self) -> int:
        """00:00 of the day of the first order."""
        return int(self.placed_us.min()) // DAY_US * DAY_US


def stop_at(problems: list[Problem]) -> None:
    """Raise what was found so far, row by row, if anything was."""
    if problems:
        raise ScenarioError(sorted(problems, key=lambda p: (p.line, p.column)))


def day_of(placed_us: int | np.int64) -> datetime.date:
    """Return the day of a time in microseconds since 1970."""
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=int(placed_us) // DAY_US)


def kinds_of_rows(rows: Rows, return_prefix: str | None) -> npt.NDArray[np.int8]:
    """Return for each row its place in KINDS; the first rule that holds decides."""
    document = np.zeros(len(rows.number), dtype=np.bool_)
    if return_prefix:
        starts = [value.startswith(return_prefix) for value in rows.order_id.values]
        document = np.array([*starts, False], dtype=np.bool_)[rows.order_id.codes]
    rules = [
        (NO_ORDER, rows.order_id.codes == EMPTY),
        (NO_SKU, rows.sku.codes == EMPTY),
        (NO_UNITS, rows.units == MISSING),
        (RETURNED, document & (rows.units < 0)),
        (NOT_BACK, document),
        (WRITE_OFF, rows.units < 0),
        (ZERO_UNITS, rows.units == 0),
    ]
    if rows.price_cents is not None:
        rules += [
            (NO_PRICE, rows.price_cents == MISSING),
            (ZERO_PRICE, rows.price_cents == 0),
            (NEGATIVE_PRICE, rows.price_cents < 0),
        ]
    kinds = np.select([rule for _, rule in rules], [KIND[kind] for kind, _ in rules], KIND[SOLD])
    return _without_time(rows, kinds.astype(np.int8))


def _without_time(rows: Rows, kinds: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
    """Leave out the sold rows of orders that name no time on any of their sold rows."""
    sold = kinds == KIND[SOLD]
    timed = np.zeros(len(rows.order_id.values) + 1, dtype=np.bool_)
    timed[rows.order_id.codes[sold & (rows.placed_us != MISSING)]] = True
    kinds[sold & ~timed[rows.order_id.codes]] = KIND[NO_TIME]
    return kinds


def sold_rows(
    rows: Rows,
    kinds: npt.NDArray[np.int8],
    not_goods: tuple[str, ...],
    channels: tuple[str, ...],
    shown_name: str,
) -> SoldRows:
    """Return the sold rows and their orders.

    Raises
    ------
    ScenarioError
        If no goods are sold, an order number stands for two orders, a channel is unknown, or the
        orders lie years apart.
    """
    at = np.flatnonzero(kinds == KIND[SOLD])
    services = dict.fromkeys(not_goods)
    is_service = np.array([code in services for code in rows.sku.values], dtype=np.bool_)
    service = is_service[rows.sku.codes[at]] if len(at) else np.zeros(0, dtype=np.bool_)
    if bool(service.all()):
        raise ScenarioError([_nothing_sold(rows, kinds, shown_name)])
    order, orders = numbered_by_first_row(rows.order_id.codes[at])
    times = rows.placed_us[at]
    first_us, last_us = _first_and_last(order, times, orders)
    early = times == first_us[order]
    late = (times != MISSING) & (times - first_us[order] > MAX_SPREAD_US)
    problems = _torn(rows, at, order, (early, late), shown_name, "times more than a day apart")
    customer = _one_of(rows.customer_id, rows, at, order, shown_name, "two customers", problems)
    channel = _one_of(rows.channel, rows, at, order, shown_name, "two channels", problems)
    problems += _unknown_channels(rows, at, channels, shown_name)
    problems += _too_long(rows, at, first_us, order, shown_name)
    stop_at(problems)
    return SoldRows(
        rows=at,
        order=order,
        sku=rows.sku.codes[at],
        units=rows.units[at],
        service=service,
        placed_us=first_us,
        several_times=last_us > first_us,
        customer=customer,
        channel=channel,
    )


def numbered_by_first_row(codes: Codes64) -> tuple[Codes64, int]:
    """Return codes renumbered 0, 1, … by where they first stand, and how many there are."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse], len(first)


def _first_and_last(order: Codes64, times: Codes64, orders: int) -> tuple[Codes64, Codes64]:
    """Return the earliest and the latest time of each order; rows without a time do not count."""
    known = times != MISSING
    first = np.full(orders, MISSING, dtype=np.int64)
    last = np.full(orders, np.iinfo(np.int64).min, dtype=np.int64)
    np.minimum.at(first, order[known], times[known])
    np.maximum.at(last, order[known], times[known])
    return first, last


def _one_of(
    column: TextColumn | None,
    rows: Rows,
    at: Codes64,
    order: Codes64,
    shown_name: str,
    what: str,
    problems: list[Problem],
) -> Codes64:
    """Return the one value of each order in a column of ids, -1 where it has none."""
    one = np.full(int(order.max()) + 1, EMPTY, dtype=np.int64)
    if column is None:
        return one
    values = column.codes[at]
    known = np.flatnonzero(values != EMPTY)[::-1]
    # Written from the last row to the first, so that the first one stays.
    one[order[known]] = values[known]
    same = values == one[order]
    other = (values != EMPTY) & ~same
    problems += _torn(rows, at, order, (same, other), shown_name, what)
    return one


# --- defects that only the whole file shows -------------------------------------------------------


def left_out(rows: Rows, kinds: npt.NDArray[np.int8]) -> list[tuple[str, npt.NDArray[np.int64]]]:
    """Return each reason to leave rows out, with their numbers in the file."""
    reasons = [kind for kind in KINDS if kind not in {SOLD, RETURNED}]
    groups = [(reason, rows.number[kinds == KIND[reason]]) for reason in reasons]
    return [(reason, numbers) for reason, numbers in groups if len(numbers)]


def _nothing_sold(rows: Rows, kinds: npt.NDArray[np.int8], shown_name: str) -> Problem:
    if len(rows.number) == 0:
        found = "a header and no row"
    else:
        groups = [f"{len(numbers):,} {reason}" for reason, numbers in left_out(rows, kinds)]
        returned = int(np.count_nonzero(kinds == KIND[RETURNED]))
        groups += [f"{returned:,} returned"] if returned else []
        services = int(np.count_nonzero(kinds == KIND[SOLD]))
        groups += [f"{services:,} not goods"] if services else []
        found = f"no row of goods sold among {len(rows.number):,} ({', '.join(groups)})"
    expected = "at least one row with an order number, a SKU, units above 0 and a price above 0"
    return defect(shown_name, 0, 0, "", found, expected, "is each column mapped to what it holds?")


def _torn(
    rows: Rows,
    at: Codes64,
    order: Codes64,
    fits_and_not: tuple[Flags, Flags],
    shown_name: str,
    what: str,
) -> list[Problem]:
    """Tell of order numbers that stand for two orders, by the first row that does not fit."""
    fits, other = fits_and_not
    problems = []
    orders, first = np.unique(order[other], return_index=True)
    other_rows = at[other][first]
    whole_orders, first = np.unique(order[fits], return_index=True)
    fitting_rows = at[fits][first][np.searchsorted(whole_orders, orders)]
    for first_row, row in zip(fitting_rows, other_rows, strict=True):
        code = shown_value(rows.order_id.values[rows.order_id.codes[row]])
        numbers = sorted((int(rows.number[first_row]), int(rows.number[row])))
        found = f"order {code} with {what} (rows {numbers[0]} and {numbers[1]})"
        expected = "an order number for one order of one customer"
        place = (shown_name, int(rows.number[row]), rows.order_id.position, rows.order_id.name)
        problems.append(defect(*place, found, expected))
    return problems


def _unknown_channels(
    rows: Rows, at: Codes64, channels: tuple[str, ...], shown_name: str
) -> list[Problem]:
    column = rows.channel
    if column is None:
        return []
    known = dict.fromkeys(plain_id(name) for name in channels)
    unknown = np.array([*(value not in known for value in column.values), False], dtype=np.bool_)
    bad = at[unknown[column.codes[at]]]
    codes, first, counts = np.unique(column.codes[bad], return_index=True, return_counts=True)
    expected = f"a channel of orders.channels: {', '.join(map(shown_value, channels))}"
    return [
        defect(
            shown_name,
            int(rows.number[bad[row]]),
            column.position,
            column.name,
            f"{shown_value(column.values[code])} in {count} sold row{'s' if count != 1 else ''}",
            expected,
        )
        for code, row, count in zip(codes, first, counts, strict=True)
    ]


def _too_long(
    rows: Rows, at: Codes64, placed_us: Codes64, order: Codes64, shown_name: str
) -> list[Problem]:
    first, last = int(placed_us.argmin()), int(placed_us.argmax())
    days = int(placed_us[last] // DAY_US - placed_us[first] // DAY_US) + 1
    if days <= MAX_HISTORY_DAYS:
        return []
    begins, ends = (int(rows.number[at[np.argmax(order == which)]]) for which in (first, last))
    found = f"orders over {days:,} days, from {day_of(placed_us[first])} in row {begins} to "
    found += f"{day_of(placed_us[last])} in row {ends}"
    expected = f"at most {MAX_HISTORY_DAYS:,} days"
    return [defect(shown_name, ends, 1, "", found, expected, "a wrong year?")]
