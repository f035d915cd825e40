"""How much better the best sellers sell: the popularity law of the catalogue."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.scenario.schema.items import ItemsSection


def popularity_law(items: ItemsSection, count: int) -> npt.NDArray[np.float64]:
    """Return the share of the order lines of the SKU at rank 1, 2, ..., count; sum 1.

    The share of rank r is proportional to (r + shift) ** -exponent (Zipf-Mandelbrot law;
    Mandelbrot 1953, An informational theory of the statistical structure of language).
    """
    # Against the first rank, so that a steep law does not vanish into nothing.
    ranks = np.arange(1, count + 1) + items.popularity_shift
    weights = (ranks / ranks[0]) ** -items.popularity_exponent
    return np.asarray(weights / weights.sum(), dtype=np.float64)
