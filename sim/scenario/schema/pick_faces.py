"""Pick faces: the units of each SKU within the pickers' reach, topped up from the reserve."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.base import NotNegative, Positive, Section


class PickFacesSection(Section):
    """A pick face for every SKU; what does not lie there lies in the reserve.

    When the units on a face that no tour has claimed fall to the minimum, a top-up to the maximum
    is asked for.
    """

    used: bool = Field(
        False, description="false: all units lie within reach, the keys below play no part"
    )
    max_days: Positive = Field(2.0, description="days of mean demand on a full face")
    min_days: NotNegative = Field(0.5, description="days of mean demand at which it is topped up")
    face_volume_l: Positive = Field(
        120.0, description="litres of a face, which bound its units; at least 1 unit fits"
    )
    top_up_s: NotNegative = Field(
        120.0, description="set-up and walk of a top-up (120 s to load: OFC rule book)"
    )
    top_up_s_per_unit: NotNegative = Field(
        3.0, description="and for each unit brought; own order of magnitude"
    )
    emergency_top_up: bool = Field(
        True,
        description="a face that a tour found too empty is topped up before all others; false: in its turn",
    )
