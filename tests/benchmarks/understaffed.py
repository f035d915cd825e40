"""What an order costs when 20,000 shipments wait: ``python -m tests.benchmarks.understaffed``.

CPU seconds of the event loop for each order, in a house with people enough and in houses where one
line grows to more than 20,000 shipments, on the same order book and in turn. The ratio is the
median of the rounds' ratios, so what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from sim.engine.model import play
from sim.engine.setting import Setting, prepare
from sim.log.event_log import Chunk, join
from sim.log.facts import Fact
from sim.orders.book import OrderBook
from sim.scenario.schema import Scenario
from tests.benchmarks.core import core_scenario
from tests.sim.engine.playing import book_of

ORDERS = 40_000
MANY = {"pickers": 400, "packers": 200, "dispatchers": 60, "receivers": 40, "returns_clerks": 40}
Changes = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Line:
    """A line that grows.

    Parameters
    ----------
    house
        What both houses share.
    few
        What makes the line of one of them grow.
    joins, leaves
        Facts of joining and leaving it.
    """

    house: Changes
    few: Changes
    joins: Fact
    leaves: Fact


def _pick_line(batching: str, pickers: int) -> Line:
    few: Changes = {"staff": {"pickers": pickers}}
    return Line({"picking": {"batching": batching}}, few, Fact.RELEASED, Fact.PICK_STARTED)


LINES = {
    "pick line, single": _pick_line("single", 20),
    "pick line, first_come": _pick_line("first_come", 8),
    "pick line, nearest_aisles": _pick_line("nearest_aisles", 8),
    "pack line": Line({}, {"staff": {"packers": 4}}, Fact.PICKED, Fact.PACK_STARTED),
    "pack line, longest_line": Line(
        {"people": {"moving": "longest_line", "cross_training": {"dispatchers": ["packers"]}}},
        {"staff": {"packers": 3, "dispatchers": 3}},
        Fact.PICKED,
        Fact.PACK_STARTED,
    ),
    "label line": Line({}, {"staff": {"dispatchers": 1}}, Fact.PACKED, Fact.LABEL_STARTED),
    "release": Line(
        {},
        {"release": {"policy": "interval", "interval_min": 7 * 1440.0}},
        Fact.ALLOCATED,
        Fact.RELEASED,
    ),
}


@dataclass(frozen=True)
class Measured:
    """Microseconds for each order, round by round, and the longest that the line was."""

    longest: int
    well_us: list[float]
    understaffed_us: list[float]

    @property
    def ratio(self) -> float:
        """Median over the rounds of understaffed / well staffed."""
        pairs = zip(self.understaffed_us, self.well_us, strict=True)
        return median(under / well for under, well in pairs)


def scenario_of(orders: int, *changes: Changes) -> Scenario:
    """Return the core flow with all orders on one day, and what differs."""
    sections = core_scenario(orders).model_dump()
    sections["run"] |= {"horizon_days": 1.0, "follow_up_days": 400.0}
    sections["orders"]["per_day"] = float(orders)
    sections["staff"]["always"] |= MANY
    for key, differs in (entry for change in changes for entry in change.items()):
        place = sections["staff"]["always"] if key == "staff" else sections[key]
        place |= differs
    return Scenario.model_validate(sections)


def cpu_us(setting: Setting, book: OrderBook) -> float:
    """Play a book and return the CPU microseconds for each order."""
    gc.collect()
    start_s = time.process_time()
    play(setting, 0, book=book)
    return (time.process_time() - start_s) / book.demand.orders * 1e6


def longest_line(setting: Setting, book: OrderBook, line: Line) -> int:
    """Return the most shipments that ever waited between two facts."""
    chunks: list[Chunk] = []
    play(setting, 0, [chunks.append], book=book)
    fact = join(chunks).fact
    return int(np.max(np.cumsum((fact == line.joins).astype(int) - (fact == line.leaves))))


def measure(name: str, orders: int, rounds: int) -> Measured:
    """Play both houses in turn, the first one changing from round to round."""
    line = LINES[name]
    well = prepare(scenario_of(orders, line.house), {})
    under = prepare(scenario_of(orders, line.house, line.few), {})
    books = {id(setting): book_of(setting) for setting in (well, under)}
    longest = longest_line(under, books[id(under)], line)
    spent: dict[int, list[float]] = {id(well): [], id(under): []}
    for number in range(rounds):
        for setting in (well, under) if number % 2 == 0 else (under, well):
            spent[id(setting)].append(cpu_us(setting, books[id(setting)]))
    return Measured(longest, spent[id(well)], spent[id(under)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS, help="orders of the day")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sys.stdout.write(
        f"{'line that grows':<36}{'longest':>9}{'well us':>9}{'under us':>9}{'ratio':>7}\n"
    )
    for name in LINES:
        found = measure(name, options.orders, options.rounds)
        sys.stdout.write(
            f"{name:<36}{found.longest:>9}{median(found.well_us):>9.1f}"
            f"{median(found.understaffed_us):>9.1f}{found.ratio:>7.2f}\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
