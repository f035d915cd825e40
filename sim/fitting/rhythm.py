"""When the orders of a history came: orders a day, hours of the week, months.

The days of a history are taken as Poisson counts with rate = level * weekday * month; the factors
of greatest likelihood are found by proportional fitting (Deming, Stephan 1940, Annals of
Mathematical Statistics 11, 427-444). Errors are widened by what the days scatter beyond Poisson
(quasi-likelihood; Wedderburn 1974, Biometrika 61, 439-447).
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.orders.history import History

Floats = npt.NDArray[np.float64]

DAY_S = 86_400.0
REJECT = 0.01
"""A simpler law is given up where its test says less than this chance."""
FEWEST_DAYS_OF_A_MONTH = 14
FEWEST_EXPECTED = 5.0
PASSES = 500


@dataclass(frozen=True)
class Test:
    """A test of a simpler law: statistic, degrees of freedom, chance of such a value or more."""

    statistic: float
    freedom: int
    chance: float

    @property
    def rejects(self) -> bool:
        """Whether the simpler law is given up."""
        return self.freedom > 0 and self.chance < REJECT


@dataclass(frozen=True)
class Rhythm:
    """Orders by hour, weekday and month.

    Parameters
    ----------
    orders, days
        How many orders on how many calendar days.
    per_day, per_day_error
        Mean orders a day where the month's factor is 1, and its standard error.
    hours, weekdays
        Relative weights of the hours of the day (24) and of Monday to Sunday (7).
    week
        Orders an hour of the week, from Monday 00:00, a week. Shape (168,).
    product
        Test of hours * weekdays against the hours of the week.
    months, month_errors, month_days
        Factors January to December, their standard errors and the days that were seen; a month
        seen on fewer than 14 days has factor 1 and error NaN.
    seasons
        Test of equal months (F law); freedom 0 with fewer than two months.
    dispersion
        Variance of the days' orders over that of a Poisson law, weekdays and months aside.
    scatter
        Pearson's test of Poisson days.
    day_cv
        Standard deviation / mean of a day's factor: what the days scatter beyond Poisson; 0 where
        the test rejects nothing.
    timed
        Whether the file knows the time of day.
    """

    orders: int
    days: int
    per_day: float
    per_day_error: float
    hours: Floats
    weekdays: Floats
    week: Floats
    product: Test
    months: Floats
    month_errors: Floats
    month_days: npt.NDArray[np.int64]
    seasons: Test
    dispersion: float
    scatter: Test
    day_cv: float
    timed: bool


def fit_rhythm(history: History) -> Rhythm:
    """Return the rhythm of a history with at least one order."""
    placed_s = history.demand.placed_s
    day = (placed_s // DAY_S).astype(np.int64)
    hour = ((placed_s % DAY_S) // 3600.0).astype(np.int64)
    dates = [history.start_date + datetime.timedelta(days=k) for k in range(history.days)]
    weekday_of = np.array([date.weekday() for date in dates])
    month_of = np.array([date.month - 1 for date in dates])
    a_day = np.bincount(day, minlength=history.days).astype(np.float64)
    table = np.zeros((7, 24))
    np.add.at(table, (weekday_of[day], hour), 1.0)
    seen = np.bincount(weekday_of, minlength=7)
    weekdays, months, level, expected = _levels(a_day, weekday_of, month_of)
    same_weekdays, _, same_level, flat = _levels(a_day, weekday_of, np.zeros_like(month_of))
    freedom = history.days - _known(weekday_of, a_day) - _known(month_of, a_day) + 1
    dispersion = _dispersion(a_day, expected, freedom)
    scatter, day_cv = _scatter(a_day, expected, freedom)
    seasons = _seasons(a_day, expected, flat, _known(month_of, a_day) - 1, freedom, dispersion)
    month_days = np.bincount(month_of, minlength=12)
    month_orders = np.bincount(month_of, a_day, 12)
    factors, errors = np.ones(12), np.full(12, np.nan)
    whole = (month_days >= FEWEST_DAYS_OF_A_MONTH) & (month_orders > 0.0)
    if seasons.rejects and whole.any():
        mean = float(months[whole].mean())
        factors[whole] = months[whole] / mean
        errors[whole] = factors[whole] * np.sqrt(dispersion / month_orders[whole])
        level *= mean
    else:
        weekdays, level = same_weekdays, same_level
    orders = len(placed_s)
    return Rhythm(
        orders=orders,
        days=history.days,
        per_day=level,
        per_day_error=level * math.sqrt(dispersion / orders),
        hours=table.sum(axis=0),
        weekdays=weekdays,
        week=(table / np.maximum(seen, 1)[:, np.newaxis]).reshape(-1),
        product=product_test(table),
        months=factors,
        month_errors=errors,
        month_days=month_days,
        seasons=seasons,
        dispersion=dispersion,
        scatter=scatter,
        day_cv=day_cv,
        timed=bool((placed_s % DAY_S > 0.0).any()),
    )


def _known(group: npt.NDArray[np.int64], a_day: Floats) -> int:
    """Return the groups of days that hold orders: those alone have a factor to be fitted."""
    return int(np.count_nonzero(np.bincount(group, a_day)))


def _levels(
    a_day: Floats, weekday: npt.NDArray[np.int64], month: npt.NDArray[np.int64]
) -> tuple[Floats, Floats, float, Floats]:
    """Return weekday factors (mean 1 over a week), month factors, level and each day's rate."""
    weekdays, months = np.ones(7), np.ones(12)
    for _ in range(PASSES):
        before = weekdays * 1.0
        weekdays = _factors(a_day, months[month], weekday, 7)
        months = _factors(a_day, weekdays[weekday], month, 12)
        if np.allclose(before, weekdays, rtol=1e-10, atol=0.0):
            break
    expected = weekdays[weekday] * months[month]
    seen = weekdays[np.unique(weekday)]
    scale = float(seen.mean())
    weekdays = weekdays / scale
    weekdays[~np.isin(np.arange(7), weekday)] = 1.0  # a weekday that never was: an ordinary one
    months = months * scale
    by_days = np.bincount(month, minlength=12)
    level = float((months * by_days).sum() / by_days.sum())
    return weekdays, months / level, level, expected


