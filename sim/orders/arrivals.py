"""When orders are placed: an inhomogeneous Poisson process for each channel.

The rate follows the hour of the week, the month and the promotions, and may be higher or lower on
a whole day by chance (a mixed Poisson process; Grandell 1997). Given their number, the times
are independent draws from the cumulated rate, found by inverting it (Cinlar 1975, Introduction to
stochastic processes). Where orders come in together (``orders_at_once``) they are the
times of messages, as many fewer; each message keeps its number of orders. More orders a day only
add times: those there were stay where they were.
"""

from __future__ import annotations

import datetime
import math

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError
from sim.orders.draws import draw_counts
from sim.orders.streams import stream
from sim.scenario.schema.base import clock_s
from sim.scenario.schema.laws import count_moments
from sim.scenario.schema.orders import Channel, OrdersSection, Promotion, PromotionHours
from sim.scenario.schema.run import RunSection
from sim.scenario.schema.scenario import Scenario

HOUR_S = 3600.0
DAY_S = 86400.0
MOST_CHANNELS = 127
ALL_DAY = PromotionHours()


def played_days(run: RunSection) -> float:
    """Return the days on which orders are placed: warm-up, measured window and cool-down."""
    return run.warm_up_days + run.horizon_days + run.cool_down_days


def hourly_rates(scenario: Scenario, channel: str) -> npt.NDArray[np.float64]:
    """Return the expected orders of each clock hour of the run, as if every hour were played whole.

    Parameters
    ----------
    scenario
        Its profiles are normalised to mean 1 over a week; months and promotions multiply.
    channel
        Name of the channel.

    Returns
    -------
        Shape (24 * days,), from midnight of the start date to the midnight after the last order.

    Raises
    ------
    ScenarioError
        If a profile has no weight at all.
    """
    section = scenario.orders
    declared = section.channels[channel]
    days = math.ceil(played_days(scenario.run))
    start = datetime.date.fromisoformat(scenario.run.start_date)
    weekday = (start.weekday() + np.arange(days)) % 7
    factors = _day_factors(section, channel, start, days)
    orders_per_hour = section.channel_per_day(channel) / 24.0
    if declared.hour_of_week_profile is not None:
        key = f"orders.channels.{channel}.hour_of_week_profile"
        week = _mean_one(scenario, declared.hour_of_week_profile, key).reshape(7, 24)
        rates = orders_per_hour * factors[:, np.newaxis] * week[weekday]
    else:
        hours = _mean_one(
            scenario,
            declared.hourly_profile or section.hourly_profile,
            _profile_key(declared, channel, "hourly"),
        )
        weekdays = _mean_one(
            scenario,
            declared.weekday_profile or section.weekday_profile,
            _profile_key(declared, channel, "weekday"),
        )
        day_weights = weekdays[weekday] * factors
        rates = orders_per_hour * day_weights[:, np.newaxis] * hours[np.newaxis, :]
    _raise_some_hours(rates, section, channel, start)
    by_hour: npt.NDArray[np.float64] = rates.reshape(-1)
    return by_hour


