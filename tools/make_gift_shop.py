"""Make the synthetic order history of a gift shop: scenarios/examples/gift-shop/orders.csv.

Nothing in it is anybody's: codes, customers and orders are drawn. The laws they are drawn from were
fitted to the orders of a UK web shop for gifts, 2010-12 to 2011-08 (UCI "Online Retail"; D. Chen,
S. L. Sain, K. Guo 2012, doi:10.1057/dbm.2012.17; goods only). Same seed, same bytes; run
``python3 -m tools.make_gift_shop`` from the root of the repository.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from statistics import NormalDist

import numpy as np

from sim.orders.streams import ALL_REPLICATIONS, stream

TARGET = Path(__file__).resolve().parent.parent / "scenarios/examples/gift-shop/orders.csv"

# What is ours: size, window, names.
SEED = 20110501
FIRST_DAY = datetime.date(2026, 1, 5)  # a Monday
DAYS = 28
ORDERS = 960
SKUS = 1800
FIRST_NUMBER = 20001
HEADER = ("order_no", "ordered_at", "sku", "units", "unit_price", "customer")

# When: orders of an open day by weekday (%), the shop sleeps on Saturday; hours of a day (%).
WEEKDAYS = {0: 16.8, 1: 17.4, 2: 17.9, 3: 20.7, 4: 16.4, 6: 10.8}
HOURS = {7: 0.2, 8: 3.0, 9: 8.2, 10: 12.5, 11: 11.5, 12: 15.4, 13: 13.2, 14: 11.8, 15: 11.5,
         16: 6.7, 17: 3.7, 18: 1.2, 19: 1.0, 20: 0.1}  # fmt: skip
SUNDAY_HOURS = {10: 11.8, 11: 18.9, 12: 20.3, 13: 15.9, 14: 13.4, 15: 15.3, 16: 4.4}

# Who: 8.4 % of the orders name no customer; those are long lists of single units at retail price.
# Customers come back as in Hoppe's urn (log-series law of buyers; Chatfield, Ehrenberg, Goodhardt
# 1966): May 2011 has 1,544 known orders of 1,054 customers, 73.9 % of them with one order; the
# urn with orders / theta = 0.93 gives 73.4 %.
UNKNOWN_SHARE = 0.084
ORDERS_PER_THETA = 0.93

# What: lines of an order at given shares of the orders; shares of the units on a line (%).
SHARES = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1)
LINES_KNOWN = (1, 1, 2, 5, 8, 11, 15, 18, 23, 30, 44, 59, 80, 95, 294)
LINES_UNKNOWN = (1, 1, 1, 2, 7, 19, 37, 52, 84, 157, 215, 334, 459, 534, 704)
UNITS_KNOWN = {1: 17.0, 2: 14.5, 3: 6.7, 4: 7.8, 5: 1.9, 6: 10.0, 7: 0.3, 8: 3.1, 9: 0.3, 10: 5.7,
               12: 15.5, 16: 1.0, 18: 0.3, 20: 1.2, 24: 6.1, 25: 1.4, 30: 0.3, 32: 0.3, 36: 0.9,
               40: 0.3, 48: 1.5, 50: 0.3, 60: 0.2, 72: 0.5, 96: 0.5, 100: 0.5, 120: 0.2, 144: 0.3,
               192: 0.3, 288: 0.2, 480: 0.1, 1440: 0.01}  # fmt: skip
UNITS_UNKNOWN = {1: 57.7, 2: 17.6, 3: 7.2, 4: 4.5, 5: 2.6, 6: 2.4, 7: 1.1, 8: 1.1, 9: 0.6,
                 10: 0.8, 11: 0.4, 12: 0.7, 24: 1.5, 48: 0.5}  # fmt: skip
# Of the variance of log units, 1.33 lies between the known orders and 0.67 inside them.
UNITS_BETWEEN_ORDERS = 1.33 / (1.33 + 0.67)
# Lorenz curve of May 2011: share of the SKUs, best sellers first, and their share of the lines.
BEST_SKUS = (0, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7,
             0.8, 0.9, 1)  # fmt: skip
THEIR_LINES = (0, 0.0136, 0.0351, 0.0604, 0.102, 0.1677, 0.3082, 0.4626, 0.5749, 0.6592, 0.7815,
               0.8612, 0.9142, 0.9478, 0.9697, 0.9845, 0.9932, 1)  # fmt: skip
# Prices: lognormal over the SKUs; orders without a customer pay 1.96 times as much.
PRICE_LOG_MEAN, PRICE_LOG_SD = 0.73, 1.02
UNKNOWN_PRICE_FACTOR = 1.96

# What comes back: rows per line sold and rows of a return document (May 2011); days since the
# customer last bought the SKU, and the part of that line, whole in 1 of 3 cases (nine months).
RETURN_ROWS_PER_LINE = 0.0155
LINES_PER_RETURN = 2.09
LAG_SHARES = (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)
LAG_DAYS = (0, 0.13, 4.0, 8.2, 20.1, 48.9, 150)
WHOLE_LINE_SHARE = 0.33
PART_SHARES = (0, 0.1, 0.25, 0.5, 0.75, 1)
PARTS = (0.01, 0.05, 0.1, 0.226, 0.5, 0.5)

# The dirt: rows said twice, stock write-offs, rows at price 0; carriage and vouchers on orders.
TWICE_SHARE = 0.008
WRITE_OFF_SHARE = 0.0029
FREE_SHARE = 0.0027
CARRIAGE_SHARE = 0.05
VOUCHER_SHARE = 0.002


@dataclass(frozen=True)
class Row:
    """One row of the export; ``number`` is set when all documents are sorted by time."""

    minute: int
    document: int
    prefix: str
    sku: str
    units: int
    price_cents: int
    customer: str


class Dice:
    """Uniform numbers of one purpose, and what is looked up with them."""

    def __init__(self, purpose: str) -> None:
        self._rng = stream(SEED, f"gift-shop/{purpose}", ALL_REPLICATIONS)

    def uniform(self) -> float:
        """Return a number of (0, 1)."""
        return max(float(self._rng.random()), 1e-12)

    def whole(self, below: int) -> int:
        """Return a whole number from 0 to below - 1."""
        return int(self.uniform() * below)

    def happens(self, share: float) -> bool:
        """Return True with the given chance."""
        return self.uniform() < share

    def pick(self, weights: Mapping[int, float]) -> int:
        """Return a key by the weights."""
        return by_weight(weights, self.uniform())

    def normal(self) -> float:
        """Return a number of the standard normal law."""
        return NormalDist().inv_cdf(self.uniform())


def by_weight(weights: Mapping[int, float], uniform: float) -> int:
    """Return the key on which a uniform number falls."""
    cumulated = list(accumulate(weights.values()))
    place = bisect_left(cumulated, uniform * cumulated[-1])
    return list(weights)[min(place, len(cumulated) - 1)]


def between(shares: Sequence[float], values: Sequence[float], uniform: float) -> float:
    """Return the value at a share, straight between the given ones."""
    return float(np.interp(uniform, shares, values))


def order_minutes() -> list[int]:
    """Return the minutes since the first day's start at which orders are placed, ascending."""
    dice = Dice("when")
    weekday = FIRST_DAY.weekday()
    days = {day: WEEKDAYS.get((weekday + day) % 7, 0.0) for day in range(DAYS)}
    minutes = []
    for _ in range(ORDERS):
        day = dice.pick(days)
        hour = dice.pick(SUNDAY_HOURS if (weekday + day) % 7 == 6 else HOURS)
        minutes.append(day * 1440 + hour * 60 + dice.whole(60))
    return sorted(minutes)


