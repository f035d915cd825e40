"""Histories whose laws are known: an order book drawn by warelab, written as a shop would."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.orders.book import Demand
from sim.orders.generated import generate_demand
from sim.orders.history import History, read_history
from sim.scenario.loading import load
from sim.scenario.schema.items import ItemsSection
from sim.scenario.schema.orders import ColumnMap, HistorySection, OrdersSection
from sim.scenario.schema.scenario import Scenario
from sim.warehouse.catalogue import generated_catalogue
from sim.warehouse.items import Catalogue

HEADER = ("order_id", "order_ts", "sku", "qty", "price", "customer")
SECTION = HistorySection(
    columns=ColumnMap(unit_price="price", customer_id="customer"),
    time_format="%Y-%m-%d %H:%M:%S",
    return_prefix="R",
)
DAY_S = 86_400.0
ONE_CHANNEL = Path(__file__).parent / "one_channel.yaml"

Row = tuple[object, ...]


def scenario(*settings: str, days: int = 28) -> Scenario:
    """Return the baseline with one channel and other values."""
    words = [f"run.horizon_days={days}", "run.warm_up_days=0", "run.cool_down_days=0", *settings]
    return load(ONE_CHANNEL, settings=words).scenario


def drawn(declared: Scenario) -> tuple[Demand, Catalogue]:
    """Return the first replication's demand and its catalogue."""
    catalogue = generated_catalogue(declared.items, declared.run.seed)
    return generate_demand(declared, catalogue, 0), catalogue


def rows_of(declared: Scenario, demand: Demand, catalogue: Catalogue) -> list[Row]:
    """Return the sold rows of a demand."""
    start = datetime.datetime.fromisoformat(declared.run.start_date)
    found: list[Row] = []
    for order in range(demand.orders):
        at = start + datetime.timedelta(seconds=int(demand.placed_s[order]))
        for line in range(demand.first_line[order], demand.first_line[order + 1]):
            sku = int(demand.sku[line])
            found.append(
                (order + 1, at.strftime(SECTION.time_format), catalogue.codes[sku],
                 int(demand.units[line]), f"{catalogue.price_cents[sku] / 100:.2f}",
                 f"K{demand.customer[order]}")
            )  # fmt: skip
    return found


def returned_rows(
    declared: Scenario,
    demand: Demand,
    catalogue: Catalogue,
    rate_of_sku: npt.NDArray[np.float64],
    lags_days: npt.NDArray[np.float64],
    seed: int,
) -> list[Row]:
    """Return a return document of whole lines by chance, as far as the history reaches."""
    start = datetime.datetime.fromisoformat(declared.run.start_date)
    order_of_line = np.repeat(np.arange(demand.orders), np.diff(demand.first_line))
    comes_back = np.random.default_rng(seed).random(demand.lines) < rate_of_sku[demand.sku]
    back_s = demand.placed_s[order_of_line] + lags_days * DAY_S
    inside = comes_back & (back_s < declared.run.horizon_days * DAY_S)
    found: list[Row] = []
    for line in np.flatnonzero(inside).tolist():
        at = start + datetime.timedelta(seconds=int(back_s[line]))
        sku = int(demand.sku[line])
        found.append(
            (f"R{line}", at.strftime(SECTION.time_format), catalogue.codes[sku],
             -int(demand.units[line]), f"{catalogue.price_cents[sku] / 100:.2f}",
             f"K{demand.customer[order_of_line[line]]}")
        )  # fmt: skip
    return found


def written(path: Path, rows: Sequence[Row]) -> Path:
    """Write a history."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return path


def imported(path: Path, rows: Sequence[Row]) -> History:
    """Write a history and read it back."""
    orders = OrdersSection(source="history", file=path.name, history=SECTION)
    return read_history(written(path, rows), path.name, orders, ItemsSection())


def drawn_history(folder: Path, *settings: str, days: int = 28) -> tuple[History, Scenario]:
    """Return the history of a scenario's first replication, and the scenario."""
    declared = scenario(*settings, days=days)
    demand, catalogue = drawn(declared)
    return imported(folder / "orders.csv", rows_of(declared, demand, catalogue)), declared
