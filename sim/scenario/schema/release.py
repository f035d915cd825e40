"""When allocated shipments go to the floor."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.base import (
    Name,
    Positive,
    Section,
)


class ReleaseSection(Section):
    """When allocated orders go to the floor."""

    policy: Name = Field(
        "waveless", description="waveless: at once; interval: every interval_min minutes"
    )
    interval_min: Positive = 60.0
