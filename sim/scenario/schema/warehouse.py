"""What stands still: the floor, and where each SKU lies on it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import NotNegative, Positive, Probability, Section

StorageRule = Literal[
    "random", "by_popularity", "abc_within_aisle", "abc_across_aisle", "cube_per_order"
]


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
    blocks: Annotated[int, Field(ge=1, le=100)] = Field(
        1,
        description="blocks one behind the other, with a cross-aisle between; share the positions",
    )
    one_way: bool = Field(
        False,
        description="1st, 3rd, 5th ... aisle walked to the back only, the others to the front",
    )
    levels: Annotated[int, Field(ge=1, le=50)] = Field(
        1, description="storage locations one above the other at each position"
    )
    access_s_per_level: Annotated[list[NotNegative], Field(min_length=1, max_length=50)] = Field(
        default_factory=lambda: [0.0],
        description="seconds that each level, from the lowest, adds to the search of a line",
    )
    depot_aisle: NotNegative = Field(
        0.0, description="depot on the front cross-aisle, before this aisle (0 = leftmost)"
    )
    locations_file: str | None = Field(
        None,
        description="CSV location_id, x_m, y_m (and zone, aisle, level, access_s, if wanted): a free-form floor that replaces the aisles",
    )
    paths_file: str | None = Field(
        None, description="CSV from, to: walkways between the locations of the file"
    )
    depot_id: str = Field("depot", description="location_id of the depot in locations_file")


class AbcSection(Section):
    """Classes of SKUs by pick frequency for the abc rules; class C is the rest (20/30/50: textbooks)."""

    a_share: Probability = Field(0.2, description="share of the SKUs in class A, picked most often")
    b_share: Probability = Field(0.3, description="share of the SKUs in class B")


class WarehouseSection(Section):
    """The floor and the storage rule."""

    layout: LayoutSection = LayoutSection()
    zones: Annotated[int, Field(ge=1, le=1000)] = Field(
        1, description="groups of neighbouring aisles, as equal as possible, counted from the left"
    )
    storage: StorageRule = Field(
        "random",
        description="random: anywhere; by_popularity: best sellers nearest to the depot; abc_within_aisle: class A in the nearest aisles; abc_across_aisle: class A at the front of every aisle; cube_per_order: least space per pick nearest",
    )
    abc: AbcSection = AbcSection()
    walk_speed_m_per_s: Positive = Field(1.0, description="walking with a cart")
