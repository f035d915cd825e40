"""The promises of docs/statistics.md in full: ``python -m tests.benchmarks.statistics_coverage``.

A line says what was measured, what was promised, and whether it holds; exit code 1 if one does not.
``--claim NAME`` measures some of them, ``--match TEXT`` only the lines that contain it. All of them
take some minutes on one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from sim.experiments.statistics.batch_means import batch_means
from sim.experiments.statistics.run_length import interval_warnings
from sim.experiments.statistics.warm_up import mser5
from tests.sim.experiments.statistics.claims import (
    LAWS,
    SLIPPAGE,
    SYSTEMS,
    called_unstable,
    covered,
    enough_orders,
    false_alarms,
    right_choices,
    rng,
)
from tests.sim.experiments.statistics.queues import autoregressive

LO, HI = 0.927, 0.973
"""99.9 % of 1,000 intervals of 95 % cover between these shares."""


class Line(NamedTuple):
    """A measurement that is still to be made.

    Attributes
    ----------
    what
        What is measured.
    promise
        What is promised.
    measure
        Returns the figure, as text, and whether the promise holds.
    """

    what: str
    promise: str
    measure: Callable[[], tuple[str, bool]]


def _within(share: float) -> tuple[str, bool]:
    return f"{share:.3f}", LO <= share <= HI


def coverage() -> Iterator[Line]:
    """Yield t intervals of mean waits, with runs that draw no warning."""
    for system in SYSTEMS:
        for load in (0.5, 0.6, 0.7, 0.8, 0.9):
            replications = 30 if load == 0.9 else 10
            warm_up, window = enough_orders(system, load, replications)

            def measure(
                system: str = system,
                load: float = load,
                runs: tuple[int, int, int] = (replications, warm_up, window),
            ) -> tuple[str, bool]:
                return _within(covered(system, load, *runs, 1000, seed=int(100 * load)))

            what = f"{system} load {load}, {replications} x {window} orders after {warm_up}"
            yield Line(what, f"{LO} to {HI}", measure)
    for load, warm_up, window in ((0.9, 0, 1000), (0.8, 500, 500), (0.95, 0, 1000)):

        def warned(
            load: float = load, warm_up: int = warm_up, window: int = window
        ) -> tuple[str, bool]:
            share = covered("M/M/1", load, 10, warm_up, window, 1000)
            return f"{share:.3f}", bool(interval_warnings(load, warm_up, window, 10))

        yield Line(f"M/M/1 load {load}, 10 x {window} orders after {warm_up}", "a warning", warned)


def batches() -> Iterator[Line]:
    """Yield batch means and MSER-5 of autoregressive series."""
    for count in (10, 20):

        def measure(count: int = count) -> tuple[str, bool]:
            found = [
                batch_means(row, count).estimate
                for part in range(10)
                for row in autoregressive(rng(50 + part), 100, 20_000, 0.9, 0.0)
            ]
            hits = sum(abs(e.mean) <= (e.half_width or 0.0) for e in found)
            return _within(hits / len(found))

        yield Line(f"AR(1) 0.9, 20,000 numbers in {count} batches", f"{LO} to {HI}", measure)

    def cut() -> tuple[str, bool]:
        cuts = [
            mser5(row).cut
            for part in range(10)
            for row in autoregressive(rng(70 + part), 100, 5000, 0.9, 100.0)
        ]
        mean = sum(cuts) / len(cuts)
        return f"{mean:.1f}", 42.0 <= mean <= 52.0

    yield Line("AR(1) 0.9 from 100, 5,000 numbers: mean cut of MSER-5", "about 47", cut)


def same_policy() -> Iterator[Line]:
    """Yield false alarms of 25 KPIs on new seeds."""
    for correlation in (0.0, 0.3, 0.6, 0.95):

        def measure(correlation: float = correlation) -> tuple[str, bool]:
            alarms = false_alarms(1000, correlation)
            return f"{alarms / 1000:.3f}", alarms <= 68

        what = f"same policy, 25 KPIs of correlation {correlation}, new seeds: alarms"
        yield Line(what, "<= 0.05", measure)


def selection() -> Iterator[Line]:
    """Yield shares of right choices of 2,000."""
    for means, sds in SLIPPAGE:
        for procedure, shared in (("KN", 0.0), ("KN", 20.0), ("KN++", 0.0), ("Rinott", 0.0)):
            if procedure == "Rinott" and len(means) == 3:
                continue

            def measure(
                means: tuple[float, ...] = means,
                sds: tuple[float, ...] = sds,
                procedure: str = procedure,
                shared: float = shared,
            ) -> tuple[str, bool]:
                right, played = right_choices(means, sds, 2000, procedure=procedure, shared=shared)
                share = right / 2000
                lower = share - 1.96 * (share * (1.0 - share) / 2000) ** 0.5
                holds = procedure == "KN++" or (share >= 0.95 and lower >= 0.94)
                return f"{share:.4f} with {played:.0f} replications", holds

            where = means.index(max(means)) + 1
            luck = "common orders" if shared else "own seeds"
            what = f"{procedure}, {luck}, {len(means)} policies, best is number {where}"
            promise = "no promise at a finite delta" if procedure == "KN++" else ">= 0.95"
            yield Line(what, promise, measure)


def stability() -> Iterator[Line]:
    """Yield shares of runs called unstable."""
    for laws in LAWS:
        for load in (0.8, 0.9, 0.95, 0.98, 1.0, 1.02, 1.05, 1.1):

            def measure(laws: str = laws, load: float = load) -> tuple[str, bool]:
                share = called_unstable(load, laws, 300)
                holds = share <= 0.02 if load <= 0.95 else share >= 0.99 or load < 1.05
                return f"{share:.3f}", holds

            promise = "<= 0.02" if load <= 0.95 else ">= 0.99" if load >= 1.05 else "-"
            yield Line(f"{laws}, one server, load {load}: called unstable", promise, measure)
    for load in (0.95, 1.05):

        def six(load: float = load) -> tuple[str, bool]:
            share = called_unstable(load, "M/M/c", 200, servers=6)
            return f"{share:.3f}", share <= 0.02 if load < 1.0 else share >= 0.99

        promise = "<= 0.02" if load < 1.0 else ">= 0.99"
        yield Line(f"M/M/6, load {load}: called unstable", promise, six)


CLAIMS = {
    "coverage": coverage,
    "batches": batches,
    "same-policy": same_policy,
    "selection": selection,
    "stability": stability,
}


def main(words: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claim", choices=list(CLAIMS))
    parser.add_argument("--match", default="")
    chosen = parser.parse_args(words)
    broken = 0
    for name, claim in CLAIMS.items():
        if chosen.claim not in (None, name):
            continue
        for line in claim():
            if chosen.match not in line.what:
                continue
            began = time.process_time()
            figure, holds = line.measure()
            broken += not holds
            spent = time.process_time() - began
            verdict = "" if holds else "  BROKEN"
            sys.stdout.write(
                f"{line.what}: {figure} (promised {line.promise}) {spent:.0f} s{verdict}\n"
            )
            sys.stdout.flush()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
