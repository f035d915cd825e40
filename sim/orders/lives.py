"""Customers who come, buy and drop out: the BG/NBD law, with all its luck in the book.

Fader, Hardie, Lee (2005), Marketing Science 24(2), section 2: while alive, a customer buys as a
Poisson process with a rate from a gamma law (r, alpha), and drops out after each order but the
first one with a chance from a beta law (a, b).

A customer's life is drawn as if no order ever went badly. Bad experience only takes orders away,
so this is the most that the run can need, and no order beyond it is drawn. An order that is due and
not placed was bought elsewhere: the customer may drop out after it as after any other.

Rates are rates of a clock that runs with the demand of the shop: fast in the evening, in December
and in a promotion, a second a second in the mean of a week (the operational time of the arrival
process; Cinlar 1975). So orders keep the rhythm of the week, and the long-run rate is the
customer's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.orders.arrivals import cumulated_rate
from sim.orders.streams import stream
from sim.scenario.schema.customers import CustomersSection
from sim.scenario.schema.scenario import Scenario

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAY_S = 86_400.0
WEEK_DAYS = 7.0
FOR_EVER = 1 << 40
"""Orders of a customer who never drops out."""
JUST_BEFORE = -1e-9
"""Days from the first order of a customer who comes with the start, which is not in the book."""


@dataclass(frozen=True)
class Lives:
    """What customers do if all goes well.

    Parameters
    ----------
    placed_s
        Due orders, ascending, seconds from the start. Shape (n,).
    channel
        Number of the channel. Shape (n,).
    customer
        Customer 0..m-1: those of the opening, then the new ones by their first order. Shape (n,).
    last
        The customer drops out after this order. Shape (n,).
    acquired_s
        First order of each customer, < 0 before the start. Shape (m,).
    """

    placed_s: Floats
    channel: npt.NDArray[np.int8]
    customer: npt.NDArray[np.int32]
    last: npt.NDArray[np.bool_]
    acquired_s: Floats


class ShopClock:
    """The clock that runs with the shop's demand, in days; one a day in the mean of a week."""

    def __init__(self, scenario: Scenario) -> None:
        each = [cumulated_rate(scenario, name) for name in scenario.orders.channels]
        self._knots_s = np.unique(np.concatenate([knots_s for knots_s, _ in each]))
        expected = np.array([np.interp(self._knots_s, *curve) for curve in each])
        total = expected.sum(axis=0)
        self._days = total / scenario.orders.per_day
        shares = np.cumsum(np.diff(expected), axis=0)
        self._shares = shares / np.where(shares[-1] > 0.0, shares[-1], 1.0)

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return len(self._shares)

    @property
    def end_days(self) -> float:
        """What it shows when the last order may be placed."""
        return float(self._days[-1])

    def at(self, time_s: float) -> float:
        """Return what it shows at a time."""
        return float(np.interp(time_s, self._knots_s, self._days))

    def time_s(self, days: Floats) -> Floats:
        """Return when it shows some days; before the start a day has 86,400 s."""
        time_s: Floats = np.interp(days, self._days, self._knots_s)
        return np.where(days < 0.0, days * DAY_S, time_s)

    def channel(self, time_s: Floats, uniforms: Floats) -> npt.NDArray[np.int8]:
        """Return the channel of orders at some times, in proportion to the rates at that hour."""
        hour = np.searchsorted(self._knots_s, time_s, side="right") - 1
        shares = self._shares[:, np.minimum(hour, self._shares.shape[1] - 1)]
        number: npt.NDArray[np.int8] = (uniforms >= shares[:-1]).sum(axis=0, dtype=np.int8)
        return number


def draw_lives(scenario: Scenario, replication: int) -> Lives:
    """Return the lives of all customers of a replication.

    Parameters
    ----------
    scenario
        With ``customers.law: bg_nbd``.
    replication
        Number of the replication from 0.
    """
    clock = ShopClock(scenario)
    opening = _opening(scenario, replication)
    new = _new(scenario, replication, clock)
    first_u = stream(scenario.run.seed, "customers/new/channel", replication).random(len(new))
    first = _Orders(new, np.arange(len(new)), np.zeros(len(new), dtype=np.bool_), first_u)
    old = _repeats(scenario, replication, "opening", opening, clock)
    again = _repeats(scenario, replication, "new", new, clock)
    days = np.concatenate([old.days, first.days, again.days])
    of_new = np.concatenate([first.customer, again.customer])
    customer = np.concatenate([old.customer, len(opening) + of_new]).astype(np.int32)
    last = np.concatenate([old.last, first.last, again.last])
    channel_u = np.concatenate([old.channel_u, first.channel_u, again.channel_u])
    by_time = np.argsort(days, kind="stable")
    placed_s = clock.time_s(days[by_time])
    acquired_s = clock.time_s(np.concatenate([opening, new]))
    return Lives(
        placed_s=placed_s,
        channel=clock.channel(placed_s, channel_u[by_time]),
        customer=customer[by_time],
        last=last[by_time],
        acquired_s=acquired_s,
    )


