"""Suppliers by name, and classes of SKUs that are bought by rules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from sim.scenario.schema.base import (
    Count,
    Name,
    NotNegative,
    Positive,
    PositiveCount,
    Probability,
    Section,
)
from sim.scenario.schema.laws import Law

if TYPE_CHECKING:
    from sim.scenario.schema.stock import StockSection

Policy = Literal["s_S", "r_Q", "base_stock"]
OpenShare = Annotated[float, Field(gt=0.0, lt=1.0)]
Level = Annotated[int, Field(ge=-1_000_000, le=10_000_000)]


class StockClass(Section):
    """SKUs that are bought by rules of their own; what is left out is as in `stock`.

    A SKU belongs to the first class, in the order written, that takes it.
    """

    categories: list[Name] = Field(
        default_factory=list, description="categories whose SKUs it takes; none named: all"
    )
    value_share: Probability | None = Field(
        None,
        description="takes the SKUs with the largest demand at purchase cost, up to this share of the whole "
        "(ABC analysis: 0.8 and 0.95 are usual); null: all",
    )
    policy: Policy | None = Field(None, description="as stock.policy")
    service_level: OpenShare | None = Field(None, description="as stock.service_level")
    order_days: Positive | None = Field(None, description="as stock.order_days")
    reorder_point: Level | None = Field(None, description="as stock.reorder_point")
    order_up_to: Count | None = Field(None, description="as stock.order_up_to")
    order_quantity: PositiveCount | None = Field(None, description="as stock.order_quantity")


class Supplier(Section):
    """One who delivers; what is left out is as in `stock`.

    A SKU has one regular supplier: the one that the catalogue file names, else one of those that
    list its category, else one of those that list none; among several by their shares.
    """

    use: Literal["regular", "emergency"] = Field(
        "regular",
        description="emergency: asked besides the regular supplier when little is left (emergency_point)",
    )
    categories: list[Name] = Field(
        default_factory=list, description="categories it supplies; none named: all"
    )
    share: Probability = Field(
        1.0, description="relative share of the SKUs that it supplies, among those who could"
    )
    lead_time_days: Law | None = Field(None, description="as stock.lead_time_days")
    orders_cross: bool | None = Field(None, description="as stock.orders_cross")
    order_cost_eur: NotNegative | None = Field(None, description="as stock.order_cost_eur")
    partial_receipt_share: Probability | None = Field(
        None, description="as stock.partial_receipt_share"
    )
    min_order_units: PositiveCount = Field(1, description="least units of a purchase order")
    min_order_eur: Annotated[float, Field(ge=0.0, le=1e6)] = Field(
        0.0, description="least value of a purchase order, at this supplier's price"
    )
    pack_units: PositiveCount = Field(
        1, description="units are sold in packs of so many; purchase orders are rounded up to them"
    )
    price_factor: Positive = Field(
        1.0, description="its price / the purchase cost of the catalogue"
    )
    emergency_point: Level = Field(
        -1,
        description="emergency supplier: units free on the shelf, less those backordered, plus those on their way from it, "
        "at or below which it is asked; -1: when customers wait",
    )
    emergency_days: NotNegative = Field(
        2.0,
        description="emergency supplier: days of demand bought beyond the point; at least one unit (the default is an assumption)",
    )


SHARED = ("lead_time_days", "orders_cross", "order_cost_eur", "partial_receipt_share")
RULES = (
    "policy",
    "service_level",
    "order_days",
    "reorder_point",
    "order_up_to",
    "order_quantity",
)


def _with(stock: StockSection, section: Section, keys: tuple[str, ...]) -> StockSection:
    given: dict[str, Any] = {key: getattr(section, key) for key in keys}
    return stock.model_copy(update={k: v for k, v in given.items() if v is not None})


def terms_of(stock: StockSection, supplier: Supplier) -> StockSection:
    """Return the section ``stock`` as it holds for one supplier."""
    return _with(stock, supplier, SHARED)


def rules_of(stock: StockSection, group: StockClass) -> StockSection:
    """Return the section ``stock`` as it holds for one class of SKUs."""
    return _with(stock, group, RULES)
