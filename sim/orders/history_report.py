"""What was found in a shop's export: the figures of the history, and every row that was left out.

Nothing is refused silently: each row of the file is sold, returned, or left out for one reason.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from sim.orders.book import Demand
from sim.orders.history_cells import Rows, Whole
from sim.orders.history_sold import KIND, RETURNED, Flags, SoldRows, day_of, left_out
from sim.orders.history_table import EMPTY, LISTED_ROWS, some_rows

LISTED_SERVICES = 8


@dataclass(frozen=True)
class LeftOut:
    """Rows left out for one reason: how many, and the numbers of the first few."""

    reason: str
    rows: int
    first_rows: tuple[int, ...]


@dataclass(frozen=True)
class Service:
    """Sold lines of a code that is no goods (postage, fees)."""

    sku: str
    lines: int
    units: int


@dataclass(frozen=True)
class WarehouseShare:
    """What of the history the warehouse handles: everything sold but services."""

    orders: int
    lines: int
    units: int
    returned_units: int
    skus: int
    customers: int


@dataclass(frozen=True)
class ImportReport:
    """Figures of an imported history.

    A sold row has units > 0, a price > 0 (if a price column is mapped), and an order number
    without the return prefix; a returned row has the prefix and units < 0.

    Parameters
    ----------
    file
        The file as it is shown to people.
    rows
        Rows of the file below its header, blank lines not counted.
    first_day, last_day, days
        Days of the first and the last order, and the calendar days from one to the other.
    orders, order_lines, units, skus
        Of the sold rows, services included.
    mean_lines_per_order, median_lines_per_order
        Lines of an order.
    returned_rows, returned_units, rate_of_return
        Of the returned rows; the rate is units returned / units sold in the file. Some returns
        belong to orders before its first day, some of its orders come back after its last.
    known_customers, orders_of_known_customers, orders_per_known_customer
        Customers with at least one sold row; the ratio is 0 where nobody is known.
    repeated_rows
        Sold rows that repeat an earlier one in every mapped column; they are kept.
    orders_with_several_times
        Orders whose rows differ in time; the earliest counts.
    orders_of_services_only
        Orders without goods; they stay out of the warehouse.
    without_channel
        Orders whose channel cell is empty; they take the scenario's first channel.
    services
        Sold lines of the codes in ``not_goods``, most lines first.
    unseen_services
        Codes in ``not_goods`` that no sold row bears.
    left_out
        Rows that are neither sold nor returned, by reason.
    warehouse
        What is left for the warehouse.
    """

    file: str
    rows: int
    first_day: datetime.date
    last_day: datetime.date
    days: int
    orders: int
    order_lines: int
    units: int
    skus: int
    mean_lines_per_order: float
    median_lines_per_order: float
    returned_rows: int
    returned_units: int
    rate_of_return: float
    known_customers: int
    orders_of_known_customers: int
    orders_per_known_customer: float
    repeated_rows: int
    orders_with_several_times: int
    orders_of_services_only: int
    without_channel: int
    services: tuple[Service, ...]
    unseen_services: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    warehouse: WarehouseShare

    @property
    def rows_left_out(self) -> int:
        """Rows that are neither sold nor returned."""
        return sum(group.rows for group in self.left_out)

    def as_dict(self) -> dict[str, object]:
        """Return everything in types that JSON knows."""
        found = asdict(self)
        found["first_day"] = self.first_day.isoformat()
        found["last_day"] = self.last_day.isoformat()
        found["rows_left_out"] = self.rows_left_out
        for key in ("services", "unseen_services", "left_out"):
            found[key] = list(found[key])
        for group in found["left_out"]:
            group["first_rows"] = list(group["first_rows"])
        return found

    def lines(self) -> list[str]:
        """Return the report for a terminal, one line a figure."""
        unknown = self.orders - self.orders_of_known_customers
        house = self.warehouse
        span = f"{self.first_day} to {self.last_day} ({self.days:,} days)"
        sold = f"{self.orders:,} orders, {self.order_lines:,} lines, {self.units:,} units"
        mean, median = self.mean_lines_per_order, self.median_lines_per_order
        back = f"{self.returned_units:,} units = {self.rate_of_return:.3%} of the units sold"
        each = (
            f"{self.known_customers:,} known with {self.orders_per_known_customer:.3f} orders each"
        )
        text = [
            f"{_plain(self.file)}: {self.rows:,} rows, orders of {span}",
            f"  sold          {sold} of {self.skus:,} SKUs",
            f"  an order      {mean:.2f} lines in the mean, {median:g} in the median",
            f"  returned      {back}, in {self.returned_rows:,} rows",
            f"  customers     {each}; {unknown:,} orders of unknown ones",
        ]
        text.extend(self._service_lines())
        handled = f"{house.orders:,} orders, {house.lines:,} lines, {house.units:,} units"
        text.append(f"  to the house  {handled} of {house.skus:,} SKUs")
        text.extend(self._remarks())
        text.append(f"  left out      {self.rows_left_out:,} rows")
        for group in self.left_out:
            rows = some_rows(group.first_rows, group.rows)
            text.append(f"    {group.rows:>8,}  {group.reason} ({rows})")
        return text

    def _service_lines(self) -> list[str]:
        if not self.services:
            return []
        shown = [f"{_plain(group.sku)} {group.lines:,}" for group in self.services]
        more = ", …" if len(shown) > LISTED_SERVICES else ""
        lines = sum(group.lines for group in self.services)
        codes = ", ".join(shown[:LISTED_SERVICES])
        only = f"{self.orders_of_services_only:,} orders hold nothing else"
        return [f"  not goods     {lines:,} lines ({codes}{more}); {only}"]

    def _remarks(self) -> list[str]:
        counts = (
            ("repeated", self.repeated_rows, "rows say again what another row says; kept"),
            (
                "times",
                self.orders_with_several_times,
                "orders bear several times; the first counts",
            ),
            ("channel", self.without_channel, "orders name none; they take the first channel"),
        )
        text = [f"  {name:<13} {count:,} {what}" for name, count, what in counts if count]
        if self.unseen_services:
            shown = ", ".join(_plain(code) for code in self.unseen_services)
            text.append(f"  never seen    {shown} of orders.history.not_goods")
        return text


def _plain(text: str) -> str:
    """Return a text with control characters escaped: nothing in a file may steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _groups(rows: Rows, kinds: npt.NDArray[np.int8]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(reason, len(numbers), tuple(int(row) for row in numbers[:LISTED_ROWS]))
        for reason, numbers in left_out(rows, kinds)
    )


