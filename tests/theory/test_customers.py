"""Customers with exact answers: what a cohort buys under BG/NBD, in an ordinary house.

Fader, Hardie, Lee (2005), Marketing Science 24(2): parameters of the CD shop CDNOW (table 2), mean
repeat orders of a customer by equation 9. Orders come around the clock, so that calendar weeks and
the customers' weeks are the same; nothing goes badly. A figure raises a false alarm with chance
0.1 %; the seeds are fixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.engine.setting import prepare
from sim.log.facts import Fact
from sim.orders.bg_nbd import bg_nbd_log_likelihood, fit_bg_nbd
from sim.scenario.expected_orders import mean_orders_per_day
from sim.scenario.schema import Scenario
from tests.sim.engine.playing import Record, record, scenario_of
from tests.theory.interval import Estimate, assert_reproduces
from tests.theory.systems import queue_scenario

R, ALPHA_WEEKS, A, B = 0.243, 4.414, 0.793, 2.426
WEEK_S = 7 * 86_400.0
DAY_MIN = 1440.0
REPLICATIONS = 20
CUSTOMERS = 8_000


def mean_repeat_orders(weeks: float) -> float:
    """Return E[X(t)] of equation 9, by the Gauss hypergeometric function."""
    from scipy.special import hyp2f1

    ratio = (ALPHA_WEEKS / (ALPHA_WEEKS + weeks)) ** R
    part = hyp2f1(R, B, A + B - 1.0, weeks / (ALPHA_WEEKS + weeks))
    return float((A + B - 1.0) / (A - 1.0) * (1.0 - ratio * part))


def shop(weeks: float, **customers: Any) -> Scenario:
    """Return a house that serves at once, with customers by BG/NBD."""
    nothing = {"distribution": "deterministic", "value": 0.0}
    house = queue_scenario(
        1000.0 / DAY_MIN, 0.0, weeks * 7 * DAY_MIN, {"time_s": nothing}, {}, {"pickers": 1}
    )
    sections = house.model_dump()
    sections.pop("name")
    sections["customers"] |= {
        "law": "bg_nbd", "r": R, "alpha_weeks": ALPHA_WEEKS, "a": A, "b": B, **customers
    }  # fmt: skip
    return scenario_of(**sections)


@dataclass(frozen=True)
class Bought:
    """Repeat orders of all customers of a run: whose, and how many weeks after the first order."""

    customer: npt.NDArray[np.int32]
    weeks: npt.NDArray[np.float64]
    customers: int

    @classmethod
    def of(cls, played: Record) -> Bought:
        """Read the placed orders from the log; what is placed at the first order's time is it."""
        demand = played.book.demand
        assert demand.acquired_s is not None
        placed = played.log.subject[played.log.fact == Fact.PLACED]
        customer = demand.customer[placed]
        weeks = (demand.placed_s[placed] - demand.acquired_s[customer]) / WEEK_S
        again = weeks > 0.0
        return cls(customer[again], weeks[again], demand.customers)

    def mean_by(self, weeks: float) -> float:
        """Return the mean repeat orders of a customer in so many weeks after the first order."""
        return float(np.count_nonzero(self.weeks <= weeks)) / self.customers


def bought(scenario: Scenario) -> list[Bought]:
    """Play a scenario and return the repeat orders of each replication."""
    setting = prepare(scenario, {})
    return [
        Bought.of(record(setting.scenario, number, setting=setting))
        for number in range(REPLICATIONS)
    ]


@pytest.fixture(scope="module")
def cohort() -> list[Bought]:
    """A cohort that comes with the start, played for a year."""
    return bought(shop(52.0, opening_customers=CUSTOMERS))


def test_published_figures() -> None:
    """Equation 9 by the published parameters: 1.19672 orders in 39 weeks, 1.44605 in 52."""
    assert mean_repeat_orders(39.0) == pytest.approx(1.19672, abs=5e-6)
    assert mean_repeat_orders(52.0) == pytest.approx(1.44605, abs=5e-6)


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [39.0, 52.0])
def test_a_cohort_buys_what_the_law_says(cohort: list[Bought], weeks: float) -> None:
    """Repeat orders of a customer by week 39, the end of the published data, and in a year."""
    estimate = Estimate.of([run.mean_by(weeks) for run in cohort])

    assert_reproduces(estimate, mean_repeat_orders(weeks), 0.02)


@pytest.mark.slow
def test_customers_who_are_won_buy_the_same() -> None:
    """Customers won in the first four weeks order as often in the 20 weeks after their first."""
    runs = bought(shop(24.0, new_per_day=180.0, new_days=28.0))

    estimate = Estimate.of([run.mean_by(20.0) for run in runs])

    assert_reproduces(estimate, mean_repeat_orders(20.0), 0.02)


