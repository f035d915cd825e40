"""The imported history: a shop's export, read as it is, becomes demand and catalogue.

A sold row has units > 0, a price > 0 (if prices are mapped) and an order number without the
return prefix; a returned row has the prefix and units < 0. All other rows are left out and counted
by reason.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.errors import Problem
from sim.orders.book import Demand
from sim.orders.history_catalogue import history_catalogue
from sim.orders.history_cells import Rows, plain_id, read_rows
from sim.orders.history_report import ImportReport, import_report
from sim.orders.history_returns import ReturnedLines, numbers_by_id, returned_lines
from sim.orders.history_sold import (
    Codes64,
    SoldRows,
    kinds_of_rows,
    numbered_by_first_row,
    sold_rows,
    stop_at,
)
from sim.orders.history_table import EMPTY, read_table
from sim.scenario.schema.items import ItemsSection
from sim.scenario.schema.orders import OrdersSection
from sim.warehouse.items import Catalogue


@dataclass(frozen=True)
class History:
    """An imported history.

    Parameters
    ----------
    demand
        Its orders; times in seconds since 00:00 of ``start_date``, equal times in file order.
        Customers are numbered by their first order: no id of a person is kept.
    catalogue
        The SKUs sold, by code; services are not among them.
    descriptions
        First description of each SKU in the file, empty where there is none. Length K.
    start_date
        Day of the first order.
    days
        Calendar days from the first order's to the last order's, both included.
    returned
        The return documents.
    report
        What was found in the file.
    """

    demand: Demand
    catalogue: Catalogue
    descriptions: tuple[str, ...]
    start_date: datetime.date
    days: int
    returned: ReturnedLines
    report: ImportReport


def read_history(
    path: Path,
    shown_name: str,
    orders_section: OrdersSection,
    items_section: ItemsSection,
    *,
    seed: int = 0,
) -> History:
    """Read the export of a shop.

    Parameters
    ----------
    path
        CSV or Parquet file.
    shown_name
        Name of the file in messages.
    orders_section
        How to read it (``history``) and the names of the channels.
    items_section
        Categories that give the SKUs what an export does not know: weight, volume, fragility,
        return rate, cost. A SKU of a code gets the same from every file.
    seed
        Seed of what is drawn for the SKUs.

    Returns
    -------
        Demand, catalogue and the report of the import.

    Raises
    ------
    ScenarioError
        If the file cannot be used; every defect that was found is listed.
    """
    section = orders_section.history
    problems: list[Problem] = []
    table = read_table(path, shown_name, section, problems)
    rows = read_rows(table, shown_name, section, problems)
    stop_at(problems)
    kinds = kinds_of_rows(rows, section.return_prefix)
    not_goods = tuple(dict.fromkeys(plain_id(code) for code in section.not_goods))
    channels = tuple(orders_section.channels)
    sold = sold_rows(rows, kinds, not_goods, channels, shown_name)
    goods = _goods(rows, sold)
    prices = None if rows.price_cents is None else rows.price_cents[goods.rows].astype(np.int32)
    catalogue = history_catalogue(goods.codes, goods.sku, prices, items_section, seed)
    demand = Demand(
        placed_s=(sold.placed_us[goods.orders] - sold.start_us) / 1e6,
        channel=_channels(rows, sold.channel[goods.orders], channels),
        customer=goods.customer,
        first_line=goods.first_line,
        sku=goods.sku,
        units=rows.units[goods.rows].astype(np.int32),
        price_cents=catalogue.price_cents[goods.sku] if prices is None else prices,
        channels=channels,
        customers=goods.customers,
    )
    report = import_report(shown_name, rows, kinds, sold, demand, not_goods)
    skus = numbers_by_id(
        goods.raw_sku, np.arange(catalogue.count, dtype=np.int32), len(rows.sku.values)
    )
    people = 0 if rows.customer_id is None else len(rows.customer_id.values)
    customers = numbers_by_id(sold.customer[goods.orders], goods.customer, people)
    return History(
        demand=demand,
        catalogue=catalogue,
        descriptions=_descriptions(rows, goods),
        start_date=report.first_day,
        days=report.days,
        returned=returned_lines(rows, kinds, not_goods, sold.start_us, skus, customers),
        report=report,
    )


@dataclass(frozen=True)
class _Goods:
    """What the warehouse handles.

    Parameters
    ----------
    orders
        Orders with goods, by time, as numbers of the sold orders. Shape (n,).
    customer, customers
        Customer of each, -1 unknown, numbered by first order; how many there are.
    first_line
        Where the lines of each order begin. Shape (n + 1,).
    rows, sku
        Row of the file and SKU of each line. Shape (m,).
    codes, raw_sku
        Codes of the SKUs in order of the code, and their numbers in the file. Length K.
    """

    orders: Codes64
    customer: npt.NDArray[np.int32]
    customers: int
    first_line: npt.NDArray[np.int32]
    rows: Codes64
    sku: npt.NDArray[np.int32]
    codes: tuple[str, ...]
    raw_sku: Codes64


def _goods(rows: Rows, sold: SoldRows) -> _Goods:
    lines = np.flatnonzero(~sold.service)
    orders = np.unique(sold.order[lines])
    # Orders are numbered by their first row, so a stable sort leaves equal times in file order.
    orders = orders[np.argsort(sold.placed_us[orders], kind="stable")]
    place = np.full(sold.orders, -1, dtype=np.int64)
    place[orders] = np.arange(len(orders))
    lines = lines[np.argsort(place[sold.order[lines]], kind="stable")]
    first_line = np.searchsorted(place[sold.order[lines]], np.arange(len(orders) + 1))
    raw_sku = np.unique(sold.sku[lines])
    raw_sku = np.array(sorted(raw_sku.tolist(), key=lambda raw: rows.sku.values[raw]), np.int64)
    index = np.full(len(rows.sku.values), -1, dtype=np.int32)
    index[raw_sku] = np.arange(len(raw_sku), dtype=np.int32)
    customer, customers = _renumbered(sold.customer[orders])
    return _Goods(
        orders=orders,
        customer=customer,
        customers=customers,
        first_line=first_line.astype(np.int32),
        rows=sold.rows[lines],
        sku=index[sold.sku[lines]],
        codes=tuple(rows.sku.values[raw] for raw in raw_sku),
        raw_sku=raw_sku,
    )


def _renumbered(customer: Codes64) -> tuple[npt.NDArray[np.int32], int]:
    """Return customers numbered by their first order, and how many there are."""
    numbered = np.full(len(customer), EMPTY, dtype=np.int32)
    known = customer != EMPTY
    if not known.any():
        return numbered, 0
    numbers, customers = numbered_by_first_row(customer[known])
    numbered[known] = numbers
    return numbered, customers


def _channels(rows: Rows, channel: Codes64, names: tuple[str, ...]) -> npt.NDArray[np.int8]:
    if rows.channel is None:
        return np.zeros(len(channel), dtype=np.int8)
    place = {plain_id(name): number for number, name in enumerate(names)}
    numbers = [place.get(value, 0) for value in rows.channel.values]
    return np.array([*numbers, 0], dtype=np.int8)[channel]


def _descriptions(rows: Rows, goods: _Goods) -> tuple[str, ...]:
    if rows.description is None:
        return ("",) * len(goods.codes)
    in_file_order = np.sort(goods.rows)
    text = rows.description.codes[in_file_order]
    known = np.flatnonzero(text != EMPTY)[::-1]
    first = np.full(len(rows.sku.values), EMPTY, dtype=np.int64)
    # Written from the last row to the first, so that the first one stays.
    first[rows.sku.codes[in_file_order][known]] = text[known]
    values = (*rows.description.values, "")
    return tuple(values[first[raw]] for raw in goods.raw_sku)
