"""Where each SKU lies: the storage rule of the warehouse.

Every rule says which free locations are the best ones and which SKUs come first; the first SKU gets
the best location, and so on. In a class of the abc rules SKUs and locations are matched at random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError
from sim.orders.streams import ALL_REPLICATIONS, stream
from sim.scenario.schema.warehouse import StorageRule
from sim.warehouse.demand_classes import abc_of_sku
from sim.warehouse.items import Catalogue

DEPOT = -1

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


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

    @property
    def offset_m(self) -> list[float]:
        """Position of each location along its aisle."""

    @property
    def access_s(self) -> list[float] | None:
        """Seconds that reaching up to each location adds; None where all are 0."""

    def distance_m(self, start: int, end: int) -> float:
        """Return the metres between two locations; -1 is the depot."""


@dataclass(frozen=True)
class Storage:
    """A storage rule with what it goes by.

    Parameters
    ----------
    rule
        Its name.
    a_share, b_share
        Shares of the SKUs in the classes A and B, for the abc rules.
    walk_speed_m_per_s
        Walking speed: what a second of reaching up is worth in metres.
    space_ml
        Space that each SKU's stock takes up, for ``cube_per_order``. None: stock is held in
        proportion to what is sold.
    """

    rule: StorageRule
    a_share: float = 0.2
    b_share: float = 0.3
    walk_speed_m_per_s: float = 1.0
    space_ml: Floats | None = None


def assign_locations(
    catalogue: Catalogue, layout: Floor, storage: Storage, seed: int, shown_name: str = "scenario"
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
        ``by_popularity``: best seller nearest to the depot (ties: smaller SKU and location number);
        ``cube_per_order``: the SKU with the least space for each pick nearest to the depot
        (Heskett 1963, Cube-per-order index - a key to warehouse stock location, Transportation and
        Distribution Management 3, 27-31);
        ``abc_within_aisle``: class A fills the aisles nearest to the depot, one after the other,
        then B, then C; ``abc_across_aisle``: class A lies at the front of every aisle, B behind it
        (both: Petersen and Schmenner 1999, Decision Sciences 30(2), 481-501).
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
    if storage.rule == "random":
        places = stream(seed, "storage/random", ALL_REPLICATIONS).permutation(free)
    else:
        places = _best_first(layout, storage)
        places = places[~taken[places]]
        homeless = _first_ones_first(catalogue, storage)
        homeless = homeless[given[homeless] < 0]
    if storage.rule.startswith("abc"):
        places = _mixed_in_classes(catalogue, storage, places, homeless, seed)
    located: Indices = given.astype(np.int64)
    located[homeless] = places[: len(homeless)]
    return [int(location) for location in located]


def _first_ones_first(catalogue: Catalogue, storage: Storage) -> Indices:
    """Return all SKUs, the one that gets the best location first."""
    if storage.rule == "cube_per_order":
        space_ml = catalogue.volume_ml * catalogue.popularity
        if storage.space_ml is not None:
            space_ml = storage.space_ml
        with np.errstate(divide="ignore", invalid="ignore"):
            space_per_pick = space_ml / catalogue.popularity
        return np.argsort(space_per_pick, kind="stable")  # what is never picked comes last
    return np.argsort(-catalogue.popularity, kind="stable")


def _best_first(layout: Floor, storage: Storage) -> Indices:
    """Return all locations, the best one first; ties: the smaller number.

    Reaching up counts as the walk of as many seconds one way: the walk there and back is shared
    by the lines of a tour, the reaching is not.
    """
    walk_m = np.array(
        [
            0.5 * (layout.distance_m(DEPOT, place) + layout.distance_m(place, DEPOT))
            for place in range(layout.locations)
        ]
    )
    up_m = np.zeros(layout.locations)
    if layout.access_s is not None:
        up_m = np.array(layout.access_s) * storage.walk_speed_m_per_s
    aisle = np.array(layout.aisle_of)
    nearest_m = np.full(aisle.max() + 1, np.inf)
    np.minimum.at(nearest_m, aisle, walk_m)
    if storage.rule == "abc_within_aisle":
        rank = np.argsort(np.argsort(nearest_m, kind="stable"), kind="stable")
        return np.lexsort((walk_m + up_m, rank[aisle]))
    if storage.rule == "abc_across_aisle":
        depth_m = np.array(layout.offset_m) if layout.has_aisles else walk_m - nearest_m[aisle]
        return np.lexsort((walk_m, depth_m + up_m))
    return np.argsort(walk_m + up_m, kind="stable")


def _mixed_in_classes(
    catalogue: Catalogue, storage: Storage, places: Indices, homeless: Indices, seed: int
) -> Indices:
    """Return the locations with those of each class in random order."""
    class_of = abc_of_sku(catalogue.popularity, storage.a_share, storage.b_share)[homeless]
    mixed, start = places.copy(), 0
    for number, name in enumerate("abc"):
        end = start + int(np.count_nonzero(class_of == number))
        mixed[start:end] = stream(seed, f"storage/abc/{name}", ALL_REPLICATIONS).permutation(
            places[start:end]
        )
        start = end
    return mixed


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
