"""Classes of SKUs: A, B, C by pick frequency, and those that a stockout is answered by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sim.scenario.schema.stockouts import StockoutClass
from sim.scenario.schema.warehouse import AbcSection
from sim.warehouse.items import Catalogue

NO_CLASS = -1


def abc_of_sku(
    popularity: npt.NDArray[np.float64], a_share: float, b_share: float
) -> npt.NDArray[np.int64]:
    """Return 0, 1 or 2 for class A, B or C of each SKU, the most often picked first. Shape (K,).

    Equally popular SKUs go by their number.
    """
    rank = np.empty(len(popularity), dtype=np.int64)
    rank[np.argsort(-popularity, kind="stable")] = np.arange(len(popularity))
    borders = np.rint(np.array([a_share, a_share + b_share]) * len(popularity))
    return np.searchsorted(borders, rank, side="right").astype(np.int64)


def stockout_class_of_sku(
    catalogue: Catalogue, classes: Sequence[StockoutClass], abc: AbcSection
) -> npt.NDArray[np.int64]:
    """Return the place of the first class that names each SKU, -1 where none does. Shape (K,)."""
    found = np.full(catalogue.count, NO_CLASS, dtype=np.int64)
    if not classes:
        return found
    letter = abc_of_sku(catalogue.popularity, abc.a_share, abc.b_share)
    for place, each in reversed(list(enumerate(classes))):
        member = np.ones(catalogue.count, dtype=np.bool_)
        if each.abc:
            member &= np.isin(letter, ["ABC".index(name) for name in each.abc])
        if each.categories:
            numbers = [k for k, name in enumerate(catalogue.categories) if name in each.categories]
            member &= np.isin(catalogue.category, numbers)
        found[member] = place
    return found
