"""The catalogue: one column for each property of the SKUs.

SKU index k runs through every column; the text code stands in ``codes``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

NOT_GIVEN = -(2**31)


@dataclass(frozen=True)
class GivenStock:
    """What a catalogue file says about buying its SKUs; every array has shape (K,).

    Parameters
    ----------
    reorder_point, order_up_to, order_quantity, opening_units
        Units, NOT_GIVEN where the scenario decides.
    supplier
        Names of the regular suppliers, empty where the scenario decides.
    """

    reorder_point: npt.NDArray[np.int64]
    order_up_to: npt.NDArray[np.int64]
    order_quantity: npt.NDArray[np.int64]
    opening_units: npt.NDArray[np.int64]
    supplier: tuple[str, ...]

    def levels(
        self, sku: int, else_: tuple[int | None, int | None, int | None]
    ) -> tuple[int | None, int | None, int | None]:
        """Return a SKU's reorder point, level to order up to and quantity, or the ones for all."""
        columns = (self.reorder_point, self.order_up_to, self.order_quantity)
        point, up_to, quantity = (int(column[sku]) for column in columns)
        return (
            else_[0] if point == NOT_GIVEN else point,
            else_[1] if up_to == NOT_GIVEN else up_to,
            else_[2] if quantity == NOT_GIVEN else quantity,
        )

    def opening(self, else_: list[int]) -> list[int]:
        """Return the units of each SKU at the start, or the usual ones."""
        given = self.opening_units.tolist()
        return [u if g == NOT_GIVEN else g for u, g in zip(else_, given, strict=True)]


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
    given
        What the catalogue file says about buying; None if nothing.
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
    given: GivenStock | None = None

    @property
    def count(self) -> int:
        """Number of SKUs."""
        return len(self.codes)