def order_customers() -> list[str]:
    """Return the customer of each order, empty where unknown."""
    dice = Dice("who")
    theta = ORDERS * (1.0 - UNKNOWN_SHARE) / ORDERS_PER_THETA
    known: list[int] = []
    people = 0
    customers = []
    for _ in range(ORDERS):
        if dice.happens(UNKNOWN_SHARE):
            customers.append("")
            continue
        if dice.happens(theta / (theta + len(known))):
            people += 1
            known.append(people)
        else:
            known.append(known[dice.whole(len(known))])
        customers.append(f"G{1000 + known[-1]}")
    return customers


def catalogue() -> tuple[list[str], list[int]]:
    """Return codes, best seller first, and prices in cents."""
    dice = Dice("catalogue")
    numbers = sorted(range(SKUS), key=lambda _: dice.uniform())
    codes = [f"{3 + 5 * number:05d}" + ("B" if number % 9 == 4 else "") for number in numbers]
    euros = [math.exp(PRICE_LOG_MEAN + PRICE_LOG_SD * dice.normal()) for _ in codes]
    return codes, [max(10, 5 * round(20.0 * price)) for price in euros]


def sold_rows() -> list[Row]:
    """Return the rows of all orders."""
    codes, prices = catalogue()
    sku_dice, units_dice, dice = Dice("sku"), Dice("units"), Dice("lines")
    rows = []
    for order, (minute, customer) in enumerate(
        zip(order_minutes(), order_customers(), strict=True)
    ):
        known = bool(customer)
        lines = between(SHARES, LINES_KNOWN if known else LINES_UNKNOWN, dice.uniform())
        size = units_dice.normal()
        for rank in basket(round(lines), sku_dice):
            units = units_of_line(size if known else None, units_dice)
            price = prices[rank] if known else round(prices[rank] * UNKNOWN_PRICE_FACTOR)
            rows.append(Row(minute, order, "", codes[rank], units, price, customer))
        if dice.happens(CARRIAGE_SHARE):
            rows.append(Row(minute, order, "", "CARRIAGE", 1, 1500, customer))
        if dice.happens(VOUCHER_SHARE):
            rows.append(Row(minute, order, "", "VOUCHER-10", 1, 1000, customer))
    return rows


