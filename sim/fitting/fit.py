"""Everything that a history teaches, fitted at once."""

from __future__ import annotations

import datetime
import math
from calendar import monthrange
from dataclasses import dataclass

import numpy as np

from sim.fitting.buyers import BuyersFit, fit_buyers
from sim.fitting.counts import CountFit, fit_counts
from sim.fitting.popularity import PopularityFit, fit_popularity
from sim.fitting.returns import ReturnsFit, fit_returns
from sim.fitting.rhythm import Rhythm, fit_rhythm
from sim.orders.history import History
from sim.scenario.schema.laws import Gamma, Law, law_mean, law_variance
from sim.scenario.schema.scenario import Scenario

HOUSE_DAYS = 1.0
"""Days an order is taken to spend in the house where the history does not say so."""

MOST_CLAIMS = 0.9
"""Claims are at most this share of the returns seen."""


@dataclass(frozen=True)
class Period:
    """Whole days of a history: the first one, and how many."""

    first: datetime.date
    days: int


@dataclass(frozen=True)
class Baskets:
    """What orders are worth: mean in EUR (or the file's currency), and its standard error."""

    mean_eur: float
    error_eur: float
    priced: bool


@dataclass(frozen=True)
class Fit:
    """The laws of a history.

    Parameters
    ----------
    history
        What was fitted.
    rhythm, lines, units, popularity, buyers
        Laws of orders, lines of an order, units of a line, SKUs and customers.
    returns
        Rates and lag of returns; None where the file holds no return document.
    baskets
        Worth of orders.
    channels
        Orders by channel, in the order of the demand's channels.
    away_days
        Days between order and return document that a scenario plays elsewhere: house, way to the
        customer and way back; and their variance.
    period
        The last whole calendar month, else the whole history: what is played for comparison.
    returns_kept
        Part of the return rate that is no claim: what a scenario plays as sound goods sent back.
    """

    history: History
    rhythm: Rhythm
    lines: CountFit
    units: CountFit
    popularity: PopularityFit
    buyers: BuyersFit
    returns: ReturnsFit | None
    baskets: Baskets
    channels: tuple[int, ...]
    away_days: tuple[float, float]
    period: Period
    returns_kept: float


def fit_history(history: History, scenario: Scenario, *, priced: bool = True) -> Fit:
    """Fit every law to a history.

    Parameters
    ----------
    history
        As read.
    scenario
        Gives what no export says: how long parcels are under way, and the lag of returns where
        the history is too short for it.
    priced
        Whether the file holds prices.
    """
    demand = history.demand
    lines_of_order = np.diff(demand.first_line).astype(np.int64)
    away = _away_days(scenario)
    returns = None
    if history.returned.count:
        returns = fit_returns(history, _later(scenario.returns.lag_days, away))
    return Fit(
        history=history,
        rhythm=fit_rhythm(history),
        lines=fit_counts(lines_of_order),
        units=fit_counts(demand.units),
        popularity=fit_popularity(
            np.bincount(demand.sku, minlength=history.catalogue.count), lines_of_order
        ),
        buyers=fit_buyers(history),
        returns=returns,
        baskets=_baskets(history, priced=priced),
        channels=tuple(np.bincount(demand.channel, minlength=len(demand.channels)).tolist()),
        away_days=away,
        period=_period(history),
        returns_kept=kept_share(returns.rate, scenario) if returns else 1.0,
    )


def claimed_share(scenario: Scenario) -> float:
    """Return the share of the units that come back as claims, whatever the return rate of a SKU.

    Damaged lines and those picked wrong and missed at the packing check, times the share that is
    reported; of a wrong quantity or an omitted line only a surplus (one in two of the former)
    comes back.
    """
    picking, packing = scenario.picking, scenario.packing
    mix = picking.error_mix
    total = mix.wrong_item + mix.wrong_quantity + mix.omitted + mix.damaged
    back = (mix.wrong_item + mix.damaged + 0.5 * mix.wrong_quantity) / total if total else 0.0
    missed = picking.wrong_line_rate * (1.0 - packing.check_detects)
    return (missed * back + packing.damage_rate) * scenario.returns.error_claim_share


def kept_share(rate: float, scenario: Scenario) -> float:
    """Return the part of a return rate that is no claim: at least a tenth of it."""
    if rate <= 0.0:
        return 1.0
    return 1.0 - min(MOST_CLAIMS, claimed_share(scenario) / rate)


def _away_days(scenario: Scenario) -> tuple[float, float]:
    """Return mean and variance of house, transit (first service) and way back, days."""
    transit = next(iter(scenario.shipping.services.values())).transit_days
    back = scenario.returns.way_back_days
    mean = HOUSE_DAYS + law_mean(transit) + law_mean(back)
    return mean, law_variance(transit) + law_variance(back)


def _later(law: Law, away: tuple[float, float]) -> Law:
    """Return a gamma law of the lag from door to request, moved to order and document."""
    mean = law_mean(law) + away[0]
    spread = math.sqrt(law_variance(law) + away[1]) / mean
    return Gamma(distribution="gamma", mean=mean, cv=min(max(spread, 0.01), 20.0))


def _baskets(history: History, *, priced: bool) -> Baskets:
    demand = history.demand
    worth = demand.units.astype(np.float64) * demand.price_cents / 100.0
    orders = np.add.reduceat(worth, demand.first_line[:-1])
    error = float(orders.std(ddof=1)) / math.sqrt(len(orders)) if len(orders) > 1 else math.nan
    return Baskets(float(orders.mean()), error, priced)


def _period(history: History) -> Period:
    """Return the last calendar month that lies wholly inside the history, else all of it."""
    first = history.start_date
    after = first + datetime.timedelta(days=history.days)
    month = after.replace(day=1)
    begins = (month - datetime.timedelta(days=1)).replace(day=1)
    if begins >= first:
        return Period(begins, monthrange(begins.year, begins.month)[1])
    return Period(first, history.days)
