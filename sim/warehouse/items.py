"""The catalogue: one column for each property of the SKUs.

SKU index k runs through every column; the text code stands in ``codes``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Catalogue:
    """Properties of K SKUs; every array has shape (K,), ``sides_mm`` (K, 3).

    Parameters
    ----------
    codes
        Text codes as the planner writes them.
    category
        Index into ``categories``.
    price_cents, cost_cents
        Sales price and purchase cost of a unit.
    weight_g, volume_ml
        Weight and volume of a unit, > 0.
    sides_mm
        Sides of the cuboid around a unit, longest first.
    fragile
        Breaks easily.
    return_rate
        Chance that a sound line comes back, 0 to 1.
    popularity
        Share of the order lines, sum 1.
    location
        Location number given by the catalogue file, -1 where storage decides.
    categories
        Names of the categories.
    """

    codes: tuple[str, ...]
    category: npt.NDArray[np.int16]
    price_cents: npt.NDArray[np.int32]
    cost_cents: npt.NDArray[np.int32]
    weight_g: npt.NDArray[np.float64]
    volume_ml: npt.NDArray[np.float64]
    sides_mm: npt.NDArray[np.float64]
    fragile: npt.NDArray[np.bool_]
    return_rate: npt.NDArray[np.float64]
    popularity: npt.NDArray[np.float64]
    location: npt.NDArray[np.int32]
    categories: tuple[str, ...]

    @property
    def count(self) -> int:
        """Number of SKUs."""
        return len(self.codes)
