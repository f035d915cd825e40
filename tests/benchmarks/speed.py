"""Speed and memory beside the idiomatic twin: ``python -m tests.benchmarks.speed``.

CPU seconds of the event loop, both on the same order book, in turn. The ratio is the median of the
rounds' ratios, so what else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sim.engine.model import play
from sim.engine.setting import Setting, prepare
from sim.orders.book import OrderBook
from tests.benchmarks.core import core_scenario
from tests.benchmarks.idiomatic_twin import IdiomaticTwin
from tests.sim.engine.playing import book_of

MEGABYTE = 1e6
ENGINES = ("lean", "idiomatic")


@dataclass(frozen=True)
class Measured:
    """Orders a CPU second, round by round."""

    orders: int
    lean_per_s: list[float]
    idiomatic_per_s: list[float]

    @property
    def ratio(self) -> float:
        """Median over the rounds of lean / idiomatic."""
        pairs = zip(self.lean_per_s, self.idiomatic_per_s, strict=True)
        return median(lean / idiomatic for lean, idiomatic in pairs)


def play_once(
    engine: str, setting: Setting, book: OrderBook, *, hold_collector: bool = False
) -> float:
    """Play a book with one of the engines and return the CPU seconds.

    The simulator holds Python's cycle collector while it plays; the twin does so only if asked.
    """
    gc.collect()
    start_s = time.process_time()
    if engine == "lean":
        play(setting, 0, book=book)
    else:
        twin = IdiomaticTwin(setting, book)
        if hold_collector:
            gc.disable()
        try:
            twin.run()
        finally:
            gc.enable()
    return time.process_time() - start_s


def _warm_up() -> None:
    """Let both engines import what they import on first use."""
    setting = prepare(core_scenario(100), {})
    for engine in ENGINES:
        play_once(engine, setting, book_of(setting))


def measure(orders: int, rounds: int, *, hold_collector: bool = False) -> Measured:
    """Play both engines in turn, the first one changing from round to round."""
    _warm_up()
    setting = prepare(core_scenario(orders), {})
    book = book_of(setting)
    speeds: dict[str, list[float]] = {engine: [] for engine in ENGINES}
    for number in range(rounds):
        for engine in ENGINES if number % 2 == 0 else ENGINES[::-1]:
            cpu_s = play_once(engine, setting, book, hold_collector=hold_collector)
            speeds[engine].append(book.demand.orders / cpu_s)
    return Measured(book.demand.orders, speeds["lean"], speeds["idiomatic"])


def _resident_mb() -> float:
    """Return the resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def _peak_mb() -> float:
    """Return the largest resident memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE


def one_run(engine: str, orders: int) -> dict[str, float]:
    """Play one book in this process; return orders, CPU seconds and what memory grew by."""
    _warm_up()
    setting = prepare(core_scenario(orders), {})
    start_mb = _resident_mb()
    book = book_of(setting)
    gc.collect()
    book_mb = _resident_mb()
    cpu_s = play_once(engine, setting, book)
    return {
        "orders": book.demand.orders,
        "cpu_s": cpu_s,
        "book_mb": book_mb - start_mb,
        "play_mb": max(0.0, _peak_mb() - book_mb),
        "peak_mb": _peak_mb(),
    }


def fresh_run(engine: str, orders: int) -> dict[str, float]:
    """Play one book in a process of its own, so that its peak of memory is its own."""
    command = [sys.executable, "-m", "tests.benchmarks.speed", "--one", engine]
    done = subprocess.run(
        [*command, "--orders", str(orders)], check=True, capture_output=True, text=True
    )
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _show_speed(orders: int, rounds: int, *, hold_collector: bool) -> None:
    measured = measure(orders, rounds, hold_collector=hold_collector)
    _say(f"{measured.orders} orders, {rounds} rounds in turn, orders a CPU second")
    for engine, speeds in (("lean", measured.lean_per_s), ("idiomatic", measured.idiomatic_per_s)):
        _say(
            f"  {engine:<10} median {median(speeds):8.0f}   {min(speeds):.0f} to {max(speeds):.0f}"
        )
    _say(f"  lean / idiomatic, median of the rounds: {measured.ratio:.2f}")


def _show_growth(sizes: list[int], engines: tuple[str, ...]) -> None:
    _say("one process a row; bytes for each order beyond those of the row before")
    _say(f"  {'engine':<10}{'orders':>9}{'us/order':>10}{'peak MB':>9}{'book B':>8}{'play B':>8}")
    for engine in engines:
        before: dict[str, float] | None = None
        for size in sizes:
            run = fresh_run(engine, size)
            line = f"  {engine:<10}{run['orders']:>9.0f}{run['cpu_s'] / run['orders'] * 1e6:>10.1f}"
            line += f"{run['peak_mb']:>9.0f}"
            if before is not None:
                more = run["orders"] - before["orders"]
                for part in ("book_mb", "play_mb"):
                    line += f"{(run[part] - before[part]) * MEGABYTE / more:>8.0f}"
            _say(line)
            before = run


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000, help="orders a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--growth", type=int, nargs="+", metavar="ORDERS",
        help="also time and memory by size, for instance --growth 100000 200000 400000",
    )  # fmt: skip
    parser.add_argument(
        "--hold-collector",
        action="store_true",
        help="the twin runs without Python's cycle collector",
    )
    parser.add_argument("--lean-only", action="store_true", help="growth of the simulator alone")
    parser.add_argument("--one", choices=ENGINES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        _say(json.dumps(one_run(options.one, options.orders)))
        return
    _show_speed(options.orders, options.rounds, hold_collector=options.hold_collector)
    if options.growth:
        _show_growth(options.growth, ENGINES[:1] if options.lean_only else ENGINES)


if __name__ == "__main__":
    main()
