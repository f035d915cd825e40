"""What is to be planned: articles wanted, and the places where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sim.warehouse.layout import RectangularLayout


class Stock(NamedTuple):
    """Units of an article at a location."""

    article: int
    location: int
    units: int = 1


@dataclass(frozen=True)
class ScatteredProblem:
    """One round trip from the depot on which all wanted units are picked.

    Parameters
    ----------
    layout
        A floor of one to four blocks whose aisles are walked in both directions.
    wanted
        Units wanted of each article, at least 1.
    stock
        Where articles lie; places of articles that nobody wants are left out.

    Raises
    ------
    ValueError
        If an article has too few units, a location is none, or the floor does not fit.
    """

    layout: RectangularLayout
    wanted: Mapping[int, int]
    stock: tuple[Stock, ...]

    def __post_init__(self) -> None:
        if self.layout.one_way or self.layout.blocks > 4:
            raise ValueError(
                "scattered storage is planned on one to four blocks with aisles in both directions"
            )
        for place in self.stock:
            if not 0 <= place.location < self.layout.locations or place.units < 1:
                raise ValueError(
                    f"{place} is no stock; locations are 0 to {self.layout.locations - 1}, "
                    "units at least 1"
                )
        for article, units in self.wanted.items():
            there = sum(place.units for place in self.places_of(article))
            if not 1 <= units <= there:
                raise ValueError(
                    f"{units} units of article {article} are wanted; 1 to {there} are possible"
                )

    def places_of(self, article: int) -> tuple[Stock, ...]:
        """Return where an article lies."""
        return tuple(place for place in self.stock if place.article == article)
