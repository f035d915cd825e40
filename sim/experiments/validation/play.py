"""Plays a case as often and as long as its intervals need, and judges it.

A pilot of short replications says how much the figures scatter; from that the length and number of
the replications follow. The pilot's own numbers are thrown away. If an interval is still too wide,
replications are added, until all are narrow or the budget of orders is used up. Only widths are
looked at on the way, never whether a mean fits: the verdict is made once, at the end.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from statistics import fmean, stdev

import numpy as np

from sim.engine.model import play
from sim.engine.setting import Setting, prepare
from sim.errors import BalanceError, Problem, ScenarioError
from sim.experiments.lasting_pool import LastingPool
from sim.experiments.replication import window_of
from sim.experiments.supervisor import supervised
from sim.experiments.validation.kinds import system
from sim.experiments.validation.system import Case, NotInScenarios, Played, Row, System
from sim.experiments.validation.verdict import LEAST_REPLICATIONS, Figure, allowed_half_width, judge
from sim.experiments.workers import Processes
from sim.kpis import Tables, balance
from sim.kpis.account import Account
from sim.kpis.estimates import estimate
from sim.kpis.registry import kpis_of
from sim.log.event_log import Chunk, join
from sim.log.facts import Fact
from sim.orders.generated import generate_demand, order_book
from sim.scenario.schema import Scenario

PILOT_REPLICATIONS = 10
REPLICATIONS = 20
PART_AT_FIRST = 0.6
"""Of what the pilot says is needed: its scatter is an estimate, and more can be added later."""
MOST_SCATTER = 0.2
"""Standard deviation of a figure over replications / its value, at most. A positive figure that
scatters like a gamma law has twice that skewness; at 0.4 a verdict of ten or twenty replications
raises 1.4 false alarms in a thousand in place of one, at 1 more than three."""
SHARES = ("p_", "fill_rate", "util", "availability", "order_accuracy", "line_accuracy")
"""How the metrics that are shares begin."""
LONGEST_ORDERS = 100_000
"""Orders of one replication; beyond, more replications are played instead of longer ones."""
LONGEST_DAYS = 3_660.0
"""Measured days of a run, at most."""
BUDGET_ORDERS = 30_000_000
"""Orders of all replications of a case."""

Values = dict[str, float]


@dataclass(frozen=True)
class Plan:
    """What is played.

    Parameters
    ----------
    case
        The case, with only those figures that a scenario shows.
    measured_days
        Measured days of a replication.
    seed
        Seed of its scenario.
    """

    case: Case
    measured_days: float
    seed: int


@dataclass(frozen=True)
class Replication:
    """What one replication showed: orders played (breakdowns too), and each figure."""

    orders: int
    values: Values


Spread = Callable[[Plan, Sequence[int]], list[Replication]]


def seed_of(name: str) -> int:
    """Return the seed of a case, by its name alone.

    >>> seed_of("V01") == seed_of("V01"), seed_of("V01") == seed_of("V02")
    (True, False)
    """
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


def validate(
    cases: Sequence[Case],
    *,
    quick: bool = False,
    jobs: int = 1,
    budget_orders: int = BUDGET_ORDERS,
    done: Callable[[Sequence[Figure]], None] | None = None,
) -> list[Figure]:
    """Play cases and judge each of their figures.

    Parameters
    ----------
    cases
        What is played.
    quick
        Twice the half-widths are allowed: a quarter of the work.
    jobs
        Processes, >= 1; no number depends on it.
    budget_orders
        Most orders of all replications of a case; beyond, its intervals stay wide.
    done
        Called with the figures of each case as it is judged.

    Raises
    ------
    ValueError
        The params of a case are not those of its kind.
    BalanceError
        A replication's accounts do not add up: a bug of the model.
    WorkerDied
        A replication ended its process three times.
    """
    figures: list[Figure] = []
    with _spread(jobs) as spread:
        for case in cases:
            found = figures_of(case, spread, quick=quick, budget_orders=budget_orders)
            figures += found
            if done is not None:
                done(found)
    return figures


def figures_of(
    case: Case, spread: Spread, *, quick: bool = False, budget_orders: int = BUDGET_ORDERS
) -> list[Figure]:
    """Play a case and judge its figures; those that no scenario shows say why."""
    rows, refused = playable(case)
    values: dict[str, list[float]] = {}
    if rows:
        values = _played(replace(case, rows=rows), spread, quick, budget_orders)
    for metric, found in values.items():
        if not all(map(math.isfinite, found)):
            refused[metric] = f"{metric} is not defined in every replication"
    return [
        Figure(case.name, row, "not in scenarios", None, allowed_half_width(row, quick=quick), why)
        if (why := refused.get(row.metric))
        else judge(case.name, row, values[row.metric], quick=quick)
        for row in case.rows
    ]


def check_params(cases: Sequence[Case], file: str) -> None:
    """Refuse cases whose params are not those of their kind, before anything is played.

    Raises
    ------
    ScenarioError
        With every such case; ``file`` is where they stand.
    """
    problems = []
    for case in cases:
        try:
            rows, _ = playable(case)
            if rows:
                made = system(replace(case, rows=rows))
                scenario_of(Plan(case, made.pilot_days, 0), made)
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            said = f"no {fault}" if isinstance(fault, KeyError) else str(fault).replace("\n", " ")
            problems.append(
                Problem(
                    file, 0, 0, f"{case.name}.params", f"found {said}",
                    f"expected the params of a {case.kind}", "docs/validation.md lists them",
                )
            )  # fmt: skip
    if problems:
        raise ScenarioError(problems)


def playable(case: Case) -> tuple[tuple[Row, ...], dict[str, str]]:
    """Return the figures that a scenario shows, and why for the metrics of all others.

    Raises
    ------
    ValueError
        The params are not those of the kind.
    """
    rows: list[Row] = []
    refused: dict[str, str] = {}
    for row in case.rows:
        try:
            made = system(replace(case, rows=(row,)))
        except NotInScenarios as words:
            refused[row.metric] = str(words)
            continue
        if row.metric in made.measures:
            rows.append(row)
        else:
            refused[row.metric] = f"the metric {row.metric} of a {case.kind}"
    return tuple(rows), refused


def _played(case: Case, spread: Spread, quick: bool, budget: int) -> dict[str, list[float]]:
    """Play until every interval is narrow or the budget is used up; return each figure's values."""
    made = system(case)
    pilot_days = float(made.sections.get("run", {}).get("horizon_days", made.pilot_days))
    pilot = spread(
        Plan(case, pilot_days, seed_of(f"{case.name}, pilot")), range(PILOT_REPLICATIONS)
    )
    times, count = _lengths(case, made, pilot, pilot_days, quick, budget)
    plan = Plan(case, times * pilot_days, seed_of(case.name))
    found: list[Replication] = []
    while True:
        found += spread(plan, range(len(found), count))
        values = {row.metric: [each.values[row.metric] for each in found] for row in case.rows}
        more = _more_needed(case, values, quick)
        an_order = sum(each.orders for each in found) / len(found)
        if more <= 0 or an_order * len(found) >= budget:
            return values
        affordable = math.ceil((budget - an_order * len(found)) / max(an_order, 1.0))
        count = len(found) + max(1, min(more, affordable))


