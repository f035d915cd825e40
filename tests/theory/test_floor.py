"""A floor's lines with exact answers: urgent orders first, a day's rhythm, full batches.

V05, V07 and V11 of the published validation cases, through ordinary scenarios. A figure raises a
false alarm with chance 0.1 %; the seeds are fixed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sim.engine.setting import prepare
from sim.log.facts import Fact
from sim.scenario.schema import Scenario
from tests.sim.engine.playing import Record, record, scenario_of
from tests.theory.interval import Estimate, assert_reproduces
from tests.theory.systems import DAY_MIN, MINUTE_S, Measured, minutes, queue_scenario

REPLICATIONS = 20
Floats = npt.NDArray[np.float64]


def changed(scenario: Scenario, **sections: Any) -> Scenario:
    """Return a scenario with some keys of some sections replaced."""
    old = scenario.model_dump()
    old.pop("name")
    return scenario_of(**old | {name: old[name] | keys for name, keys in sections.items()})


def estimate(
    scenario: Scenario, seed: int, measure: Callable[[Record], tuple[float, ...]]
) -> list[Estimate]:
    """Play a case from its seed and return an estimate for each of its figures."""
    setting = prepare(changed(scenario, run={"seed": seed}), {})
    rows = [
        measure(record(setting.scenario, number, setting=setting)) for number in range(REPLICATIONS)
    ]
    return [Estimate.of(column) for column in zip(*rows, strict=True)]


# V05: urgent orders do not interrupt, but are first in line

EXPRESS, STANDARD = 0, 1
V05_RATES, V05_MEANS = (0.3, 0.45), (1.0, 1.2)


def cobham(rates: tuple[float, ...], means: tuple[float, ...]) -> list[float]:
    """Return the waits of the classes of an M/M/1 with non-preemptive ranks (Cobham 1954)."""
    residual = sum(rate * mean**2 for rate, mean in zip(rates, means, strict=True))
    loads = np.cumsum([0.0, *(rate * mean for rate, mean in zip(rates, means, strict=True))])
    return [residual / ((1.0 - a) * (1.0 - b)) for a, b in pairwise(loads)]


def v05() -> Scenario:
    """Express orders before standard ones at one picker; each class has a work time of its own."""
    line = queue_scenario(
        sum(V05_RATES), 3000.0, 70 * DAY_MIN, {"sequence": "priority"}, {}, {"pickers": 1}
    )
    laws = {
        name: minutes("exponential", mean)
        for name, mean in zip(("express", "standard"), V05_MEANS, strict=True)
    }
    share = V05_RATES[EXPRESS] / sum(V05_RATES)
    channels = {
        "express": {"share": share, "priority": 0},
        "standard": {"share": 1.0 - share, "priority": 1},
    }
    picking = {"time_s": laws["standard"], "time_s_by_channel": laws}
    return changed(line, picking=picking, orders={"channels": channels})


def v05_waits() -> list[Estimate]:
    """Return the mean waits for a picker of both classes, minutes."""

    def measure(played: Record) -> tuple[float, ...]:
        measured = Measured(played)
        wait = measured.between(Fact.RELEASED, Fact.PICK_STARTED)
        channel = played.book.demand.channel[-len(wait) :]
        return tuple(float(wait[channel == rank].mean()) for rank in (EXPRESS, STANDARD))

    return estimate(v05(), 105, measure)


@pytest.mark.slow
def test_urgent_orders_wait_as_cobham_says() -> None:
    """V05: the formula gives the published waits, and the floor reproduces them."""
    published = [1.354285714, 8.464285714]
    assert cobham(V05_RATES, V05_MEANS) == pytest.approx(published, rel=1e-9)

    for wait, exact in zip(v05_waits(), published, strict=True):
        assert_reproduces(wait, exact, 0.05)


# V07: a day of eight hours whose rate changes, on an empty floor

V07_RATES = [1.0, 2.2, 2.9, 2.9, 1.6, 1.6, 2.6, 2.6]
V07_PICKERS, V07_MEAN = 6, 2.0
V07_TIMES = (120, 240, 480)
V07_DAYS = 60


def v07() -> Scenario:
    """Sixty days, each starting empty; the hourly profile is the day's rhythm."""
    line = queue_scenario(
        sum(V07_RATES) * 60.0 / DAY_MIN,
        0.0,
        V07_DAYS * DAY_MIN,
        {"time_s": minutes("exponential", V07_MEAN)},
        {},
        {"pickers": V07_PICKERS},
    )
    return changed(line, orders={"hourly_profile": [*V07_RATES, *[0.0] * 16]})