def _services(rows: Rows, sold: SoldRows) -> tuple[Service, ...]:
    sku = sold.sku[sold.service]
    lines = np.bincount(sku, minlength=len(rows.sku.values))
    units = np.zeros(len(rows.sku.values), dtype=np.int64)
    np.add.at(units, sku, sold.units[sold.service])
    found = [
        Service(rows.sku.values[code], int(lines[code]), int(units[code]))
        for code in np.flatnonzero(lines)
    ]
    return tuple(sorted(found, key=lambda service: (-service.lines, service.sku)))


def _repeated(rows: Rows, sold: SoldRows) -> int:
    """Return how many sold rows repeat an earlier one in every mapped column."""
    columns: list[Whole] = [sold.sku, sold.units, rows.placed_us[sold.rows]]
    if rows.price_cents is not None:
        columns.append(rows.price_cents[sold.rows])
    texts = (rows.customer_id, rows.channel, rows.description)
    columns.extend(text.codes[sold.rows] for text in texts if text is not None)
    same: Whole = sold.order
    for column in columns:
        _, code = np.unique(column, return_inverse=True)
        _, same = np.unique(same * (int(code.max()) + 1) + code, return_inverse=True)
    return len(same) - (int(same.max()) + 1)


def import_report(
    shown_name: str,
    rows: Rows,
    kinds: npt.NDArray[np.int8],
    sold: SoldRows,
    demand: Demand,
    not_goods: tuple[str, ...],
) -> ImportReport:
    """Return the figures of the rows of an export and of the demand they make."""
    returned = kinds == KIND[RETURNED]
    returned_units = -int(rows.units[returned].sum())
    units = int(sold.units.sum())
    known = sold.customer != EMPTY
    customers = len(np.unique(sold.customer[known]))
    services = _services(rows, sold)
    seen = dict.fromkeys(service.sku for service in services)
    return ImportReport(
        file=shown_name,
        rows=len(rows.number),
        first_day=day_of(sold.placed_us.min()),
        last_day=day_of(sold.placed_us.max()),
        days=(day_of(sold.placed_us.max()) - day_of(sold.placed_us.min())).days + 1,
        orders=sold.orders,
        order_lines=len(sold.rows),
        units=units,
        skus=len(np.unique(sold.sku)),
        mean_lines_per_order=len(sold.rows) / sold.orders,
        median_lines_per_order=float(np.median(np.bincount(sold.order))),
        returned_rows=int(np.count_nonzero(returned)),
        returned_units=returned_units,
        rate_of_return=returned_units / units,
        known_customers=customers,
        orders_of_known_customers=int(np.count_nonzero(known)),
        orders_per_known_customer=int(np.count_nonzero(known)) / customers if customers else 0.0,
        repeated_rows=_repeated(rows, sold),
        orders_with_several_times=int(np.count_nonzero(sold.several_times)),
        orders_of_services_only=sold.orders - demand.orders,
        without_channel=_without_channel(rows, sold),
        services=services,
        unseen_services=tuple(code for code in not_goods if code not in seen),
        left_out=_groups(rows, kinds),
        warehouse=_warehouse_share(rows, returned, demand, not_goods),
    )


def _without_channel(rows: Rows, sold: SoldRows) -> int:
    return 0 if rows.channel is None else int(np.count_nonzero(sold.channel == EMPTY))


def _warehouse_share(
    rows: Rows, returned: Flags, demand: Demand, not_goods: tuple[str, ...]
) -> WarehouseShare:
    services = dict.fromkeys(not_goods)
    goods = np.array([code not in services for code in rows.sku.values], dtype=np.bool_)
    back = np.flatnonzero(returned)
    back = back[goods[rows.sku.codes[back]]]
    return WarehouseShare(
        orders=demand.orders,
        lines=demand.lines,
        units=int(demand.units.sum()),
        returned_units=-int(rows.units[back].sum()),
        skus=len(np.unique(demand.sku)),
        customers=demand.customers,
    )
