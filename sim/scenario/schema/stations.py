"""Stations beside the usual way: engraving, gift wrap, kitting, a close look, a workshop.

A picked order may pass some of them before it is packed. They are the work of specialists, the
first of each shift's at the first station of the file.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.schema.base import Name, PositiveCount, Probability, Section
from sim.scenario.schema.laws import Deterministic, Law
from sim.scenario.schema.people import Heads

Speed = Annotated[float, Field(ge=0.05, le=20.0)]


class Specialist(Section):
    """One of a station's own people, as far as they differ from the others."""

    pace: Speed = Field(1.0, description="speed / the station's standard: 0.5 takes twice as long")
    channels: list[Name] = Field(
        default_factory=list,
        description="channels whose orders they are trained for, in the order of choice when they become free; "
        "none named: all, whoever is first in line",
    )
    time_s_by_channel: dict[Name, Law] = Field(
        default_factory=dict,
        description="their own time by channel, in place of the station's and of their pace",
    )


class Machines(Section):
    """One machine for each of a station's own people, who stand still while it is broken."""

    runs_h: Law = Field(description="hours from a repair to the next breakdown")
    repair_s: Law = Field(description="work of a repair")
    repaired_at: Name = Field(
        description="station whose people repair it, among their other work; its line is the wait for a repair"
    )


class Station(Section):
    """Extra work on picked orders, with people of its own."""

    time_s: Law = Field(
        default_factory=lambda: Deterministic(distribution="deterministic", value=0.0),
        description="work of a visit",
    )
    time_s_by_channel: dict[Name, Law] = Field(
        default_factory=dict, description="work of a visit by channel; else time_s"
    )
    share: Probability = Field(
        0.0,
        description="share of the shipments that come here first after the pick; those of all stations "
        "add up to at most 1, the rest passes none",
    )
    share_by_channel: dict[Name, Probability] = Field(
        default_factory=dict, description="the same by channel; else share"
    )
    then: dict[Name, Probability] = Field(
        default_factory=dict,
        description="where a shipment goes next, itself allowed; at most 1 in all, the rest goes on to packing",
    )
    people: Heads | None = Field(
        None,
        description="specialists of each shift who work here alone; null: whoever has no station of their own",
    )
    specialists: dict[Name, Specialist] = Field(
        default_factory=dict, description="the same one by one, where they are not alike"
    )
    free_first: Literal["longest_free", "fastest", "listed"] = Field(
        "longest_free",
        description="who of several free people takes a shipment that comes; of equally fast ones the one listed first",
    )
    first_choice: dict[Name, list[Name]] = Field(
        default_factory=dict,
        description="by channel, the specialists in the order in which a shipment takes them if several are free",
    )
    sequence: Literal["first_come", "priority"] = Field(
        "first_come", description="order of the line; priority: by the rank of the channel first"
    )
    interrupts: bool = Field(
        False,
        description="with sequence priority: a shipment that finds nobody free interrupts one of lower "
        "rank, whose work is resumed later where it stopped",
    )
    places: PositiveCount | None = Field(
        None,
        description="shipments that have room here, in line and in work; one more goes on without; null: no limit",
    )
    patience_s: Law | None = Field(
        None,
        description="how long a shipment waits for the work to begin before it goes on without; null: for ever",
    )
    side_work_s: Law | None = Field(
        None,
        description="a piece of other work (tidying, counting) that people here take up whenever nothing waits, and finish; "
        "null: they wait",
    )
    machines: Machines | None = Field(
        None, description="machines that break down; null: none, or none that does"
    )

    @property
    def own_people(self) -> int | None:
        """People of each shift who work here alone; None: those without a station of their own."""
        return len(self.specialists) or self.people


Stations = dict[Name, Station]
