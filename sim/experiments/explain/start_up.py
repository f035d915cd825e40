"""What a run sees of work that comes late: returns, deliveries and top-ups after the start.

A run begins with nothing sold before, full faces and stock as the scenario says. Returns come a
return's delay after their orders; a SKU is bought, or its face topped up, only when its demand has
used up what lay between the levels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.engine.opening import levels, opening_units
from sim.engine.setting import Setting
from sim.orders.baskets import Baskets
from sim.orders.draws import draw
from sim.scenario.schema import Scenario
from sim.scenario.schema.suppliers import terms_of

Floats = npt.NDArray[np.float64]
DAY_H = 24.0
SAMPLE = 4096
MOST_KNOTS = 120
"""Points in time at which the renewals of all SKUs are counted; between them they are steady."""


@dataclass(frozen=True)
class ReturnDelays:
    """Hours from the door of the house to a return's work, a sample of each. Shape (SAMPLE,).

    ``asked_h`` and ``back_h`` of sound goods until the customer asks and until they are back;
    ``claimed_h`` and ``claim_back_h`` the same of goods that arrived wrong.
    """

    asked_h: Floats
    back_h: Floats
    claimed_h: Floats
    claim_back_h: Floats


def return_delays(setting: Setting, baskets: Baskets) -> ReturnDelays:
    """Draw delays of returns by the scenario's laws; the same ones each time.

    Requests after the last day that customers may ask count as never (infinite).
    """
    scenario, catalogue = setting.scenario, setting.catalogue
    rules, rng = scenario.returns, np.random.Generator(np.random.Philox(scenario.run.seed))
    services = list(scenario.shipping.services.values())
    transit = np.concatenate(
        [draw(each.transit_days, rng, SAMPLE // len(services) + 1) for each in services]
    )
    transit = rng.permutation(transit)[:SAMPLE]
    lag = draw(rules.lag_days, rng, SAMPLE)
    weights = catalogue.return_rate[baskets.sku].astype(np.float64)
    if weights.sum() > 0.0:
        lines = rng.choice(baskets.sku, SAMPLE, p=weights / weights.sum())
        for number, name in enumerate(catalogue.categories):
            section = scenario.items.categories.get(name)
            own = section.return_lag_days if section else None
            members = catalogue.category[lines] == number
            if own is not None and members.any():
                lag[members] = draw(own, rng, int(members.sum()))
    if rules.window_days is not None:
        lag[lag > rules.window_days] = np.inf
    way_back, claim = (
        draw(rules.way_back_days, rng, SAMPLE),
        draw(rules.claim_lag_days, rng, SAMPLE),
    )
    asked, claimed = transit + lag, transit + claim
    return ReturnDelays(
        asked * DAY_H, (asked + way_back) * DAY_H, claimed * DAY_H, (claimed + way_back) * DAY_H
    )


def spread_later(by_hour: Floats, delays_h: Floats) -> Floats:
    """Return what happens after a delay; what would happen after the end is left out.

    Parameters
    ----------
    by_hour
        What happens in each clock hour. Shape (hours,).
    delays_h
        A sample of the delay, hours, >= 0; infinite: it never happens. Its shape is its own.
    """
    hours = len(by_hour)
    inside = delays_h[delays_h < hours]
    shares = np.bincount(np.rint(inside).astype(np.int64)) / len(delays_h)
    if not len(shares):
        return np.zeros(hours)
    later: Floats = np.convolve(by_hour, shares)[:hours]
    return later


def renewals(
    mean: Floats, squares: Floats, first: Floats, each: Floats, days_of_demand: Floats
) -> Floats:
    """Return how often each SKU's demand has used up what lies between its levels by some time.

    Demand up to a time is nearly normal, with the mean and variance of a compound Poisson process;
    the k-th renewal has happened when it has reached first + k x each (k = 0, 1, ...).

    Parameters
    ----------
    mean, squares
        Mean and variance of a day's demand, units. Shape (skus,) each.
    first, each
        Units until the first renewal, and from one to the next, > 0. Shape (skus,) each; an
        infinite ``first``: the run begins anywhere in the cycle, so that renewals come evenly.
    days_of_demand
        Mean days of demand until each point in time, ascending from 0. Shape (times,).

    Returns
    -------
        Shape (skus, times).
    """
    from scipy.special import ndtr

    came = mean[:, None] * days_of_demand
    found: Floats = np.where(np.isinf(first)[:, None], came / each[:, None], 0.0)
    spread = np.sqrt(np.maximum(squares[:, None] * days_of_demand, 1e-12))
    bar = first.copy()
    last = came[:, -1] + 4.0 * spread[:, -1]
    while (open_ := np.flatnonzero(bar <= last)).size:
        # Half a unit: demand comes in whole ones.
        found[open_] += ndtr((came[open_] + 0.5 - bar[open_, None]) / spread[open_])
        bar[open_] += each[open_]
    return found


def knots_h(hours: int) -> Floats:
    """Return the points in time at which renewals are counted, hours from the start."""
    return np.linspace(0.0, hours, min(int(hours // DAY_H), MOST_KNOTS) + 1)


def by_hour_of(total_s: Floats, at_h: Floats, hours: int) -> Floats:
    """Return the seconds of each clock hour from the total seconds until some points in time."""
    seconds: Floats = np.diff(np.interp(np.arange(hours + 1), at_h, total_s))
    return seconds


def units_until_first_order(setting: Setting) -> Floats:
    """Return the units of demand until each SKU is first bought; infinite: anywhere in a cycle."""
    stock, at = setting.scenario.stock, levels(setting)
    drawn = stock.opening == "mid_cycle" and stock.opening_units is None
    if drawn and setting.catalogue.given is None:
        return np.full(len(at), np.inf)
    opening = np.array(opening_units(setting, at, 0), dtype=np.float64)
    point = np.array([level.point for level in at], dtype=np.float64)
    return np.maximum(1.0, opening - point)


def lead_times_h(scenario: Scenario) -> Floats:
    """Draw times from a reorder point reached to the dock, hours; the same ones each time."""
    rng = np.random.Generator(np.random.Philox(scenario.run.seed))
    stock = scenario.stock
    laws = [
        terms_of(stock, each).lead_time_days
        for each in scenario.suppliers.values()
        if each.use == "regular"
    ] or [stock.lead_time_days]
    drawn = np.concatenate([draw(law, rng, SAMPLE // len(laws)) for law in laws])
    if stock.review == "periodic":
        drawn = drawn + rng.random(len(drawn)) * stock.review_days
    hours: Floats = drawn * DAY_H
    return hours
