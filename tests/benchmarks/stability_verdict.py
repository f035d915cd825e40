"""How often is a run called unstable?  ``python -m tests.benchmarks.stability_verdict``.

The verdict that ``warelab run`` gives: promised are at most 2 % of runs called unstable at a load
of .95 or less, at least 99 % at 1.05 or more, wherever the run is long enough to tell. First the
simulator plays small houses whose load is set exactly, and the verdict is that of the command.
Then Lindley's recursion plays the same houses many times over, and the same rule judges.

A house that is closed is a queue whose server rests: on a clock that runs only while it is open,
work goes on without a break, and Lindley's recursion holds on that clock.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.engine.setting import prepare
from sim.experiments.replication import play_replication
from sim.experiments.run import Run
from sim.experiments.validation.house import EVERY_DAY, NOTHING, line_house
from sim.experiments.verdict import kept_up, verdict_of
from sim.kpis.in_process import STEP_S, STEPS_A_DAY, InProcess, in_process
from sim.scenario.loading import load as load_scenario
from sim.scenario.schema import Scenario
from tests.benchmarks.two_percent import lindley

Floats = npt.NDArray[np.float64]

DAY_S, WEEK_DAYS, REPLICATIONS = 86_400.0, 7, 10
LOADS = (0.8, 0.9, 0.95, 1.05, 1.1, 1.3)
PLAYED_LOADS = (0.95, 1.05, 1.3)
MOST_LOAD_THAT_KEEPS_UP, LEAST_LOAD_THAT_DOES_NOT = 0.95, 1.05
FALSE_ALARMS_AT_MOST, FOUND_AT_LEAST = 0.02, 0.99
EVEN = (1.0,) * WEEK_DAYS
SHOP = (1.3, 1.1, 1.0, 1.0, 1.0, 0.7, 0.9)
"""Orders by weekday, Monday first; their mean is 1."""

WORKDAYS = EVERY_DAY[:5]


@dataclass(frozen=True)
class House:
    """A house that is a line of stations, of which one is the slowest.

    Parameters
    ----------
    name
        What is special about it.
    per_day
        Orders a day.
    warm_up_days, horizon_days
        Before and in the measured window.
    role
        Who is overloaded: pickers, or packers after pickers with a load of .8 of theirs.
    open_h
        Hours from 06:00 on that people are there, or 24.
    weekend
        Whether they come on Saturday and Sunday.
    weekdays
        Weight of the orders of each weekday.
    scv
        Squared coefficient of variation of the work time: 1 (exponential) or 0.
    """

    name: str
    per_day: float = 200.0
    warm_up_days: float = 7.0
    horizon_days: float = 28.0
    role: str = "pickers"
    open_h: int = 24
    weekend: bool = True
    weekdays: tuple[float, ...] = EVEN
    scv: float = 1.0

    @property
    def days(self) -> int:
        """Days of the run, warm-up and window."""
        return round(self.warm_up_days + self.horizon_days)

    @property
    def open_s_a_week(self) -> float:
        """Seconds a week that people are there."""
        return (WEEK_DAYS if self.weekend else len(WORKDAYS)) * self.open_h * 3600.0

    def work_s(self, load: float) -> float:
        """Return the mean seconds of work on an order that give the load exactly."""
        return load * self.open_s_a_week / (WEEK_DAYS * self.per_day)


HOUSES = (
    House("round the clock"),
    House("round the clock, work of one length", scv=0.0),
    House("packers after pickers", role="packers"),
    House("Monday to Friday, 16 h", open_h=16, weekend=False, weekdays=SHOP),
    House("the same, packers", open_h=16, weekend=False, weekdays=SHOP, role="packers"),
    House("the same, baseline's warm-up", warm_up_days=14.0, horizon_days=14.0, open_h=16,
          weekend=False, weekdays=SHOP),
    House("14 days", horizon_days=14.0, open_h=16, weekend=False, weekdays=SHOP),
    House("7 days", horizon_days=7.0, open_h=16, weekend=False, weekdays=SHOP),
    House("50 orders a day", per_day=50.0, open_h=16, weekend=False, weekdays=SHOP),
    House("50 orders a day, 14 days", per_day=50.0, horizon_days=14.0, open_h=16, weekend=False,
          weekdays=SHOP),
    House("1,000 orders a day", per_day=1000.0, open_h=16, weekend=False, weekdays=SHOP),
)  # fmt: skip
PLAYED_PER_DAY = 60.0
"""Orders a day of the houses that the simulator plays."""


def scenario_of(house: House, load: float, seed: int) -> Scenario:
    """Return the house as a planner would write it."""
    sections: dict[str, dict[str, Any]] = line_house(
        house.per_day, house.warm_up_days, {"pickers": 1, "packers": 1}
    )
    sections["run"] |= {"horizon_days": house.horizon_days, "seed": seed}
    sections["orders"]["weekday_profile"] = list(house.weekdays)
    shift = sections["staff"]["always"]
    if house.open_h < 24:
        shift |= {"start": "06:00", "end": f"{6 + house.open_h:02d}:00"}
    if not house.weekend:
        shift["days"] = WORKDAYS
    slowest_s = house.work_s(load)
    picks_s = slowest_s if house.role == "pickers" else 0.8 * slowest_s
    law = "deterministic" if house.scv == 0.0 else "exponential"
    key = "value" if house.scv == 0.0 else "mean"
    sections["picking"]["time_s"] = {"distribution": law, key: picks_s}
    packs_s = {"distribution": law, key: slowest_s} if house.role == "packers" else NOTHING
    sections["packing"]["time_s"] = packs_s
    return Scenario.model_validate({"name": "house", **sections})


def played(house: House, load: float, seed: int) -> str:
    """Return the verdict of ten replications that the simulator plays."""
    setting = prepare(scenario_of(house, load, seed), {})
    outcomes = [play_replication(setting, number) for number in range(REPLICATIONS)]
    return verdict_of(Run(load_scenario("baseline"), setting, outcomes)).verdict


def recursion(house: House, load: float, luck: np.random.Generator) -> str:
    """Return the verdict of ten replications by Lindley's recursion."""
    series = [one_by_recursion(house, load, luck) for _ in range(REPLICATIONS)]
    return kept_up(series, house.warm_up_days)[0]


