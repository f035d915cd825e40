"""What stands still: the floor, and where each SKU lies on it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import NotNegative, Positive, Section


class LayoutSection(Section):
    """A rectangular floor of parallel two-sided aisles, or a location file."""

    aisles: Annotated[int, Field(ge=1, le=1000)] = 12
    positions_per_side: Annotated[int, Field(ge=1, le=2000)] = Field(
        45, description="pick positions along each side"
    )
    position_length_m: Positive = Field(1.0, description="metres of aisle for each position")
    aisle_pitch_m: Positive = Field(
        5.0, description="metres between the centre lines of neighbouring aisles"
    )
    cross_aisle_m: NotNegative = Field(
        1.0, description="metres from a cross-aisle's centre line to the first position"
    )
    depot_aisle: NotNegative = Field(
        0.0, description="depot on the front cross-aisle, before this aisle (0 = leftmost)"
    )
    locations_file: str | None = Field(
        None, description="CSV location_id, x_m, y_m: a free-form floor that replaces the aisles"
    )
    paths_file: str | None = Field(
        None, description="CSV from, to: walkways between the locations of the file"
    )
    depot_id: str = Field("depot", description="location_id of the depot in locations_file")


class WarehouseSection(Section):
    """The floor and the storage rule."""

    layout: LayoutSection = LayoutSection()
    storage: Literal["random", "by_popularity"] = Field(
        "random", description="random: anywhere; by_popularity: best sellers nearest to the depot"
    )
    walk_speed_m_per_s: Positive = Field(1.0, description="walking with a cart")
