"""When orders come in, hour by hour of a run: expected where there is a law, else counted."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from sim.engine.setting import Setting
from sim.orders.arrivals import hourly_rates, played_days
from sim.orders.generated import generate_demand
from sim.scenario.expected_orders import mean_orders_per_day
from sim.scenario.schema import Scenario, law_mean

Floats = npt.NDArray[np.float64]
HOUR_S = 3600.0


def placed_by_hour(setting: Setting) -> dict[str, Floats]:
    """Return the orders that are placed in each clock hour of the run, by channel.

    Expected numbers of a steady base of customers; the drawn ones of replication 0 where customers
    live their lives; those of the history where there is one. Each array has shape (24 * days,).
    """
    scenario = setting.scenario
    hours = 24 * math.ceil(played_days(scenario.run))
    demand = setting.demand
    if demand is None and scenario.customers.law == "steady":
        rates = {name: hourly_rates(scenario, name) for name in scenario.orders.channels}
        contacts = scenario.follow_up.share * scenario.follow_up.cross_sell_share
        return {name: rate * (1.0 + contacts) for name, rate in rates.items()}
    if demand is None:
        demand = generate_demand(scenario, setting.catalogue, 0)
    hour = (demand.placed_s // HOUR_S).astype(np.int64)
    inside = hour < hours
    return {
        name: np.bincount(hour[inside & (demand.channel == number)], minlength=hours).astype(
            np.float64
        )
        for number, name in enumerate(demand.channels)
    }


def orders_a_day(setting: Setting) -> float:
    """Return the mean orders a day that ``sim.engine.opening.demand_rates`` stands for."""
    demand, run = setting.demand, setting.scenario.run
    if demand is not None:
        return max(1, demand.orders) / run.horizon_days
    return mean_orders_per_day(setting.scenario)


def handed_in(scenario: Scenario, placed: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the same orders when they are handed in; late ones by the mean of their delay."""
    found = {}
    for name, orders in placed.items():
        channel = scenario.orders.channels.get(name)
        share = channel.late_submission.share if channel else 0.0
        late_h = law_mean(channel.late_submission.delay_h) if channel and share else 0.0
        found[name] = (1.0 - share) * orders + share * later(orders, late_h)
    return found


def later(by_hour: Floats, hours: float) -> Floats:
    """Return what happens so many hours later; what would happen after the end is left out."""
    shift = min(round(hours), len(by_hour))
    return np.concatenate([np.zeros(shift), by_hour[: len(by_hour) - shift]])


def paying_share(scenario: Scenario, channel: str) -> float:
    """Return the share of a channel's orders that are paid for, or on account, and not rejected."""
    rules, known = scenario.payment, scenario.orders.channels.get(channel)
    on_account = rules.pay_later_share
    if known is not None and known.pay_later_share is not None:
        on_account = known.pay_later_share
    again = rules.decline_rate * (1.0 - rules.gives_up_share)
    pays = (1.0 - rules.decline_rate) * sum(again**k for k in range(rules.retries + 1))
    rejected = rules.fraud_hold_share * rules.fraud_reject_share
    return on_account + (1.0 - on_account) * pays * (1.0 - rejected)


def paid(scenario: Scenario, entered: Mapping[str, Floats]) -> Floats:
    """Return the orders of all channels when they are paid; slow payments by their mean delay."""
    total = sum(
        (orders * paying_share(scenario, name) for name, orders in entered.items()),
        start=np.zeros(len(next(iter(entered.values())))),
    )
    slow = (1.0 - scenario.payment.instant_share) * (1.0 - scenario.payment.pay_later_share)
    return (1.0 - slow) * total + slow * later(total, law_mean(scenario.payment.slow_h))
