"""Packing benches: check, box, protection, void fill, label and invoice."""

from __future__ import annotations

from typing import Annotated, Literal

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
from sim.scenario.schema.laws import Gamma, Law


class MaterialStock(Section):
    """Boxes of a kind, or labels, that can run out; bought again in lots of one size."""

    units: Count = Field(description="there at the start")
    reorder_point: Count = Field(
        0,
        description="bought again when units there and on order, less those waited for, are down to this",
    )
    reorder_units: PositiveCount = Field(description="units of a lot")
    lead_time_days: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=3.0, cv=0.4),
        description="supplier: order to bench",
    )


class PackingStep(Section):
    """A step of the packer's work."""

    s_per_parcel: NotNegative = Field(0.0, description="seconds for each parcel")
    s_per_line: NotNegative = Field(0.0, description="seconds for each line")
    s_per_unit: NotNegative = Field(0.0, description="seconds for each unit")
    s_per_fragile_unit: NotNegative = Field(
        0.0, description="seconds for each fragile unit; none where protect_fragile is false"
    )


class Box(Section):
    """A carton of the box set, inside measures."""

    length_mm: Positive
    width_mm: Positive
    height_mm: Positive
    max_weight_kg: Positive = 30.0
    price_eur: NotNegative = 0.5
    stock: MaterialStock | None = Field(
        None, description="how many there are; without, the box never runs out"
    )

    @property
    def volume_ml(self) -> float:
        """Inside volume in millilitres."""
        return self.length_mm * self.width_mm * self.height_mm / 1000.0

    @property
    def sides_mm(self) -> tuple[float, float, float]:
        """Inside measures, longest first."""
        long, wide, high = sorted((self.length_mm, self.width_mm, self.height_mm), reverse=True)
        return long, wide, high


def _default_boxes() -> dict[str, Box]:
    return {
        "xs": Box(length_mm=230, width_mm=160, height_mm=80, price_eur=0.25),
        "s": Box(length_mm=300, width_mm=220, height_mm=120, price_eur=0.38),
        "m": Box(length_mm=400, width_mm=300, height_mm=200, price_eur=0.62),
        "l": Box(length_mm=600, width_mm=400, height_mm=300, price_eur=1.10),
        "xl": Box(length_mm=800, width_mm=600, height_mm=400, price_eur=2.10),
    }


class PackingSection(Section):
    """Check, box, protection, void fill, label and invoice."""

    base_s: NotNegative = Field(40.0, description="a parcel: fetch, choose box, close")
    per_unit_s: NotNegative = Field(6.0, description="a unit: check and place")
    fragile_extra_s: NotNegative = Field(20.0, description="wrap a fragile unit")
    spread_cv: Annotated[float, Field(ge=0.0, le=5.0)] = Field(
        0.4, description="spread of the packing time"
    )
    steps: dict[Name, PackingStep] | None = Field(
        None,
        description="named steps that take the place of base_s, per_unit_s and fragile_extra_s",
    )
    time_s: Law | None = Field(
        None, description="replaces the packing time of an order; 0 passes without people"
    )
    benches: PositiveCount | None = Field(
        None, description="packing benches; a packer needs a free one. Without: as many as needed"
    )
    label_s: Law = Field(
        default_factory=lambda: Gamma(distribution="gamma", mean=35.0, cv=0.4),
        description="print and apply label and invoice, by dispatchers; 0 passes without people",
    )
    check_detects: Probability = Field(
        0.7, description="share of wrong lines found at the packing check"
    )
    fill_share: Annotated[float, Field(gt=0.0, le=1.0)] = Field(
        0.75, description="share of a box that goods can fill; the rest is void or padding"
    )
    fragile_padding: Annotated[float, Field(ge=1.0, le=5.0)] = Field(
        1.4, description="volume factor of a wrapped unit"
    )
    protect_fragile: bool = Field(True, description="wrap fragile units")
    damage_rate: Probability = Field(
        0.002, description="transit damage of a sturdy or protected line"
    )
    damage_rate_unprotected: Probability = Field(
        0.04, description="transit damage of an unwrapped fragile line"
    )
    void_fill_eur_per_l: NotNegative = 0.02
    boxes: dict[Name, Box] = Field(default_factory=_default_boxes, min_length=1, max_length=100)
    box_rule: str = Field(
        "volume",
        description="smallest box by volume and weight (volume), where every unit also fits by its sides "
        "(volume_and_sides), or in which all units fit side by side (exact_fit)",
    )
    billed_volume: Literal["goods", "boxes"] = Field(
        "goods", description="what the carrier measures: the goods, or the boxes they travel in"
    )
    labels: MaterialStock | None = Field(
        None, description="how many labels there are; without, they never run out"
    )

    @property
    def boxes_by_volume(self) -> list[Box]:
        """The box set in the order of its numbers in the log: the smallest volume first."""
        return sorted(self.boxes.values(), key=lambda box: box.volume_ml)