def _opening(scenario: Scenario, replication: int) -> Floats:
    """Return when the opening customers placed their first order, days (< 0) of the shop clock."""
    customers = scenario.customers
    rng = stream(scenario.run.seed, "customers/opening/age", replication)
    ages = rng.random(customers.opening_customers) * customers.opening_age_weeks
    return np.minimum(-ages * WEEK_DAYS, JUST_BEFORE)


def _new(scenario: Scenario, replication: int, clock: ShopClock) -> Floats:
    """Return when the new customers place their first order, ascending, days of the shop clock."""
    customers, seed = scenario.customers, scenario.run.seed
    until = clock.end_days
    if customers.new_days is not None:
        until = min(until, clock.at(customers.new_days * DAY_S))
    mean = customers.new_per_day * until
    count = int(stream(seed, "customers/new/count", replication).poisson(mean))
    places = stream(seed, "customers/new/first-order", replication).random(count)
    places.sort()
    days: Floats = places * until
    return days


@dataclass(frozen=True)
class _Orders:
    """Orders within the run: days of the shop clock, customer of the group, last, channel luck."""

    days: Floats
    customer: Integers
    last: npt.NDArray[np.bool_]
    channel_u: Floats


def _repeats(
    scenario: Scenario, replication: int, group: str, first: Floats, clock: ShopClock
) -> _Orders:
    """Let a group of customers buy, round by round, until all have dropped out or the run ends.

    Round k holds the k-th repeat order of each customer who is still there; element i of its
    streams belongs to customer i.
    """

    def column(purpose: str) -> np.random.Generator:
        return stream(scenario.run.seed, f"customers/{group}/{purpose}", replication)

    count = len(first)
    wait_days = _mean_wait_days(scenario.customers, count, column)
    lifetime = _lifetimes(scenario.customers, count, column)
    rounds: list[tuple[Floats, Integers, npt.NDArray[np.bool_], Floats]] = []
    there, now, number = np.arange(count), first, 0
    while len(there):
        number += 1
        reach = int(there[-1]) + 1
        gaps = column(f"gap/{number}").standard_exponential(reach)[there]
        now = now + gaps * wait_days[there]
        played = now < clock.end_days
        there, now = there[played], now[played]
        channel_u = np.zeros(len(there))
        if clock.channels > 1:
            channel_u = column(f"channel/{number}").random(reach)[there]
        last = lifetime[there] == number
        rounds.append((now, there, last, channel_u))
        there, now = there[~last], now[~last]
    if not rounds:
        rounds = [(np.empty(0), np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0))]
    days, customer, last, channel_u = (np.concatenate(part) for part in zip(*rounds, strict=True))
    inside = days >= 0.0
    return _Orders(days[inside], customer[inside], last[inside], channel_u[inside])


def _mean_wait_days(
    customers: CustomersSection, count: int, column: Callable[[str], np.random.Generator]
) -> Floats:
    """Return the mean days between two orders of each customer, 1 / rate; inf who never buys."""
    a_week = column("rate").standard_gamma(customers.r, count) / customers.alpha_weeks
    with np.errstate(divide="ignore", over="ignore"):
        wait_days: Floats = WEEK_DAYS / a_week
    return wait_days


def _lifetimes(
    customers: CustomersSection, count: int, column: Callable[[str], np.random.Generator]
) -> Integers:
    """Return the repeat order after which each customer drops out: geometric with chance p.

    p is beta(a, b), drawn as a share of two gammas.
    """
    stays = column("stays").standard_gamma(customers.b, count)
    leaves = column("leaves").standard_gamma(customers.a, count)
    both = stays + leaves
    share = np.where(both > 0.0, leaves / np.where(both > 0.0, both, 1.0), 0.5)
    uniforms = column("lifetime").random(count)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        orders = 1.0 + np.floor(np.log1p(-uniforms) / np.log1p(-share))
    return np.where(share > 0.0, np.minimum(orders, FOR_EVER), FOR_EVER).astype(np.int64)
