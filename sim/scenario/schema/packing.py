"""Packing benches: check, box, protection, void fill, label and invoice."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.schema.base import (
    Name,
    NotNegative,
    Positive,
    Probability,
    Section,
)
from sim.scenario.schema.laws import Gamma, Law


class Box(Section):
    """A carton of the box set, inside measures."""

    length_mm: Positive
    width_mm: Positive
    height_mm: Positive
    max_weight_kg: Positive = 30.0
    price_eur: NotNegative = 0.5

    @property
    def volume_ml(self) -> float:
        """Inside volume in millilitres."""
        return self.length_mm * self.width_mm * self.height_mm / 1000.0


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
    time_s: Law | None = Field(
        None, description="replaces the packing time of an order; 0 passes without people"
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
    boxes: dict[Name, Box] = Field(default_factory=_default_boxes, min_length=1)
