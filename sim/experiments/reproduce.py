"""Does the simulation reproduce last month? The fitted scenario beside the history itself.

The scenario is played over the history's own days, several times. Each figure of the real days is
one draw; it should lie within the interval that holds 95 % of single plays,
mean ± t * s * sqrt(1 + 1 / n) (prediction interval of a normal sample; Hahn, Meeker 1991).
"""

from __future__ import annotations

import datetime
import math
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.engine.model import play
from sim.engine.setting import prepare
from sim.errors import Problem, ScenarioError
from sim.fitting.figures import shown_number
from sim.fitting.fit import Fit, Period
from sim.fitting.importing import Imported, write_files
from sim.fitting.page import marked
from sim.kpis import Tables, Window
from sim.kpis.account import Account
from sim.kpis.estimates import mean_and_sd, t_quantile
from sim.kpis.returns import cohort_returns
from sim.orders.book import Demand
from sim.orders.generated import order_book
from sim.orders.history import History
from sim.scenario.loading import LoadedScenario, load

DAY_S = 86_400.0
FEWEST_REPLICATIONS = 2
BESIDE = "fitted"
MEASURES = {
    "orders a day": "orders",
    "orders of a day, standard deviation": "orders",
    "lines of an order, mean": "lines",
    "lines of an order, median": "lines",
    "units of a line, mean": "units",
    "units a day": "units",
    "worth of an order, mean": "EUR",
    "share of the busiest hour": "of orders",
    "units back in the period / units sold": "of units",
    "orders of a customer who bought": "orders",
    "customers who came back": "of customers",
    "SKUs sold": "SKUs",
}


@dataclass(frozen=True)
class Reproduced:
    """One figure of the real days beside the simulated ones.

    Parameters
    ----------
    name, unit
        What it is.
    real
        In the history; None where it is not defined there.
    mean, low, high
        Mean of the replications and the interval of a single play; None where not defined.
    inside
        Whether the real figure lies in the interval; None where one of both is missing.
    """

    name: str
    unit: str
    real: float | None
    mean: float | None
    low: float | None
    high: float | None
    inside: bool | None


@dataclass(frozen=True)
class Reproduction:
    """All figures of a period.

    Parameters
    ----------
    period
        The days played.
    replications
        How often they were played.
    rows
        The figures.
    """

    period: Period
    replications: int
    rows: tuple[Reproduced, ...]

    def lines(self) -> list[str]:
        """Return the table for a terminal."""
        text = [
            f"{self._days()}, {self.replications} replications",
            f"  {'':<38} {'history':>10}  {'simulated':>10}  [95 % of plays]  the history lies",
        ]
        for row in self.rows:
            verdict = {True: "inside", False: "OUTSIDE", None: "-"}[row.inside]
            text.append(
                f"  {row.name:<38} {_shown(row.real):>10}  {_shown(row.mean):>10}  "
                f"[{_shown(row.low)} to {_shown(row.high)}]  {verdict}"
            )
        return text

    def markdown(self) -> list[str]:
        """Return the section of a page."""
        return [
            "## Does the simulation reproduce the history?",
            "",
            f"{self._days()}, played {self.replications} times with the laws above.",
            "The interval holds 95 % of single plays; the real days are one draw.",
            "",
            "| figure | history | simulated, mean | 95 % of plays | the history lies |",
            "|---|---|---|---|---|",
            *(
                f"| {marked(row.name)} | {_shown(row.real)} | {_shown(row.mean)} | "
                f"{_shown(row.low)} to {_shown(row.high)} | "
                f"{ {True: 'inside', False: '**outside**', None: 'open'}[row.inside] } |"
                for row in self.rows
            ),
        ]

    def as_dict(self) -> dict[str, object]:
        """Return everything in types that JSON knows."""
        return {
            "first_day": self.period.first.isoformat(),
            "days": self.period.days,
            "replications": self.replications,
            "figures": [asdict(row) for row in self.rows],
        }

    def _days(self) -> str:
        last = self.period.first + datetime.timedelta(days=self.period.days - 1)
        return f"{self.period.first} to {last} ({self.period.days} days)"


def reproduce(
    fit: Fit,
    fitted: LoadedScenario,
    *,
    period: Period | None = None,
    replications: int = 10,
    done: Callable[[int], None] | None = None,
) -> Reproduction:
    """Play a fitted scenario over days of its history and compare.

    Parameters
    ----------
    fit
        The fitted history.
    fitted
        Its scenario, loaded from the written file.
    period
        Days of the history; default: its last whole calendar month, else all of it.
    replications
        Plays, at least 2.
    done
        Called with 1 after each.

    Raises
    ------
    ScenarioError
        A file of the scenario cannot be used, or the period lies outside the history.
    """
    period = period or fit.period
    history = fit.history
    offset = (period.first - history.start_date).days
    if offset < 0 or period.days < 1 or offset + period.days > history.days:
        last = history.start_date + datetime.timedelta(days=history.days - 1)
        found = f"found {period.days} days from {period.first}"
        expected = f"expected days of the history, {history.start_date} to {last}"
        raise ScenarioError([Problem(history.report.file, 0, 0, "period", found, expected)])
    demand = _cut(history, offset, period.days)
    hour = busiest_hour(demand)
    real = _measures(demand, period.days, hour, _real_rate(fit, offset, period.days))
    settings = [
        f"run.start_date={period.first.isoformat()}", f"run.horizon_days={period.days}",
        "run.warm_up_days=0", "run.cool_down_days=0", "run.follow_up_days=0",
    ]  # fmt: skip
    played = load(fitted.file, settings=settings)
    plays = []
    for number in range(max(FEWEST_REPLICATIONS, replications)):
        plays.append(_play(played, number, period.days, hour))
        if done is not None:
            done(1)
    rows = tuple(
        _row(name, unit, real[name], [each[name] for each in plays])
        for name, unit in MEASURES.items()
    )
    return Reproduction(period, len(plays), rows)


