"""Who supplies which SKU, and the buying wired for one replication."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.engine.opening import demand_rates, regular_suppliers
from sim.engine.setting import Setting
from sim.orders.book import OrderBook
from sim.policies.replenishment import ReorderLevels
from sim.scenario.schema import clock_s
from sim.scenario.schema.stock import StockSection
from sim.scenario.schema.suppliers import Supplier as SupplierSection
from sim.scenario.schema.suppliers import terms_of
from sim.stages.buying import Buying, BuyingRules, Emergency
from sim.stages.suppliers import DAY_S, PartReceipts, Supplier, SupplierTimes


def buying(setting: Setting, by_sku: Sequence[ReorderLevels], book: OrderBook) -> Buying:
    """Return the buying of a house that keeps stock."""
    stock, declared = setting.scenario.stock, setting.scenario.suppliers
    review_s = None
    if stock.review == "periodic":
        review_s = (float(clock_s(stock.review_time)), stock.review_days * DAY_S)
    if declared:
        suppliers = [
            _named(setting, book, number, name, section)
            for number, (name, section) in enumerate(declared.items())
        ]
        regular = [suppliers[number] for number in regular_suppliers(setting)]
    else:
        suppliers = []
        regular = [_supplier(0, stock, "supplier", book, len(by_sku))] * len(by_sku)
    rules = BuyingRules(
        regular,
        _emergencies(setting, suppliers),
        stock.receive_s_per_order,
        review_s,
        stock.max_outstanding,
        stock.one_lot_per_order,
        named=bool(declared),
    )
    return Buying(by_sku, rules)


def _supplier(
    number: int,
    terms: StockSection,
    stream_name: str,
    book: OrderBook,
    skus: int,
    least_units: Sequence[int] | None = None,
    pack_units: int = 1,
) -> Supplier:
    luck = (book.seed, book.replication, skus, stream_name)
    in_parts = PartReceipts(terms, *luck) if terms.partial_receipt_share > 0.0 else None
    times = SupplierTimes(terms.lead_time_days, *luck)
    return Supplier(number, terms, times, in_parts, least_units, pack_units)


def _named(
    setting: Setting, book: OrderBook, number: int, name: str, section: SupplierSection
) -> Supplier:
    """Return a supplier of the scenario; its minimum in EUR is turned into units of each SKU."""
    least: list[int] | None = None
    skus = setting.catalogue.count
    if section.min_order_eur > 0.0 or section.min_order_units > 1 or section.pack_units > 1:
        prices = (setting.catalogue.cost_cents * (section.price_factor / 100.0)).tolist()
        least = [
            max(section.min_order_units, math.ceil(section.min_order_eur / price) if price else 1)
            for price in prices
        ]
    terms = terms_of(setting.scenario.stock, section)
    stream_name = f"supplier/{name}"
    return _supplier(number, terms, stream_name, book, skus, least, section.pack_units)


def _emergencies(setting: Setting, suppliers: Sequence[Supplier]) -> list[Emergency | None]:
    """Return the emergency supplier of each SKU: the first that supplies its category."""
    declared = list(setting.scenario.suppliers.values())
    fast = [(s, each) for s, each in zip(suppliers, declared, strict=False)
            if each.use == "emergency"]  # fmt: skip
    if not fast:
        return []
    demand, _ = demand_rates(setting)
    names = [setting.catalogue.categories[k] for k in setting.catalogue.category.tolist()]
    found: list[Emergency | None] = []
    for name, mean in zip(names, demand.tolist(), strict=True):
        mine = (pair for pair in fast if not pair[1].categories or name in pair[1].categories)
        supplier, section = next(mine, (None, None))
        if supplier is None or section is None:
            found.append(None)
            continue
        more = max(1, math.ceil(mean * section.emergency_days))
        point = section.emergency_point
        found.append(Emergency(supplier, ReorderLevels(point, point + more)))
    return found
