"""The catalogue: generated from the categories of a scenario.

Every property has a stream of its own and is the same in all replications, so two scenarios of one
seed sell the same goods.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.orders.draws import draw
from sim.orders.streams import ALL_REPLICATIONS, stream
from sim.scenario.schema.items import Category, ItemsSection
from sim.scenario.schema.laws import Law
from sim.warehouse.catalogue_file import LEAST_MEASURE, read_catalogue
from sim.warehouse.items import Catalogue
from sim.warehouse.popularity import popularity_law
from sim.warehouse.sides import sides_mm

__all__ = ["generated_catalogue", "read_catalogue"]

MOST_CENTS = 1_000_000_000


def generated_catalogue(items: ItemsSection, seed: int) -> Catalogue:
    """Return the catalogue of a scenario without a catalogue file.

    Parameters
    ----------
    items
        Size, popularity law and categories. Categories get whole SKUs by largest remainder.
    seed
        Seed of the scenario; the catalogue is the same in all replications.
    """
    count = items.count
    categories = tuple(items.categories.values())
    category = _dealt([each.share for each in categories], count)
    category = stream(seed, "catalogue/category", ALL_REPLICATIONS).permutation(category)
    prices_eur = _by_category(items, category, seed, "price", lambda each: each.price_eur)
    price_cents = np.clip(np.rint(prices_eur * 100.0), 1, MOST_CENTS).astype(np.int32)
    cost_share = np.array([each.cost_share for each in categories])[category]
    ranks = stream(seed, "catalogue/popularity", ALL_REPLICATIONS).permutation(count)
    volume_ml = _measure(_by_category(items, category, seed, "volume", lambda each: each.volume_ml))
    width = max(5, len(str(count)))
    return Catalogue(
        codes=tuple(f"SKU-{number:0{width}d}" for number in range(1, count + 1)),
        category=category.astype(np.int16),
        price_cents=price_cents,
        cost_cents=np.rint(price_cents * cost_share).astype(np.int32),
        weight_g=_measure(
            _by_category(items, category, seed, "weight", lambda each: each.weight_g)
        ),
        volume_ml=volume_ml,
        sides_mm=sides_mm(
            volume_ml,
            _by_category(items, category, seed, "length-to-width", lambda c: c.length_to_width),
            _by_category(items, category, seed, "width-to-height", lambda c: c.width_to_height),
        ),
        fragile=_fragile(categories, category, seed),
        return_rate=np.array([each.return_rate for each in categories])[category],
        popularity=popularity_law(items, count)[ranks],
        location=np.full(count, -1, dtype=np.int32),
        categories=tuple(items.categories),
    )


def _dealt(shares: list[float], count: int) -> npt.NDArray[np.int64]:
    """Return ``count`` category numbers, each category by its share (largest remainder)."""
    total = math.fsum(shares)
    exact = [share / total * count if total > 0 else count / len(shares) for share in shares]
    whole = [math.floor(number) for number in exact]
    by_rest = sorted(range(len(shares)), key=lambda k: (whole[k] - exact[k], k))
    for k in by_rest[: count - sum(whole)]:
        whole[k] += 1
    return np.repeat(np.arange(len(shares)), whole)


def _by_category(
    items: ItemsSection,
    category: npt.NDArray[np.int64],
    seed: int,
    name: str,
    law_of: Callable[[Category], Law],
) -> npt.NDArray[np.float64]:
    values = np.empty(len(category))
    for number, (key, section) in enumerate(items.categories.items()):
        rng = stream(seed, f"catalogue/{name}/{key}", ALL_REPLICATIONS)
        members = category == number
        # Drawn for every SKU, so that a shift of the shares leaves a SKU that stays as it was.
        values[members] = draw(law_of(section), rng, len(category))[members]
    return values


def _measure(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.maximum(values, LEAST_MEASURE)


def _fragile(
    categories: tuple[Category, ...], category: npt.NDArray[np.int64], seed: int
) -> npt.NDArray[np.bool_]:
    """Return which SKUs are fragile: the share of each category, rounded to whole SKUs."""
    uniforms = stream(seed, "catalogue/fragile", ALL_REPLICATIONS).random(len(category))
    fragile = np.zeros(len(category), dtype=np.bool_)
    for number, section in enumerate(categories):
        members = np.flatnonzero(category == number)
        chosen = members[np.argsort(uniforms[members], kind="stable")]
        fragile[chosen[: round(section.fragile_share * len(members))]] = True
    return fragile