def one_by_recursion(house: House, load: float, luck: np.random.Generator) -> InProcess:
    """Return the work in process of one replication by Lindley's recursion."""
    placed_s = arrivals_s(house, luck)
    clock = _OpenClock(house)
    came_s = clock.open_by(placed_s)
    stations = [1.0] if house.role == "pickers" else [0.8, 1.0]
    for factor in stations:
        work_s = np.full(len(came_s), factor * house.work_s(load))
        if house.scv:
            work_s = work_s * luck.standard_exponential(len(came_s))
        came_s = came_s + lindley(np.append(np.diff(came_s), 0.0), work_s) + work_s
    left_s = clock.time_of(came_s)
    edges_s = np.arange(house.days * STEPS_A_DAY + 1, dtype=np.float64) * STEP_S
    return InProcess(
        in_process(placed_s, left_s, edges_s), np.histogram(placed_s, edges_s)[0].astype(np.int64)
    )


def arrivals_s(house: House, luck: np.random.Generator) -> Floats:
    """Return Poisson arrivals in order, even over a day, by the weight of the weekday; Monday on.

    They end with the window: nothing that comes later changes what is in process before.
    """
    weights = np.array([house.weekdays[day % WEEK_DAYS] for day in range(house.days)])
    counts = luck.poisson(house.per_day * weights)
    found: Floats = np.sort(
        (np.repeat(np.arange(house.days), counts) + luck.random(int(counts.sum()))) * DAY_S
    )
    return found


