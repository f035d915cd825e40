"""Where each SKU lies: the storage rule of the warehouse."""

from __future__ import annotations

import math
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError
from sim.orders.streams import ALL_REPLICATIONS, stream
from sim.warehouse.items import Catalogue

DEPOT = -1


class Floor(Protocol):
    """What a storage rule must know of a layout."""

    @property
    def locations(self) -> int:
        """Number of locations; they are 0 to locations - 1."""

    @property
    def has_aisles(self) -> bool:
        """Whether the floor is made of aisles."""

    @property
    def aisle_of(self) -> list[int]:
        """Aisle of each location."""

    def distance_m(self, start: int, end: int) -> float:
        """Return the metres between two locations; -1 is the depot."""


def assign_locations(
    catalogue: Catalogue,
    layout: Floor,
    storage: Literal["random", "by_popularity"],
    seed: int,
    shown_name: str = "scenario",
) -> list[int]:
    """Return the location of each SKU.

    Parameters
    ----------
    catalogue
        Locations it gives are kept; the other SKUs share out what is free, one a location.
    layout
        The floor.
    storage
        ``random``: the free locations in random order, the same in all replications;
        ``by_popularity``: best seller nearest to the depot (ties: smaller SKU and location number).
    seed
        Seed of the scenario.
    shown_name
        File that a problem is reported for.

    Raises
    ------
    ScenarioError
        If the catalogue names a location that is not there, or the floor is too small.
    """
    given = catalogue.location
    problems = _unknown_locations(catalogue, layout, shown_name)
    taken = np.zeros(layout.locations, dtype=np.bool_)
    taken[given[(given >= 0) & (given < layout.locations)]] = True
    free = np.flatnonzero(~taken)
    homeless = np.flatnonzero(given < 0)
    if len(homeless) > len(free):
        problems.append(_too_small(layout, len(homeless) - len(free), shown_name))
    if problems:
        raise ScenarioError(problems)
    if storage == "random":
        places = stream(seed, "storage/random", ALL_REPLICATIONS).permutation(free)
    else:
        walks_m = np.array([layout.distance_m(DEPOT, place) for place in free.tolist()])
        places = free[np.argsort(walks_m, kind="stable")]
        homeless = homeless[np.argsort(-catalogue.popularity[homeless], kind="stable")]
    located: npt.NDArray[np.int64] = given.astype(np.int64)
    located[homeless] = places[: len(homeless)]
    return [int(location) for location in located]


def _unknown_locations(catalogue: Catalogue, layout: Floor, shown_name: str) -> list[Problem]:
    beyond = np.flatnonzero(catalogue.location >= layout.locations)
    return [
        Problem(
            shown_name, 0, 0, "items.file",
            f"SKU {catalogue.codes[sku]} lies at location {catalogue.location[sku]}",
            f"locations from 0 to {layout.locations - 1}",
        )
        for sku in beyond.tolist()
    ]  # fmt: skip


def _too_small(layout: Floor, missing: int, shown_name: str) -> Problem:
    found = f"{missing} SKUs find no free location among {layout.locations}"
    if not layout.has_aisles:
        return Problem(
            shown_name, 0, 0, "warehouse.layout.locations_file", found,
            f"at least {layout.locations + missing} locations", "add locations or sell fewer SKUs",
        )  # fmt: skip
    aisles = max(layout.aisle_of) + 1
    needed = math.ceil((layout.locations + missing) / (layout.locations / aisles))
    return Problem(
        shown_name, 0, 0, "warehouse.layout.aisles", f"{aisles} aisles: {found}",
        f"at least {needed} aisles of this length",
        f"set warehouse.layout.aisles to {needed}, or items.count lower",
    )  # fmt: skip