def cumulated_rate(
    scenario: Scenario, channel: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the knots of a channel's cumulated rate: times (s) and expected orders until then."""
    rates = hourly_rates(scenario, channel)
    end_s = played_days(scenario.run) * DAY_S
    knots_s = np.append(np.arange(math.ceil(end_s / HOUR_S)) * HOUR_S, end_s)
    played_h = np.diff(knots_s) / HOUR_S
    expected = np.concatenate(([0.0], np.cumsum(rates[: len(played_h)] * played_h)))
    return knots_s, expected


def channel_times_s(scenario: Scenario, channel: str, replication: int) -> npt.NDArray[np.float64]:
    """Return the ascending order times of a channel in seconds from the scenario's start."""
    knots_s, expected = cumulated_rate(scenario, channel)
    seed = scenario.run.seed
    if scenario.orders.day_cv > 0.0:
        day = (knots_s[:-1] // DAY_S).astype(np.int64)
        steps = np.diff(expected) * days_luck(scenario, replication)[day]
        expected = np.concatenate(([0.0], np.cumsum(steps)))
    at_once = scenario.orders.channels[channel].orders_at_once
    mean = 1.0 if at_once is None else count_moments(at_once)[0]
    count = int(stream(seed, f"arrivals-count/{channel}", replication).poisson(expected[-1] / mean))
    places = stream(seed, f"arrivals/{channel}", replication).random(count)
    if at_once is not None:
        sizes = stream(seed, f"arrivals-at-once/{channel}", replication)
        places = np.repeat(places, draw_counts(at_once, sizes, count))
    places.sort()
    times_s: npt.NDArray[np.float64] = np.interp(places * expected[-1], expected, knots_s)
    return times_s


def days_luck(scenario: Scenario, replication: int) -> npt.NDArray[np.float64]:
    """Return the gamma factor, mean 1, on the orders of each day of the run, all channels alike."""
    days = math.ceil(played_days(scenario.run))
    variance = scenario.orders.day_cv**2
    rng = stream(scenario.run.seed, "arrivals-day", replication)
    return rng.standard_gamma(1.0 / variance, days) * variance


def arrivals(
    scenario: Scenario, replication: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """Return times (s, ascending) and channel numbers of all orders of a replication.

    Channels are numbered in the scenario's order; at equal times the earlier channel comes first.

    Raises
    ------
    ScenarioError
        If there are more than 127 channels, or a profile has no weight at all.
    """
    names = tuple(scenario.orders.channels)
    if len(names) > MOST_CHANNELS:
        found = f"{len(names)} channels"
        expected = f"at most {MOST_CHANNELS}"
        raise ScenarioError([Problem(scenario.name, 0, 0, "orders.channels", found, expected)])
    times = [channel_times_s(scenario, name, replication) for name in names]
    if len(times) == 1:
        return times[0], np.zeros(len(times[0]), dtype=np.int8)
    placed_s = np.concatenate(times)
    channel = np.repeat(np.arange(len(times), dtype=np.int8), [len(column) for column in times])
    by_time = np.argsort(placed_s, kind="stable")
    return placed_s[by_time], channel[by_time]


def _day_factors(
    section: OrdersSection, channel: str, start: datetime.date, days: int
) -> npt.NDArray[np.float64]:
    dates = [start + datetime.timedelta(days=number) for number in range(days)]
    months = section.channels[channel].monthly_profile or section.monthly_profile
    factors = np.array([months[date.month - 1] for date in dates])
    for promotion in _promotions(section, channel):
        if promotion.hours == ALL_DAY:
            factors[_days_of(promotion, start)] *= promotion.factor
    return factors


def _raise_some_hours(
    rates: npt.NDArray[np.float64], section: OrdersSection, channel: str, start: datetime.date
) -> None:
    """Multiply the rates of promotions that hold for some hours of the day. Shape (days, 24)."""
    for promotion in _promotions(section, channel):
        if promotion.hours != ALL_DAY:
            first, after = (
                clock_s(time) // 3600 for time in (promotion.hours.start, promotion.hours.end)
            )
            rates[_days_of(promotion, start), first:after] *= promotion.factor


def _promotions(section: OrdersSection, channel: str) -> list[Promotion]:
    """Return the promotions that a channel takes part in."""
    return [
        each
        for each in section.promotions.values()
        if not each.channels or channel in each.channels
    ]


def _days_of(promotion: Promotion, start: datetime.date) -> slice:
    first = (datetime.date.fromisoformat(promotion.date) - start).days
    return slice(max(first, 0), max(first + promotion.days, 0))


def _profile_key(channel: Channel, name: str, kind: str) -> str:
    own = channel.hourly_profile if kind == "hourly" else channel.weekday_profile
    return f"orders.{kind}_profile" if own is None else f"orders.channels.{name}.{kind}_profile"


def _mean_one(scenario: Scenario, weights: list[float], key: str) -> npt.NDArray[np.float64]:
    mean = math.fsum(weights) / len(weights)
    if mean <= 0.0:
        raise ScenarioError(
            [Problem(scenario.name, 0, 0, key, "every weight is 0", "at least one weight above 0")]
        )
    return np.array(weights) / mean
