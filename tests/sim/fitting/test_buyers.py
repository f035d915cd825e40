"""Customers: guests are counted, and the laws of buying come back from those who bought."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.fitting.buyers import LEAST_SHAPE, fit_buyers, truncated_nbd
from tests.sim.fitting.histories import drawn_history, imported


def test_guests_and_known_customers_are_those_counted_by_hand(tmp_path: Path) -> None:
    """Five orders, two of guests; one of two customers came back; too few for any law."""
    who = ("a", "", "b", "a", "")
    rows = [(k, "2024-03-01 09:00:00", "A", 1, "1.00", name) for k, name in enumerate(who)]

    fit = fit_buyers(imported(tmp_path / "h.csv", rows))

    assert (fit.orders, fit.guest_orders, fit.seen, fit.again) == (5, 2, 2, 1)
    assert fit.per_seen == 1.5
    assert (fit.orders_per_year, fit.shape, fit.bg_nbd) == (None, None, None)
    assert "2 known customers" in fit.why_not


def test_the_truncated_law_is_recovered() -> None:
    """Mean and shape of a negative binomial law lie within four errors of the truth."""
    rng = np.random.default_rng(8)
    counts = rng.poisson(rng.gamma(0.8, 2.0 / 0.8, 20_000))

    mean, shape, mean_error, shape_error = truncated_nbd(counts[counts > 0])

    assert abs(mean - 2.0) < 4 * mean_error
    assert abs(shape - 0.8) < 4 * shape_error
    assert shape_error < 0.1


def test_a_geometric_law_is_found_exactly() -> None:
    """Counts in the proportions 8 : 4 : 2 : 1 … are geometric: shape 1, mean 1."""
    counts = np.repeat(np.arange(1, 21), 2 ** np.arange(20, 0, -1))

    mean, shape, _, _ = truncated_nbd(counts)

    assert [mean, shape] == pytest.approx([1.0, 1.0], rel=1e-3)


def test_a_log_series_law_stops_at_the_least_shape() -> None:
    """Buyers by the log-series law have no finite base; the edge is said, not an error."""
    theta = 0.6
    numbers = np.arange(1, 30)
    counts = np.repeat(numbers, np.rint(1e5 * theta**numbers / numbers).astype(np.int64))

    _, shape, mean_error, shape_error = truncated_nbd(counts)

    assert shape == pytest.approx(LEAST_SHAPE)
    assert np.isnan([mean_error, shape_error]).all()


def test_frequency_of_a_simulated_shop_is_recovered(tmp_path: Path) -> None:
    """Orders a year, shape and size of a base of customers come back from its orders."""
    history, _ = drawn_history(
        tmp_path, "orders.per_day=60", "customers.orders_per_year=20", "customers.rate_shape=0.8",
        "orders.lines_per_order={distribution: deterministic, value: 1}", days=100,
    )  # fmt: skip

    fit = fit_buyers(history)

    assert fit.orders_per_year is not None
    assert fit.shape is not None
    assert abs(fit.orders_per_year - 20.0) < 4 * fit.orders_per_year_error
    assert abs(fit.shape - 0.8) < 4 * fit.shape_error
    # 60 orders a day of customers with 20 a year.
    assert fit.base == pytest.approx(60 * 365 / 20, rel=0.1)
    assert fit.bg_nbd is not None
    # Nobody drops out here: the chance after an order is near 0.
    assert fit.bg_nbd.a / (fit.bg_nbd.a + fit.bg_nbd.b) < 0.02