def _lengths(
    case: Case,
    made: System,
    pilot: Sequence[Replication],
    pilot_days: float,
    quick: bool,
    budget: int,
) -> tuple[int, int]:
    """Return how many times as long as the pilot's replications are, and how many of them.

    Where the window belongs to the case, only more replications help.
    """
    needed = 1.0
    for row in case.rows:
        sample = [each.values[row.metric] for each in pilot]
        needed = max(needed, PART_AT_FIRST * _times_too_wide(row, sample, quick) ** 2)
    orders = max(1, *(each.orders for each in pilot))
    # of the pilot's length; the budget leaves at least as many as a verdict needs
    replications = max(float(LEAST_REPLICATIONS), min(PILOT_REPLICATIONS * needed, budget / orders))
    least = min(REPLICATIONS, math.ceil(replications))
    if made.fixed_window:
        return 1, max(least, math.ceil(replications))
    longest = min(LONGEST_ORDERS, budget // LEAST_REPLICATIONS) // orders
    longest = max(1, min(longest, int(LONGEST_DAYS // pilot_days)))
    times = max(math.ceil(replications / REPLICATIONS), times_longer(case.rows, pilot))
    times = min(longest, times)
    return times, max(least, math.ceil(replications / times))


def times_longer(rows: Sequence[Row], pilot: Sequence[Replication]) -> int:
    """Return how many times as long replications must be so that no figure scatters too much.

    The verdict takes the mean of a few replications to be near normal, which means of skewed
    figures are not; longer replications scatter less and are less skewed. A share counts by what is
    rarer, it or the rest; of that so much must be in a replication as a Poisson count needs, even
    where the pilot saw none of it.

    Parameters
    ----------
    rows
        The figures; those that are expected to be 0 do not count.
    pilot
        At least two replications.
    """
    orders = max(1.0, fmean(each.orders for each in pilot))
    scatter = 0.0
    for row in rows:
        size, spread = abs(row.expected), stdev(each.values[row.metric] for each in pilot)
        if not size or not math.isfinite(spread):
            continue
        if row.metric.startswith(SHARES) and 0.0 < row.expected < 1.0:
            size = min(row.expected, 1.0 - row.expected)
            scatter = max(scatter, 1.0 / math.sqrt(size * orders))
        scatter = max(scatter, spread / size)
    return max(1, math.ceil((scatter / MOST_SCATTER) ** 2))


def _times_too_wide(row: Row, sample: Sequence[float], quick: bool) -> float:
    """Return an interval's half-width over the allowed one; 1 if that cannot be said."""
    found = estimate(sample)
    allowed = allowed_half_width(row, quick=quick)
    if found is None or found.half_width is None or not math.isfinite(found.half_width):
        return 1.0
    return found.half_width / allowed if allowed > 0.0 else 1.0


def _more_needed(case: Case, values: dict[str, list[float]], quick: bool) -> int:
    """Return how many replications more make the widest interval narrow; 0 if none is wide."""
    widest = max(_times_too_wide(row, values[row.metric], quick) for row in case.rows)
    if widest <= 1.0:
        return 0
    so_far = len(next(iter(values.values())))
    return math.ceil(so_far * (1.1 * widest**2 - 1.0))


@contextmanager
def _spread(jobs: int) -> Iterator[Spread]:
    """Give what plays replications: here, or over processes; in the order asked for."""
    if jobs <= 1:
        yield lambda plan, numbers: [replication(plan, number) for number in numbers]
        return
    pool = LastingPool(partial(Processes, jobs))
    ended_well = False

    def spread(plan: Plan, numbers: Sequence[int]) -> list[Replication]:
        def submit(executor: Executor, number: int) -> Future[tuple[int, Replication]]:
            return executor.submit(_numbered, plan, number)

        found = dict(supervised(numbers, submit, pool.executor, workers=jobs))
        return [found[number] for number in numbers]

    try:
        yield spread
        ended_well = True
    finally:
        pool.end(at_once=not ended_well)


def _numbered(plan: Plan, number: int) -> tuple[int, Replication]:
    return number, replication(plan, number)


_prepared: list[tuple[Plan, System, Setting]] = []
"""The plan in hand with what was made of it; one a process."""


def _prepare(plan: Plan) -> tuple[System, Setting]:
    if not _prepared or _prepared[0][0] != plan:
        made = system(plan.case)
        _prepared[:] = [(plan, made, prepare(scenario_of(plan, made), {}))]
    return _prepared[0][1:]


def scenario_of(plan: Plan, made: System) -> Scenario:
    """Return the scenario of a plan, checked."""
    sections = dict(made.sections)
    sections["run"] = {
        **sections.get("run", {}),
        "horizon_days": plan.measured_days,
        "seed": plan.seed,
    }
    return Scenario.model_validate({"name": "validation", **sections})


def replication(plan: Plan, number: int) -> Replication:
    """Play one replication of a plan.

    Raises
    ------
    BalanceError
        Its accounts do not add up.
    """
    made, setting = _prepare(plan)
    played = play_once(setting, number)
    values = {row.metric: float(made.measures[row.metric](played)) for row in plan.case.rows}
    breakdowns = np.count_nonzero(played.log.fact == Fact.BROKE_DOWN)
    return Replication(len(played.book.demand.placed_s) + int(breakdowns), values)


def play_once(setting: Setting, number: int) -> Played:
    """Play one replication of a scenario and keep all of it.

    Raises
    ------
    BalanceError
        Its accounts do not add up.
    """
    scenario, catalogue = setting.scenario, setting.catalogue
    demand = setting.demand or generate_demand(scenario, catalogue, number)
    tables = Tables(demand, catalogue, window_of(setting))
    book = order_book(scenario, catalogue, number, demand)
    chunks: list[Chunk] = []
    play(setting, number, (tables.add, chunks.append), book=book)
    accounts = balance(tables)
    if not accounts.holds:
        raise BalanceError(f"replication {number}: {accounts.line()}")
    kpis = kpis_of(Account(tables, scenario))
    return Played(setting, book, join(chunks), tables, kpis)
