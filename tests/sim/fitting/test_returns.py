"""Returns: joined to sales as by hand, late ones allowed for, small groups drawn to the mean."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from sim.fitting import lag as lag_module
from sim.fitting.lag import cdf, fit_lag, moved, product_limit
from sim.fitting.matching import GUEST, NEVER_SOLD, NO_SALE, TOO_MANY, match_returns
from sim.fitting.returns import fit_returns, shrink
from sim.orders.draws import draw
from sim.scenario.schema.laws import Empirical, Gamma, Law, Lognormal, law_mean
from tests.sim.fitting.histories import Row, drawn, imported, returned_rows, rows_of, scenario

DEFAULT = Gamma(distribution="gamma", mean=20.0, cv=0.5)
SALES: list[Row] = [
    (1, "2024-03-01 00:00:00", "A", 4, "1.00", "ann"),
    (2, "2024-03-03 00:00:00", "A", 2, "1.00", "ann"),
    (3, "2024-03-03 00:00:00", "B", 5, "2.00", "bob"),
    (4, "2024-03-04 00:00:00", "A", 9, "1.00", ""),
]


def back(number: int, day: int, sku: str, units: int, who: str) -> Row:
    """Return a return document of March 2024, at midnight."""
    return (f"R{number}", f"2024-03-{day:02d} 00:00:00", sku, -units, "1.00", who)


def test_returns_undo_the_oldest_sale_that_is_still_out(tmp_path: Path) -> None:
    """Three returns of one customer eat the sales from the oldest on; the surplus is counted."""
    rows = [
        *SALES,
        back(1, 5, "A", 3, "ann"),
        back(2, 6, "A", 2, "ann"),
        back(3, 7, "A", 5, "ann"),
        back(4, 7, "A", 1, ""),
        back(5, 2, "B", 1, "bob"),
        back(6, 8, "B", 1, "carl"),
        back(7, 8, "C", 7, "bob"),
    ]

    found = match_returns(imported(tmp_path / "h.csv", rows))

    # 3 of the first sale; its last unit and one of the second; the second's last unit.
    columns = (found.line.tolist(), found.lag_days.tolist(), found.units.tolist())
    assert list(zip(*columns, strict=True)) == [
        (0, 4.0, 3), (0, 5.0, 1), (1, 3.0, 1), (1, 4.0, 1),
    ]  # fmt: skip
    assert (found.rows, found.rows_matched) == (7, 3)
    assert found.unmatched_units == {GUEST: 2, NEVER_SOLD: 7, NO_SALE: 1, TOO_MANY: 4}


def test_a_whole_line_back_within_a_day_is_cancelled(tmp_path: Path) -> None:
    """It is no sale and no return; a part of a line back so soon is a return."""
    rows = [
        *SALES,
        ("R1", "2024-03-01 12:00:00", "A", -4, "1.00", "ann"),
        ("R2", "2024-03-03 12:00:00", "B", -1, "2.00", "bob"),
    ]

    fit = fit_returns(imported(tmp_path / "h.csv", rows), DEFAULT)

    assert fit.cancelled.tolist() == [0]
    assert (fit.lines, fit.units_sold, fit.units_returned, fit.lines_returned) == (3, 16, 1, 1)
    assert fit.lag.law is None


def test_rates_allow_for_returns_still_to_come(tmp_path: Path) -> None:
    """Two days of watch under a law of 20 days: units sold count by the share of it they saw."""
    rows: list[Row] = [
        (1, "2024-03-01 00:00:00", "A", 10, "1.00", "ann"),
        (2, "2024-03-11 00:00:00", "A", 10, "1.00", "bob"),
        back(1, 6, "A", 1, "ann"),
    ]

    fit = fit_returns(imported(tmp_path / "h.csv", rows), DEFAULT)

    # Watched 11 days and 1 day, to the end of 2024-03-11.
    seen = cdf(DEFAULT)(np.array([11.0, 1.0]))
    assert fit.rate == pytest.approx(1 / (10 * seen.sum()))


def test_the_estimate_without_a_form_is_the_plain_one_where_nothing_is_cut() -> None:
    """Lags that were all watched long enough: the share of lags up to each day."""
    lags = np.array([0.5, 1.5, 1.6, 3.9] * 10)

    days, shares = product_limit(lags, np.full(40, 4.0))

    assert days.tolist() == [0, 1, 2, 3, 4]
    assert shares == pytest.approx([0, 1 / 4, 3 / 4, 3 / 4, 1])


def test_the_estimate_of_cut_lags_is_the_one_worked_out_by_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lags 1, 1, 2 watched 3, 1, 3 days: F(1) = 1 - 1/2 in reversed time."""
    monkeypatch.setattr(lag_module, "FEWEST_AT_RISK", 1)
    monkeypatch.setattr(lag_module, "SHARE_AT_RISK", 0.0)

    days, shares = product_limit(np.array([1.0, 1.0, 2.0]), np.array([3.0, 1.0, 3.0]))

    # At 2 days two lags are at risk, those watched longer than a day; one of them is 2 days.
    assert days.tolist() == [0, 1, 2, 3]
    assert shares == pytest.approx([0, 1 / 2, 1, 1])


