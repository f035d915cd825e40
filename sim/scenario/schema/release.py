"""When allocated shipments go to the floor."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.scenario.schema.base import (
    Name,
    Positive,
    PositiveCount,
    Section,
)


class ReleaseSection(Section):
    """When allocated shipments go to the floor."""

    policy: Name = Field(
        "waveless",
        description="waveless: at once; interval: every interval_min minutes; cut_off_wave: lead_min minutes before "
        "the shipment's truck; wip_limit: as long as fewer than wip_max_shipments are under way",
    )
    sequence: Literal["first_come", "due_time", "priority"] = Field(
        "first_come",
        description="who of the waiting shipments goes first: first_come; due_time: by the promised truck; priority: "
        "by the channel's rank, then by the promised truck",
    )
    interval_min: Positive = Field(60.0, description="interval: minutes from wave to wave")
    lead_min: Positive = Field(
        120.0,
        description="cut_off_wave: minutes from the wave to its truck; what is allocated later goes at once (an "
        "assumption: what the floor and the benches need for a wave)",
    )
    waves_before_truck: PositiveCount = Field(
        1,
        description="cut_off_wave: waves before each truck, evenly spread over the last lead_min minutes; what is "
        "allocated after the last one goes at once",
    )
    wip_max_shipments: PositiveCount = Field(
        100,
        description="wip_limit: shipments released and not yet packed, at most (CONWIP; Spearman, Woodruff & Hopp "
        "1990)",
    )