def kolmogorov() -> tuple[list[float], float]:
    """Return the mean number at the times, and the chance that all are busy at 240 minutes."""
    from scipy.integrate import solve_ivp

    states = np.arange(401)
    out = np.minimum(states, V07_PICKERS) / V07_MEAN

    def flow(rate: float) -> Callable[[float, Floats], Floats]:
        def change(_: float, p: Floats) -> Floats:
            up = np.where(states < states[-1], rate, 0.0) * p
            down = out * p
            change = -up - down
            change[1:] += up[:-1]
            change[:-1] += down[1:]
            return change

        return change

    p = np.zeros(len(states))
    p[0] = 1.0
    numbers, all_busy = {}, 0.0
    for hour, rate in enumerate(V07_RATES):
        p = solve_ivp(flow(rate), (0.0, 60.0), p, rtol=1e-9, atol=1e-12).y[:, -1]
        numbers[60 * (hour + 1)] = float(states @ p)
        if hour == 3:
            all_busy = float(p[V07_PICKERS:].sum())
    return [numbers[t] for t in V07_TIMES], all_busy


def v07_figures() -> list[Estimate]:
    """Return the mean number at the times, and how often all are busy at 240 minutes."""

    def measure(played: Record) -> tuple[float, ...]:
        log = played.log
        came = np.sort(log.time_s[log.fact == Fact.RELEASED])
        went = np.sort(log.time_s[log.fact == Fact.PICKED])

        def there(minute: int) -> npt.NDArray[np.int64]:
            at = (np.arange(V07_DAYS) * DAY_MIN + minute) * MINUTE_S
            number: npt.NDArray[np.int64] = np.searchsorted(came, at) - np.searchsorted(went, at)
            return number

        numbers = [float(there(minute).mean()) for minute in V07_TIMES]
        return (*numbers, float((there(240) >= V07_PICKERS).mean()))

    return estimate(v07(), 107, measure)


@pytest.mark.slow
def test_a_day_swells_and_ebbs_as_the_forward_equations_say() -> None:
    """V07: number on the floor at 2, 4 and 8 hours; share of days on which all are busy at 4."""
    published = [5.473755001, 18.76299367, 9.377448146, 0.8675876711]
    numbers, all_busy = kolmogorov()
    assert [*numbers, all_busy] == pytest.approx(published, rel=1e-6)

    for figure, exact in zip(v07_figures(), published, strict=True):
        assert_reproduces(figure, exact, 0.05)


# V11: a tour begins when four orders are there

V11_SIZE, V11_RATE, V11_MEAN = 4, 1.0, 3.2


def v11() -> Scenario:
    """Tours of exactly four orders, one picker, exponential tour times."""
    line = queue_scenario(
        V11_RATE,
        1500.0,
        56 * DAY_MIN,
        {
            "batching": "first_come",
            "batch_min_orders": V11_SIZE,
            "batch_max_orders": V11_SIZE,
            "cart_volume_l": 1_000_000.0,
            "batch_wait_max_min": 100_000.0,
            "tour_time_s": minutes("exponential", V11_MEAN),
        },
        {},
        {"pickers": 1},
    )
    return changed(line, run={"cool_down_days": 2.0})


def batch_wait() -> float:
    """Return the wait of a formed batch in E4/M/1: sigma / (mu (1 - sigma))."""
    sigma, mu = 0.5, 1.0 / V11_MEAN
    for _ in range(10_000):
        sigma = (V11_RATE / (V11_RATE + mu * (1.0 - sigma))) ** V11_SIZE
    return sigma / (mu * (1.0 - sigma))


def v11_figures() -> list[Estimate]:
    """Return the mean minutes until the batch is formed, until it starts, and in the system."""

    def measure(played: Record) -> tuple[float, ...]:
        run = played.setting.scenario.run
        start_s, end_s = run.warm_up_days * 86_400.0, (run.warm_up_days + run.horizon_days) * 86_400
        came, went = played.first_s(Fact.RELEASED), played.first_s(Fact.PICKED)
        begun = played.first_s(Fact.PICK_STARTED)
        full = len(came) // V11_SIZE * V11_SIZE  # the last ones wait in vain for a fourth
        formed = np.repeat(came[V11_SIZE - 1 : full : V11_SIZE], V11_SIZE)
        inside = (came[:full] >= start_s) & (came[:full] < end_s)
        assert np.all(begun[:full] >= formed), "a tour began before its fourth order was there"
        return tuple(
            float(span[inside].mean()) / MINUTE_S
            for span in (formed - came[:full], (begun[:full] - formed), (went - came)[:full])
        )

    return estimate(v11(), 111, measure)


@pytest.mark.slow
def test_full_batches_wait_as_e4_m_1() -> None:
    """V11: forming (k - 1) / (2 lambda), waiting for the picker, and the whole stay."""
    published, widths = [1.5, 7.255627553, 11.95562755], [0.01, 0.05, 0.05]
    forming = (V11_SIZE - 1) / (2.0 * V11_RATE)
    formula = [forming, batch_wait(), forming + batch_wait() + V11_MEAN]
    assert formula == pytest.approx(published, rel=1e-8)

    for figure, exact, width in zip(v11_figures(), published, widths, strict=True):
        assert_reproduces(figure, exact, width)