@pytest.mark.parametrize(
    "law",
    [
        Gamma(distribution="gamma", mean=16.0, cv=0.5),
        Lognormal(distribution="lognormal", mean=16.0, cv=0.8),
    ],
)
def test_a_law_of_cut_lags_is_recovered(law: Law) -> None:
    """Sales on 60 days, watched to their end: the plain mean is far too low, the fit is not."""
    rng = np.random.default_rng(3)
    watch = rng.uniform(0.0, 60.0, 40_000)
    lags = draw(law, rng, 40_000)
    seen = (lags < watch) & (rng.random(40_000) < 0.1)

    fit = fit_lag(lags[seen], watch[seen], watch)

    assert fit.law is not None
    assert fit.law.distribution == law.distribution
    assert abs(law_mean(fit.law) - law_mean(law)) < 4 * fit.mean_error
    assert fit.mean_error < 1.0
    assert fit.seen_mean_days < law_mean(law) - 4 * fit.mean_error
    assert fit.distance < fit.critical


def test_a_law_of_two_humps_is_kept_day_by_day() -> None:
    """Returns after a week or after seven: no gamma or lognormal law, the days themselves."""
    rng = np.random.default_rng(4)
    watch = rng.uniform(60.0, 120.0, 4_000)
    lags = np.where(rng.random(4_000) < 0.5, rng.normal(7, 1, 4_000), rng.normal(49, 1, 4_000))

    fit = fit_lag(lags, watch, watch)

    assert isinstance(fit.law, Empirical)
    assert law_mean(fit.law) == pytest.approx(28.0, abs=4 * 21 / math.sqrt(4_000))
    assert cdf(fit.law)(np.array([30.0]))[0] == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(4_000))


def test_rates_by_price_are_recovered_from_a_simulated_shop(tmp_path: Path) -> None:
    """Dear SKUs come back three times as often; late returns are missing, and allowed for."""
    declared = scenario("orders.per_day=400", "customers.rate_shape=5", days=60)
    demand, catalogue = drawn(declared)
    dear = catalogue.price_cents > np.median(catalogue.price_cents)
    rates = np.where(dear, 0.15, 0.05)
    lags = draw(
        Gamma(distribution="gamma", mean=16.0, cv=0.5), np.random.default_rng(1), demand.lines
    )
    rows = rows_of(declared, demand, catalogue)
    rows += returned_rows(declared, demand, catalogue, rates, lags, seed=2)

    fit = fit_returns(imported(tmp_path / "h.csv", rows), DEFAULT)

    assert fit.grouping == "price"
    assert fit.heterogeneity > 0
    true = float(rates[demand.sku] @ demand.units / demand.units.sum())
    assert abs(fit.rate - true) < 4 * fit.rate_error
    seen = fit.units_returned / fit.units_sold
    assert seen < true - 4 * fit.rate_error
    assert isinstance(fit.lag.law, Gamma)
    assert abs(fit.lag.law.mean - 16.0) < 4 * fit.lag.mean_error
    by_group = [rates[fit.group_of_sku == k].mean() for k in range(len(fit.groups))]
    assert by_group[0] == 0.05
    assert by_group[-1] == 0.15
    for k in (0, len(by_group) - 1):
        group = fit.groups[k]
        assert abs(group.rate - by_group[k]) < 4 * group.rate_error
        assert abs(group.shrunk - by_group[k]) < 4 * group.rate_error


def test_shrinkage_is_that_of_dersimonian_and_laird() -> None:
    """Two groups with equal errors: variance between them and the drawn rates by hand."""
    rates, errors = np.array([0.1, 0.3]), np.array([0.05, 0.05])

    drawn_rates, surplus = shrink(rates, errors)

    # Q = 2 * 400 * 0.1^2 = 8, less 1; between = 7 / (800 - 400) = 0.0175; kept 0.875.
    assert surplus == pytest.approx(7.0)
    assert drawn_rates == pytest.approx([0.2 - 0.0875, 0.2 + 0.0875])


def test_groups_that_differ_by_chance_get_one_rate() -> None:
    """Rates no further apart than their errors say are taken for the same."""
    drawn_rates, surplus = shrink(np.array([0.10, 0.11]), np.array([0.05, 0.05]))

    assert surplus < 0.0
    assert drawn_rates == pytest.approx([0.105, 0.105])


def test_time_spent_elsewhere_is_taken_off_the_lag() -> None:
    """Mean and variance of a law less those of the way; days alone off an empirical one."""
    law = moved(Gamma(distribution="gamma", mean=20.0, cv=0.5), 5.0, 19.0)
    days = Empirical(distribution="empirical", values=[1.5, 9.5], weights=[1, 3])

    assert isinstance(law, Gamma)
    # Variance 100 - 19 = 81 around 15.
    assert (law.mean, law.cv) == (15.0, 9.0 / 15.0)
    assert moved(days, 5.0, 1.0) == days.model_copy(update={"values": [0.0416667, 4.5]})
