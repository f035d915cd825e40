"""Popularity: the weights of a draw, and their law, come back from baskets of distinct SKUs."""

from __future__ import annotations

import numpy as np
import pytest

from sim.fitting.popularity import drawing_weights, fit_popularity
from sim.warehouse.popularity import popularity_law
from tests.sim.fitting.histories import drawn, scenario


def test_orders_of_one_line_are_drawn_as_often_as_seen() -> None:
    """Where every order has one line, the weight of a SKU is its share of the lines."""
    weights = drawing_weights(np.array([6.0, 3.0, 1.0]), np.ones(10, dtype=np.int64))

    assert weights == pytest.approx([0.6, 0.3, 0.1])


def test_long_orders_flatten_what_is_seen_and_the_weights_undo_it() -> None:
    """Baskets of 20 distinct SKUs out of 100: shares are biased, weights are not."""
    declared = scenario(
        "orders.per_day=500", "items.count=100", "items.popularity_exponent=1.0",
        "orders.lines_per_order={distribution: deterministic, value: 20}",
    )  # fmt: skip
    demand, catalogue = drawn(declared)
    seen = np.bincount(demand.sku, minlength=100)

    weights = drawing_weights(seen.astype(np.float64), np.diff(demand.first_line).astype(np.int64))

    best = int(catalogue.popularity.argmax())
    true = catalogue.popularity[best]
    assert seen[best] / demand.lines < 0.6 * true
    assert weights.sum() == pytest.approx(1.0)
    assert np.corrcoef(np.log(weights), np.log(catalogue.popularity))[0, 1] > 0.999
    # A SKU in 14,000 orders: its odds are known to 2 %; the formula itself is good to a few more.
    assert weights == pytest.approx(catalogue.popularity, rel=0.08)


def test_exponent_and_shift_are_recovered() -> None:
    """The Zipf-Mandelbrot law of a generated catalogue lies within four standard errors."""
    declared = scenario("orders.per_day=2000", "items.count=200", "items.popularity_exponent=0.9")
    demand, _ = drawn(declared)

    fit = fit_popularity(
        np.bincount(demand.sku, minlength=200), np.diff(demand.first_line).astype(np.int64)
    )

    assert abs(fit.exponent - 0.9) < 4 * fit.exponent_error
    assert abs(fit.shift - 2.0) < 4 * fit.shift_error
    assert fit.exponent_error < 0.05


def test_ranks_that_follow_the_law_give_it_back_exactly() -> None:
    """Lines exactly in proportion to the law: exponent and shift are those of the law."""
    items = scenario("items.popularity_exponent=1.2", "items.popularity_shift=5").items
    lines = np.rint(popularity_law(items, 300) * 1e9).astype(np.int64)

    fit = fit_popularity(lines, np.ones(10, dtype=np.int64))

    assert [fit.exponent, fit.shift] == pytest.approx([1.2, 5.0], rel=1e-2)
    assert fit.top_share == pytest.approx(np.sort(lines)[::-1][:60].sum() / lines.sum())
