"""What is sold: SKUs, their popularity, size, price and habit of coming back."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.after_sales import ReasonMix
from sim.scenario.schema.base import Name, NotNegative, PositiveCount, Probability, Section
from sim.scenario.schema.laws import Law, Lognormal, Uniform


def _lognormal(mean: float, cv: float) -> Lognormal:
    return Lognormal(distribution="lognormal", mean=mean, cv=cv)


class Category(Section):
    """A family of SKUs that behave alike."""

    share: Probability = Field(1.0, description="share of the SKUs; the shares add up to 1")
    price_eur: Law = Field(
        default_factory=lambda: _lognormal(25.0, 0.9), description="price of a unit"
    )
    cost_share: Probability = Field(0.55, description="purchase cost / price")
    weight_g: Law = Field(
        default_factory=lambda: _lognormal(600.0, 1.0), description="weight of a unit"
    )
    volume_ml: Law = Field(
        default_factory=lambda: _lognormal(1500.0, 1.0), description="volume of a unit"
    )
    length_to_width: Law = Field(
        default_factory=lambda: Uniform(distribution="uniform", low=1.0, high=2.0),
        description="longest side / middle side of a unit; below 1 counts as 1 (the default is an assumption)",
    )
    width_to_height: Law = Field(
        default_factory=lambda: Uniform(distribution="uniform", low=1.0, high=3.0),
        description="middle side / shortest side of a unit; below 1 counts as 1 (the default is an assumption)",
    )
    fragile_share: Probability = Field(0.1, description="share of the SKUs that break easily")
    return_rate: Probability = Field(
        0.08, description="chance that a customer sends a sound line back (fit, not as expected)"
    )
    return_reasons: ReasonMix | None = Field(
        None, description="why sound goods of this category come back; null: returns.reasons"
    )
    return_lag_days: Law | None = Field(
        None, description="door to the customer's request; null: returns.lag_days"
    )
    return_inspect_s: Law | None = Field(
        None, description="returns clerk: open, inspect, decide; null: returns.inspect_s"
    )


class ItemsSection(Section):
    """The catalogue."""

    count: PositiveCount = Field(1000, description="SKUs of a generated catalogue")
    popularity_exponent: NotNegative = Field(
        0.75,
        description="demand of the SKU at rank r is proportional to (r + popularity_shift) ** -exponent",
    )
    popularity_shift: NotNegative = Field(
        2.0, description="flattens the head of the popularity law"
    )
    categories: dict[Name, Category] = Field(
        default_factory=lambda: {"general": Category()}, min_length=1
    )
    file: str | None = Field(
        None,
        description="CSV of SKUs (sku, category, price_eur, cost_eur, weight_g, volume_ml, "
        "length_mm, width_mm, height_mm, fragile, return_rate, popularity, location, reorder_point, order_up_to, "
        "order_quantity, opening_units, supplier); replaces the generated catalogue",
    )
