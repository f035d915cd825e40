"""The catalogue of an imported history: codes, prices and popularity from the file, the rest drawn.

An export knows neither weight nor size. Each SKU draws them from the laws of its category, from
streams named after its code: it weighs the same in every file that sells it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.orders.draws import choose, draw
from sim.orders.streams import ALL_REPLICATIONS, stream
from sim.scenario.schema.items import ItemsSection
from sim.scenario.schema.laws import Law
from sim.warehouse.catalogue_file import LEAST_MEASURE
from sim.warehouse.items import Catalogue
from sim.warehouse.sides import sides_mm

MOST_CENTS = 1_000_000_000


def history_catalogue(
    codes: tuple[str, ...],
    sku: npt.NDArray[np.int32],
    prices_cents: npt.NDArray[np.int32] | None,
    items: ItemsSection,
    seed: int,
) -> Catalogue:
    """Return the catalogue of the SKUs sold.

    Parameters
    ----------
    codes
        Codes of the SKUs. Length K.
    sku, prices_cents
        SKU and price of each line; without prices a SKU gets one by its category. Shape (m,).
    items
        Categories; a SKU belongs to one of them by their shares.
    seed
        Seed of what is drawn.

    Returns
    -------
        The price of a SKU is the median over its lines, its popularity its share of the lines.
    """
    categories = tuple(items.categories.values())
    category = _categories(codes, items, seed)

    def drawn(key: str) -> npt.NDArray[np.float64]:
        laws: list[Law] = [getattr(each, key) for each in categories]
        return _drawn(codes, category, laws, f"history/{key}", seed)

    def share(key: str) -> npt.NDArray[np.float64]:
        return np.array([getattr(each, key) for each in categories], dtype=np.float64)[category]

    if prices_cents is None:
        price = np.clip(np.floor(drawn("price_eur") * 100.0 + 0.5), 1, MOST_CENTS).astype(np.int32)
    else:
        price = _median_price(sku, prices_cents, len(codes))
    volume_ml = np.maximum(drawn("volume_ml"), LEAST_MEASURE)
    return Catalogue(
        codes=codes,
        category=category,
        price_cents=price,
        cost_cents=np.rint(price * share("cost_share")).astype(np.int32),
        weight_g=np.maximum(drawn("weight_g"), LEAST_MEASURE),
        volume_ml=volume_ml,
        sides_mm=sides_mm(volume_ml, drawn("length_to_width"), drawn("width_to_height")),
        fragile=_uniforms(codes, "history/fragile", seed) < share("fragile_share"),
        return_rate=share("return_rate"),
        popularity=np.bincount(sku, minlength=len(codes)) / len(sku),
        location=np.full(len(codes), -1, dtype=np.int32),
        categories=tuple(items.categories),
    )


def _median_price(
    sku: npt.NDArray[np.int32], price_cents: npt.NDArray[np.int32], skus: int
) -> npt.NDArray[np.int32]:
    """Return the median price over the lines of each SKU, rounded half up."""
    prices = price_cents[np.lexsort((price_cents, sku))].astype(np.int64)
    counts = np.bincount(sku, minlength=skus)
    ends = np.cumsum(counts)
    low = prices[ends - counts + (counts - 1) // 2]
    high = prices[ends - counts + counts // 2]
    median: npt.NDArray[np.int32] = ((low + high + 1) // 2).astype(np.int32)
    return median


def _uniforms(codes: tuple[str, ...], purpose: str, seed: int) -> npt.NDArray[np.float64]:
    return np.array(
        [stream(seed, f"{purpose}/{name}", ALL_REPLICATIONS).random() for name in codes]
    )


def _categories(codes: tuple[str, ...], items: ItemsSection, seed: int) -> npt.NDArray[np.int16]:
    if len(items.categories) == 1:
        return np.zeros(len(codes), dtype=np.int16)
    shares = [each.share for each in items.categories.values()]
    return choose(shares, _uniforms(codes, "history/category", seed)).astype(np.int16)


def _drawn(
    codes: tuple[str, ...],
    category: npt.NDArray[np.int16],
    laws: list[Law],
    purpose: str,
    seed: int,
) -> npt.NDArray[np.float64]:
    """Return a value for each SKU from a stream of its own, so that it stays when others come."""
    return np.array(
        [
            draw(laws[number], stream(seed, f"{purpose}/{name}", ALL_REPLICATIONS), 1)[0]
            for name, number in zip(codes, category, strict=True)
        ]
    )