def reproduce_imported(
    imported: Imported,
    *,
    period: Period | None = None,
    replications: int = 10,
    done: Callable[[int], None] | None = None,
) -> Reproduction:
    """Do the same for a history whose scenario has not been written: a folder comes and goes."""
    with tempfile.TemporaryDirectory() as folder:
        write_files(Path(folder), imported.files(BESIDE), imported.data_files, force=False)
        fitted = load(Path(folder) / f"{BESIDE}.yaml")
        return reproduce(imported.fit, fitted, period=period, replications=replications, done=done)


def busiest_hour(demand: Demand) -> int:
    """Return the hour of the day, 0 to 23, in which most orders were placed."""
    hours = (demand.placed_s % DAY_S // 3600.0).astype(np.int64)
    return int(np.bincount(hours, minlength=24).argmax())


def _play(played: LoadedScenario, number: int, days: int, hour: int) -> dict[str, float | None]:
    """Play once; returns count if they were received within the days, as in the history."""
    setting = prepare(played.scenario, played.external_files, played.file.name)
    book = order_book(setting.scenario, setting.catalogue, number)
    tables = Tables(book.demand, setting.catalogue, Window(0.0, days * DAY_S))
    play(setting, number, (tables.add,), book=book)
    account = Account(tables, setting.scenario)
    orders = account.cohort.astype(np.int64)
    returned = tables.returns
    mine = cohort_returns(account) & (returned["received_s"] < days * DAY_S)
    sold = int(np.add.reduceat(book.demand.units, book.demand.first_line[:-1])[orders].sum())
    back = float(returned["received_units"][mine].sum())
    return _measures(_chosen(book.demand, orders), days, hour, back / sold if sold else None)


def _cut(history: History, offset: int, days: int) -> Demand:
    placed_s = history.demand.placed_s
    inside = (placed_s >= offset * DAY_S) & (placed_s < (offset + days) * DAY_S)
    return _chosen(history.demand, np.flatnonzero(inside))


def _chosen(demand: Demand, orders: npt.NDArray[np.int64]) -> Demand:
    """Return the demand of some orders alone."""
    starts, ends = demand.first_line[orders], demand.first_line[orders + 1]
    lengths = ends - starts
    first_line = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    line = np.repeat(starts - first_line[:-1], lengths) + np.arange(int(first_line[-1]))
    return Demand(
        placed_s=demand.placed_s[orders],
        channel=demand.channel[orders],
        customer=demand.customer[orders],
        first_line=first_line,
        sku=demand.sku[line],
        units=demand.units[line],
        price_cents=demand.price_cents[line],
        channels=demand.channels,
        customers=demand.customers,
    )


def _real_rate(fit: Fit, offset: int, days: int) -> float | None:
    """Return units sold and back within the days / units sold in them, cancelled lines left out."""
    if fit.returns is None:
        return None
    demand, matched = fit.history.demand, fit.returns.matched
    placed_s = np.repeat(demand.placed_s, np.diff(demand.first_line))
    counts = (placed_s >= offset * DAY_S) & (placed_s < (offset + days) * DAY_S)
    counts[fit.returns.cancelled] = False
    back_s = placed_s[matched.line] + matched.lag_days * DAY_S
    mine = counts[matched.line] & (back_s < (offset + days) * DAY_S)
    sold = int(demand.units[counts].sum())
    return float(matched.units[mine].sum()) / sold if sold else None


def _measures(demand: Demand, days: int, hour: int, rate: float | None) -> dict[str, float | None]:
    """Return every figure; a demand without orders has none but 0 orders a day."""
    if demand.orders == 0:
        return dict.fromkeys(MEASURES, None) | {"orders a day": 0.0, "units a day": 0.0}
    lengths = np.diff(demand.first_line)
    hours = (demand.placed_s % DAY_S // 3600.0).astype(np.int64)
    day = (demand.placed_s // DAY_S).astype(np.int64)
    a_day = np.bincount(day - int(day[0]), minlength=days)
    worth = demand.units.astype(np.float64) @ demand.price_cents.astype(np.float64) / 100.0
    known = demand.customer[demand.customer >= 0]
    _, counts = np.unique(known, return_counts=True)
    return {
        "orders a day": demand.orders / days,
        "orders of a day, standard deviation": float(a_day.std()),
        "lines of an order, mean": float(lengths.mean()),
        "lines of an order, median": float(np.median(lengths)),
        "units of a line, mean": float(demand.units.mean()),
        "units a day": float(demand.units.sum()) / days,
        "worth of an order, mean": float(worth) / demand.orders,
        "share of the busiest hour": float(np.mean(hours == hour)),
        "units back in the period / units sold": rate,
        "orders of a customer who bought": float(counts.mean()) if len(counts) else None,
        "customers who came back": float(np.mean(counts > 1)) if len(counts) else None,
        "SKUs sold": float(len(np.unique(demand.sku))),
    }


def _row(name: str, unit: str, real: float | None, plays: Sequence[float | None]) -> Reproduced:
    known = [value for value in plays if value is not None]
    if len(known) < FEWEST_REPLICATIONS:
        return Reproduced(name, unit, real, None, None, None, None)
    mean, deviation = mean_and_sd(known)
    n = len(known)
    half = t_quantile(0.975, n - 1) * (deviation or 0.0) * math.sqrt(1.0 + 1.0 / n)
    inside = None if real is None else mean - half <= real <= mean + half
    return Reproduced(name, unit, real, mean, mean - half, mean + half, inside)


def _shown(value: float | None) -> str:
    return "-" if value is None else shown_number(value)