class _OpenClock:
    """Time on a clock that stands still while nobody is there."""

    def __init__(self, house: House) -> None:
        days = 2 * house.days + 14  # at a load of 1.3 what is in line at the end still leaves
        first_h = 0 if house.open_h == 24 else 6
        works = [d for d in range(days) if house.weekend or d % WEEK_DAYS < len(WORKDAYS)]
        begins = (np.array(works) * 24.0 + first_h) * 3600.0
        self._edges_s = np.stack([begins, begins + house.open_h * 3600.0], axis=1).ravel()
        spans = np.diff(self._edges_s)
        spans[1::2] = 0.0
        self._open_s = np.concatenate([[0.0], np.cumsum(spans)])

    def open_by(self, time_s: Floats) -> Floats:
        """Return how long the house was open until then."""
        found: Floats = np.interp(time_s, self._edges_s, self._open_s)
        return found

    def time_of(self, open_s: Floats) -> Floats:
        """Return when the house has been open for so long."""
        after = np.searchsorted(self._open_s[1::2], open_s)
        found: Floats = self._edges_s[::2][after] + open_s - self._open_s[::2][after]
        return found


@dataclass(frozen=True)
class Line:
    """What runs of one house at one load were called."""

    house: House
    load: float
    said: Counter[str]

    @property
    def runs(self) -> int:
        """How many there were."""
        return sum(self.said.values())

    @property
    def holds(self) -> bool:
        """Whether the promise holds of those that were long enough to tell."""
        told = self.runs - self.said["too short"]
        if self.load <= MOST_LOAD_THAT_KEEPS_UP:
            return self.said["unstable"] <= FALSE_ALARMS_AT_MOST * self.runs
        return self.said["unstable"] >= FOUND_AT_LEAST * told

    def words(self) -> str:
        """Return the line of the table."""
        shares = (
            f"{100.0 * self.said[word] / self.runs:6.1f} %"
            for word in ("unstable", "keeps up", "too short")
        )
        house = f"{self.house.name:<36}{self.house.per_day:6.0f}{self.house.horizon_days:5.0f}"
        return f"{house}{self.load:6.2f}  {'  '.join(shares)}  {'' if self.holds else 'MISSED'}"


def table(
    houses: Sequence[House], runs: int, *, simulator: bool, seed: int, loads: Sequence[float]
) -> Iterator[Line]:
    """Yield the lines of the table."""
    for house in houses:
        for load in loads:
            luck = np.random.Generator(np.random.Philox(seed))
            said = Counter(
                played(house, load, seed + k) if simulator else recursion(house, load, luck)
                for k in range(runs)
            )
            yield Line(house, load, said)


def smaller(house: House) -> House:
    """Return the house with as many orders as the simulator plays in reasonable time."""
    return replace(house, per_day=min(house.per_day, PLAYED_PER_DAY))


def main() -> int:
    """Print both tables; exit code 1 if a promise is missed."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--runs", type=int, default=300, help="runs of the recursion by line")
    words.add_argument("--simulated", type=int, default=1, help="runs of the simulator by line")
    words.add_argument("--match", default="", help="only houses whose name contains this")
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    houses = [house for house in HOUSES if asked.match in house.name]
    missed = 0
    head = f"{'house':<36}{'a day':>6}{'days':>5}{'load':>6}  unstable  keeps up  too short\n"
    for simulator, runs in ((True, asked.simulated), (False, asked.runs)):
        if not runs:
            continue
        began = time.process_time()
        sys.stdout.write(f"{'simulator' if simulator else 'recursion'}, {runs} runs a line\n{head}")
        chosen = [smaller(h) for h in houses if h.per_day == 200.0] if simulator else houses
        loads = PLAYED_LOADS if simulator else LOADS
        for line in table(chosen, runs, simulator=simulator, seed=asked.seed, loads=loads):
            missed += not line.holds
            sys.stdout.write(f"{line.words()}\n")
            sys.stdout.flush()
        sys.stdout.write(f"CPU {time.process_time() - began:.0f} s\n\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
