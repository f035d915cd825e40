"""Baskets: how many lines an order has, which SKUs, how many units of each.

Baskets hold distinct SKUs: a SKU drawn twice for an order is replaced by the next draw that is new
to it, which is drawing by popularity without putting back.

A channel with basket laws of its own draws from streams of its own. What the other channels order
is drawn as if it had none, and so does not move.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import Problem, ScenarioError
from sim.orders.book import Codes, Integers
from sim.orders.draws import cumulated, draw_counts
from sim.orders.streams import stream
from sim.scenario.schema.laws import CountLaw
from sim.scenario.schema.orders import Channel
from sim.scenario.schema.scenario import Scenario
from sim.warehouse.items import Catalogue

REDRAWS = 20
"""Passes that replace SKUs drawn twice; what is still double then (tiny catalogues) stays."""


@dataclass(frozen=True)
class BasketLaws:
    """What the baskets of some orders follow.

    Parameters
    ----------
    lines, units
        Laws of the lines of an order and of the units of a line.
    popularity
        Relative frequency of each SKU among the lines. Shape (K,).
    """

    lines: CountLaw
    units: CountLaw
    popularity: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Baskets:
    """Baskets of n orders with m lines: ``first_line`` shape (n + 1,), ``sku units`` (m,)."""

    first_line: Integers
    sku: Integers
    units: Integers


def own_baskets(channel: Channel) -> bool:
    """Tell whether a channel's baskets follow laws of their own."""
    laws = (channel.lines_per_order, channel.units_per_line)
    return bool(channel.category_weights) or any(law is not None for law in laws)


def basket_laws(scenario: Scenario, catalogue: Catalogue, name: str | None = None) -> BasketLaws:
    """Return the laws of a channel's baskets; of all that have none of their own without a name.

    Raises
    ------
    ScenarioError
        If a category is named that has no item.
    """
    orders = scenario.orders
    if name is None:
        return BasketLaws(orders.lines_per_order, orders.units_per_line, catalogue.popularity)
    channel = orders.channels[name]
    popularity = catalogue.popularity
    if channel.category_weights:
        popularity = _by_category(scenario, catalogue, name)
    return BasketLaws(
        channel.lines_per_order or orders.lines_per_order,
        channel.units_per_line or orders.units_per_line,
        popularity,
    )


def draw_baskets(
    scenario: Scenario,
    catalogue: Catalogue,
    channel: Codes,
    replication: int,
    of: str = "baskets",
) -> Baskets:
    """Return the baskets of some orders, from the streams of their kind.

    Parameters
    ----------
    scenario, catalogue
        Their laws.
    channel
        The channel of each order. Shape (n,).
    replication
        Number of the replication from 0.
    of
        First word of the streams' names.
    """
    seed, orders = scenario.run.seed, len(channel)
    common = _draw(basket_laws(scenario, catalogue), orders, (of, ""), seed, replication)
    parts = [common]
    row = np.arange(orders)
    start_of = common.first_line[:-1].astype(np.int64)
    lines = np.diff(common.first_line)
    for number, (name, declared) in enumerate(scenario.orders.channels.items()):
        if not own_baskets(declared):
            continue
        mine = row[channel == number]
        own = _draw(
            basket_laws(scenario, catalogue, name), len(mine), (of, f"/{name}"), seed, replication
        )
        start_of[mine] = own.first_line[:-1] + sum(len(part.sku) for part in parts)
        lines[mine] = np.diff(own.first_line)
        parts.append(own)
    if len(parts) == 1:
        return common
    first_line = np.zeros(orders + 1, dtype=np.int32)
    np.cumsum(lines, out=first_line[1:])
    chosen = np.repeat(start_of - first_line[:-1], lines) + np.arange(first_line[-1])
    return Baskets(
        first_line,
        np.concatenate([part.sku for part in parts])[chosen],
        np.concatenate([part.units for part in parts])[chosen],
    )


def _draw(
    laws: BasketLaws, orders: int, kind: tuple[str, str], seed: int, replication: int
) -> Baskets:
    of, whose = kind
    lines = draw_counts(laws.lines, stream(seed, f"{of}/lines{whose}", replication), orders)
    first_line = np.zeros(orders + 1, dtype=np.int32)
    np.cumsum(lines, out=first_line[1:])
    sku = _skus(laws.popularity, first_line, kind, seed, replication)
    units = draw_counts(laws.units, stream(seed, f"{of}/units{whose}", replication), len(sku))
    return Baskets(first_line, sku, units.astype(np.int32))


def _by_category(scenario: Scenario, catalogue: Catalogue, name: str) -> npt.NDArray[np.float64]:
    """Return popularities that give each category its share of the lines."""
    weights = scenario.orders.channels[name].category_weights
    unknown = [category for category in weights if category not in catalogue.categories]
    if unknown:
        key = f"orders.channels.{name}.category_weights.{unknown[0]}"
        expected = f"one of the categories of the items: {', '.join(catalogue.categories)}"
        found = "no category of the items"
        raise ScenarioError([Problem(scenario.name, 0, 0, key, found, expected)])
    of_category = np.array([weights.get(category, 0.0) for category in catalogue.categories])
    whole = np.bincount(
        catalogue.category, weights=catalogue.popularity, minlength=len(of_category)
    )
    share = np.divide(of_category, whole, out=np.zeros(len(whole)), where=whole > 0.0)
    popularity: npt.NDArray[np.float64] = catalogue.popularity * share[catalogue.category]
    if not popularity.any():
        key = f"orders.channels.{name}.category_weights"
        expected = "a weight above 0 of a category that has items"
        raise ScenarioError([Problem(scenario.name, 0, 0, key, "no item has a weight", expected)])
    popularity /= popularity.sum()
    return popularity


def _skus(
    popularity: npt.NDArray[np.float64],
    first_line: Integers,
    kind: tuple[str, str],
    seed: int,
    replication: int,
) -> Integers:
    of, whose = kind
    shares = cumulated(popularity)
    first = stream(seed, f"{of}/sku{whose}", replication).random(int(first_line[-1]))
    sku = np.searchsorted(shares, first, side="right").astype(np.int32)
    again = stream(seed, f"{of}/sku-again{whose}", replication)
    suspects = _several_line_orders(first_line)
    for _ in range(REDRAWS):
        double = _drawn_twice(sku, first_line, suspects)
        if len(double) == 0:
            break
        sku[double] = np.searchsorted(shares, again.random(len(double)), side="right")
        suspects = np.unique(np.searchsorted(first_line, double, side="right") - 1)
    return sku


def _several_line_orders(first_line: Integers) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.diff(first_line) > 1)


def _drawn_twice(
    sku: Integers, first_line: Integers, orders: npt.NDArray[np.intp]
) -> npt.NDArray[np.int64]:
    """Return the lines of the given orders whose SKU an earlier line of the order has already."""
    if len(orders) == 0:
        return np.empty(0, dtype=np.int64)
    starts = first_line[orders].astype(np.int64)
    lengths = first_line[orders + 1] - starts
    ends = np.cumsum(lengths)
    owner = np.repeat(np.arange(len(orders)), lengths)
    place = np.arange(ends[-1]) - np.repeat(ends - lengths, lengths)
    skus, places = int(sku.max()) + 1, int(lengths.max())
    # One number holds order, SKU and place: sorting brings equal SKUs of an order side by side.
    keys = (owner * skus + sku[starts[owner] + place]) * places + place
    keys.sort()
    kinds = keys // places
    later = keys[1:][kinds[1:] == kinds[:-1]]
    return np.sort(starts[later // (skus * places)] + later % places)