@pytest.mark.slow
def test_the_fit_finds_the_law_that_the_shop_was_played_by(cohort: list[Bought]) -> None:
    """Fitted to the logs of a year, r, alpha, a, b are those of the scenario.

    Twice the gain in log-likelihood over the true parameters is chi square with four degrees of
    freedom (Wilks 1938): above 18.47 with chance 0.1 %.
    """
    last = np.zeros((len(cohort), CUSTOMERS))
    for weeks, run in zip(last, cohort, strict=True):
        np.maximum.at(weeks, run.customer, run.weeks)
    counts = [np.bincount(run.customer, minlength=CUSTOMERS) for run in cohort]
    x, t_x, age = np.concatenate(counts), last.ravel(), np.full(last.size, 52.0)

    fit = fit_bg_nbd(x, t_x, age)

    true = bg_nbd_log_likelihood(x, t_x, age, (R, ALPHA_WEEKS, A, B))
    assert 0.0 <= 2.0 * (fit.log_likelihood - true) <= 18.47, fit


@pytest.mark.slow
def test_a_bad_experience_adds_to_the_customers_own_chance_to_leave() -> None:
    """All leave with chance 0.2 after an order, and with 0.25 because it was late: with 0.4.

    Given p the mean is (1 - exp(-l p t)) / p (equation 5); over the gamma law of l it is
    (1 - (alpha / (alpha + p t))^r) / p. Every order is late by a second, which moves nothing else.
    """
    own, effect, weeks = 0.2, 0.25, 20.0
    alike = 1e9
    scenario = shop(
        weeks,
        opening_customers=1_500,
        r=2.0,
        alpha_weeks=4.0,
        a=own * alike,
        b=(1.0 - own) * alike,
        experience={"late": 0.0},
        drop_out={"late": effect},
    )
    second = {"distribution": "deterministic", "value": 1.0 / 86_400.0}
    late = {"continuous": True, "transit_days": second, "promised_transit_days": 0.0}
    sections = scenario.model_dump()
    sections["shipping"]["services"] = {"standard": late}
    sections.pop("name")
    together = 1.0 - (1.0 - own) * (1.0 - effect)

    estimate = Estimate.of([run.mean_by(weeks) for run in bought(scenario_of(**sections))])

    expected = (1.0 - (4.0 / (4.0 + together * weeks)) ** 2.0) / together
    assert_reproduces(estimate, expected, 0.02)


@pytest.mark.slow
def test_contacts_lead_to_their_share_of_orders() -> None:
    """Three contacts in ten lead to an order; every contact goes out before that order is due."""
    nothing = {"distribution": "deterministic", "value": 0.0}
    days = 30.0
    house = queue_scenario(
        500.0 / DAY_MIN, 0.0, days * DAY_MIN, {"time_s": nothing}, {}, {"pickers": 1}
    )
    sections = house.model_dump()
    sections.pop("name")
    sections["follow_up"] = {
        "share": 1.0,
        "after_days": 1.0,
        "cross_sell_share": 0.3,
        "cross_sell_days": {"distribution": "deterministic", "value": 5.0},
    }
    setting = prepare(scenario_of(**sections), {})

    shares = []
    for number in range(10):
        played = record(setting.scenario, number, setting=setting)
        demand = played.book.demand
        assert demand.led_by is not None
        placed = np.zeros(demand.orders, dtype=np.bool_)
        placed[played.log.subject[played.log.fact == Fact.PLACED]] = True
        led = placed & (demand.led_by >= 0)
        had_time = demand.placed_s < (days - 5.0) * 86_400.0
        contacts = placed & (demand.led_by < 0) & had_time
        shares.append(np.count_nonzero(led) / np.count_nonzero(contacts))

    assert_reproduces(Estimate.of(shares), 0.3, 0.02)


def test_the_expected_orders_a_day_are_those_of_the_law() -> None:
    """What stock and budget are planned for is equation 9, for old, new and mixed customers."""
    weeks, days = 52.0, 364.0
    old = shop(weeks, opening_customers=1000)
    aged = shop(weeks, opening_customers=1000, opening_age_weeks=30.0)
    new = shop(weeks, new_per_day=10.0, new_days=70.0)
    ages = (np.arange(300) + 0.5) / 10.0
    stays = 52.0 - (np.arange(100) + 0.5) / 10.0
    gained = [mean_repeat_orders(age + weeks) - mean_repeat_orders(age) for age in ages]
    of_new = [1.0 + mean_repeat_orders(stay) for stay in stays]

    assert mean_orders_per_day(old) == pytest.approx(
        1000 * mean_repeat_orders(weeks) / days, rel=1e-3
    )
    assert mean_orders_per_day(aged) == pytest.approx(1000 * np.mean(gained) / days, rel=1e-3)
    assert mean_orders_per_day(new) == pytest.approx(700 * np.mean(of_new) / days, rel=1e-3)