def _factors(a_day: Floats, rate: Floats, group: npt.NDArray[np.int64], count: int) -> Floats:
    total = np.bincount(group, rate, count)
    found = np.bincount(group, a_day, count)
    return np.divide(found, total, out=np.zeros(count), where=total > 0.0)


def _dispersion(a_day: Floats, expected: Floats, freedom: int) -> float:
    """Return Pearson's statistic over its degrees of freedom, at least 1."""
    if freedom < 1:
        return 1.0
    some = expected > 0.0
    squares = (a_day[some] - expected[some]) ** 2 / expected[some]
    return max(1.0, float(squares.sum()) / freedom)


def _scatter(a_day: Floats, expected: Floats, freedom: int) -> tuple[Test, float]:
    """Return the test of Poisson days, and the spread of a factor on each day's rate by moments.

    A day of rate m and factor variance v has variance m + v m^2 (mixed Poisson law), so v is
    estimated by (sum of squared deviations * n / freedom - sum of m) / sum of m^2.
    """
    from scipy.special import chdtrc

    if freedom < 1:
        return Test(0.0, 0, 1.0), 0.0
    rate = expected[expected > 0.0]
    squares = (a_day[expected > 0.0] - rate) ** 2
    statistic = float((squares / rate).sum())
    test = Test(statistic, freedom, float(chdtrc(freedom, statistic)))
    beyond = float(squares.sum()) * len(rate) / freedom - float(rate.sum())
    variance = max(0.0, beyond / float((rate**2).sum()))
    return test, math.sqrt(variance) if test.rejects else 0.0


def _deviance(a_day: Floats, expected: Floats) -> float:
    some = a_day > 0.0
    terms = a_day[some] * np.log(a_day[some] / expected[some])
    return 2.0 * float(terms.sum() - a_day.sum() + expected.sum())


def _seasons(
    a_day: Floats, full: Floats, flat: Floats, more: int, freedom: int, dispersion: float
) -> Test:
    from scipy.special import fdtrc

    if more < 1 or freedom < 1:
        return Test(0.0, 0, 1.0)
    gain = max(0.0, (_deviance(a_day, flat) - _deviance(a_day, full)) / more / dispersion)
    return Test(gain, more, float(fdtrc(more, freedom, gain)))


def product_test(table: Floats) -> Test:
    """Test whether the hours of the day are the same on every weekday.

    Pearson's test of independence on orders by weekday and hour; neighbouring hours are taken
    together until every cell expects five orders.

    Parameters
    ----------
    table
        Orders by weekday and hour, shape (7, 24).
    """
    from scipy.special import chdtrc

    rows = table[table.sum(axis=1) > 0.0]
    if len(rows) < 2:
        return Test(0.0, 0, 1.0)
    rarest = rows.sum(axis=1).min() / rows.sum()
    columns: list[Floats] = []
    open_hours = np.zeros(len(rows))
    for hour in range(24):
        open_hours = open_hours + rows[:, hour]
        if open_hours.sum() * rarest >= FEWEST_EXPECTED:
            columns.append(open_hours)
            open_hours = np.zeros(len(rows))
    if columns:
        columns[-1] = columns[-1] + open_hours
    if len(columns) < 2:
        return Test(0.0, 0, 1.0)
    cells = np.array(columns).T
    expected = cells.sum(axis=1, keepdims=True) * cells.sum(axis=0) / cells.sum()
    statistic = float(((cells - expected) ** 2 / expected).sum())
    freedom = (len(rows) - 1) * (len(columns) - 1)
    return Test(statistic, freedom, float(chdtrc(freedom, statistic)))
