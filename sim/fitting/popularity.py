"""Which SKUs are asked for how often: the weights by which baskets are drawn, and their law.

Baskets hold distinct SKUs, so in long orders a best seller is drawn less often than its weight
says. The weights are found that give each SKU the lines it has in the history.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.fitting.figures import Floats, errors_by_curvature

PASSES = 40
CLOSE = 1e-9
BISECTIONS = 60
MOST_LENGTHS = 64
"""Order lengths are taken together in so many groups: the weights hardly notice."""


@dataclass(frozen=True)
class PopularityFit:
    """Popularity of the SKUs of a history.

    Parameters
    ----------
    weights
        Relative weight of each SKU in a draw, sum 1. Shape (K,).
    exponent, shift
        Zipf-Mandelbrot law of the weights by rank, at greatest likelihood.
    exponent_error, shift_error
        Standard errors; NaN where the law lies at the edge. Ranks are taken as known.
    top_share
        Share of the lines on the best fifth of the SKUs.
    lines
        Order lines counted.
    """

    weights: Floats
    exponent: float
    shift: float
    exponent_error: float
    shift_error: float
    top_share: float
    lines: int


def fit_popularity(
    lines_of_sku: npt.NDArray[np.int64], lines_of_order: npt.NDArray[np.int64]
) -> PopularityFit:
    """Return the popularity that makes such lines most likely.

    Parameters
    ----------
    lines_of_sku
        Order lines of each SKU, >= 1. Shape (K,).
    lines_of_order
        Lines of each order, >= 1. Shape (n,).
    """
    weights = drawing_weights(lines_of_sku.astype(np.float64), lines_of_order)
    lines = int(lines_of_sku.sum())
    exponent, shift, errors = _zipf_mandelbrot(np.sort(weights)[::-1] * lines)
    fifth = max(1, len(weights) // 5)
    top = float(np.sort(lines_of_sku)[::-1][:fifth].sum()) / lines
    return PopularityFit(weights, exponent, shift, errors[0], errors[1], top, lines)


def drawing_weights(lines_of_sku: Floats, lines_of_order: npt.NDArray[np.int64]) -> Floats:
    """Return weights by which baskets of distinct SKUs show every SKU as often as it was seen.

    Drawing n SKUs without putting back by weights q holds SKU k with a chance of about
    1 - exp(-t q_k), where t makes these chances add up to n (Rosen 1972, Asymptotic theory for
    successive sampling, Annals of Mathematical Statistics 43, 373-397). The weights are mended
    by seen / expected until both agree.

    Parameters
    ----------
    lines_of_sku
        Lines of each SKU. Shape (K,), each > 0.
    lines_of_order
        Lines of each order. Shape (n,).
    """
    seen = np.asarray(lines_of_sku / lines_of_sku.sum(), dtype=np.float64)
    skus = len(seen)
    lengths, orders = _grouped(np.minimum(lines_of_order, skus))
    if skus < 2 or lengths.max() <= 1.0:
        return seen
    weights = seen
    for _ in range(PASSES):
        expected = np.zeros(skus)
        for length, count in zip(lengths, orders, strict=True):
            expected += count * _chances(weights, float(length))
        expected /= expected.sum()
        ratio = seen / expected
        weights = weights * ratio
        weights /= weights.sum()
        if float(np.abs(ratio - 1.0).max()) < CLOSE:
            break
    return np.asarray(weights)


def _grouped(lengths: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return order lengths and how many orders have them; many lengths are taken together."""
    numbers, counts = np.unique(lengths, return_counts=True)
    if len(numbers) <= MOST_LENGTHS:
        return numbers.astype(np.float64), counts.astype(np.float64)
    group = np.minimum(
        np.cumsum(numbers * counts) * MOST_LENGTHS // (int((numbers * counts).sum()) + 1),
        MOST_LENGTHS - 1,
    )
    orders = np.bincount(group, counts, MOST_LENGTHS).astype(np.float64)
    lines = np.bincount(group, counts * numbers, MOST_LENGTHS)
    some = orders > 0.0
    return lines[some] / orders[some], orders[some]


def _chances(weights: Floats, length: float) -> Floats:
    """Return each SKU's chance to be among ``length`` distinct SKUs."""
    if length >= len(weights):
        return np.ones(len(weights))
    time = length
    # Newton from the left: the sum of chances is concave in time, so it never oversteps.
    for _ in range(BISECTIONS):
        stay = np.exp(-time * weights)
        gap = length - float((1.0 - stay).sum())
        slope = float((weights * stay).sum())
        if gap <= 1e-10 * length or slope <= 0.0:
            break
        time += gap / slope
    return np.asarray(1.0 - np.exp(-time * weights))


def _zipf_mandelbrot(counts: Floats) -> tuple[float, float, tuple[float, float]]:
    """Return exponent, shift and their errors for counts by rank, best seller first."""
    from scipy.optimize import minimize  # noqa: TID251  # a function's name is no package of ours

    ranks = np.arange(1, len(counts) + 1, dtype=np.float64)
    total = float(counts.sum())
    if len(counts) < 3:
        return 0.0, 0.0, (math.nan, math.nan)

    def loss(place: Floats) -> float:
        logs = np.log(ranks + math.expm1(place[1]))
        return float(
            place[0] * (counts * logs).sum() + total * np.log(np.exp(-place[0] * logs).sum())
        )

    # log(1 + shift): the shift is never below 0, and large ones are as easy to reach as small ones.
    edge = [(0.0, 10.0), (0.0, math.log1p(10.0 * len(counts)))]
    found = minimize(loss, np.array([0.75, 1.0]), method="L-BFGS-B", bounds=edge)
    exponent, log_shift = (float(value) for value in found.x)
    inner = 1e-3 < log_shift < edge[1][1] - 1e-3
    errors = errors_by_curvature(loss, found.x) if inner else np.full(2, math.nan)
    shift = math.expm1(log_shift)
    return exponent, shift, (float(errors[0]), float(errors[1]) * (1.0 + shift))