def basket(lines: int, dice: Dice) -> list[int]:
    """Return the ranks of an order's SKUs, all different."""
    ranks: dict[int, None] = {}
    while len(ranks) < lines:
        share = between(THEIR_LINES, BEST_SKUS, dice.uniform())
        ranks[min(int(share * SKUS), SKUS - 1)] = None
    return list(ranks)


def units_of_line(size: float | None, dice: Dice) -> int:
    """Return the units of a line; large orders of known customers are large on each line."""
    own = dice.normal()
    if size is None:
        return by_weight(UNITS_UNKNOWN, NormalDist().cdf(own))
    between_orders = UNITS_BETWEEN_ORDERS
    score = math.sqrt(between_orders) * size + math.sqrt(1.0 - between_orders) * own
    return by_weight(UNITS_KNOWN, NormalDist().cdf(score))


def returned_rows(sold: list[Row]) -> list[Row]:
    """Return the rows of the return documents.

    The lag runs round the window: what would come back after its end comes back near its
    beginning instead, as the return of an order from before.
    """
    dice = Dice("returns")
    goods = [row for row in sold if row.sku[0].isdigit() and row.customer]
    rows: list[Row] = []
    document = ORDERS
    while len(rows) < RETURN_ROWS_PER_LINE * len(sold):
        document += 1
        start = dice.whole(len(goods))
        lag_days = 1 + int(between(LAG_SHARES, LAG_DAYS, dice.uniform()))
        minute = (goods[start].minute + lag_days * 1440) % (DAYS * 1440)
        if (FIRST_DAY.weekday() + minute // 1440) % 7 == 5:
            minute = (minute + 2 * 1440) % (DAYS * 1440)
        lines = 1
        while dice.happens(1.0 - 1.0 / LINES_PER_RETURN):
            lines += 1
        for row in goods[start : start + lines]:
            if row.document == goods[start].document:
                units = -units_back(row.units, dice)
                rows.append(replace(row, minute=minute, document=document, prefix="R", units=units))
    return rows


def units_back(units: int, dice: Dice) -> int:
    """Return the units that come back of a line."""
    if dice.happens(WHOLE_LINE_SHARE):
        return units
    return max(1, round(units * between(PART_SHARES, PARTS, dice.uniform())))


def dirty_rows(sold: list[Row]) -> list[Row]:
    """Return rows said twice, write-offs and rows at price 0."""
    dice = Dice("dirt")
    rows = []
    for at, row in enumerate(sold):
        if dice.happens(TWICE_SHARE):
            rows.append(row)
        document = 2 * ORDERS + at
        if dice.happens(WRITE_OFF_SHARE):
            units = -1 - dice.whole(60)
            rows.append(Row(row.minute, document, "", row.sku, units, 0, ""))
        if dice.happens(FREE_SHARE):
            rows.append(Row(row.minute, document, "", row.sku, 1 + dice.whole(20), 0, ""))
    return rows


def history() -> str:
    """Return the whole export as CSV text."""
    sold = sold_rows()
    rows = [*sold, *returned_rows(sold), *dirty_rows(sold)]
    rows.sort(key=lambda row: (row.minute, row.document))
    numbers: dict[int, int] = {}
    for row in rows:
        numbers.setdefault(row.document, FIRST_NUMBER + len(numbers))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    midnight = datetime.datetime.combine(FIRST_DAY, datetime.time())
    for row in rows:
        time = midnight + datetime.timedelta(minutes=row.minute)
        price = f"{row.price_cents // 100}.{row.price_cents % 100:02d}"
        number = f"{row.prefix}{numbers[row.document]}"
        writer.writerow((number, f"{time:%Y-%m-%d %H:%M}", row.sku, row.units, price, row.customer))
    return text.getvalue()


def main() -> None:
    """Write the export."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(history(), encoding="utf-8", newline="\n")
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
