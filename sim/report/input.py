"""What the report needs to know of a run, as plain data: no clock, no engine, no files.

Whoever has a run (or a real warehouse's log, scored) fills this in; the page shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sim.kpis import Estimate
from sim.kpis.picture import Picture
from sim.kpis.targets import JudgedTarget

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Point = tuple[float, float]


@dataclass(frozen=True)
class Played:
    """One replication.

    Parameters
    ----------
    number
        Number of the replication.
    balance
        Its balance line.
    still_open
        Orders that had not ended.
    picture
        Its curves and counts.
    """

    number: int
    balance: str
    still_open: int
    picture: Picture


@dataclass(frozen=True)
class Floor:
    """Where the SKUs lie.

    Parameters
    ----------
    xy_m
        Place of each location. Shape (L, 2).
    depot_m
        Place of the depot.
    grid
        Column (two for each aisle) and position of each location, for a floor made of aisles; None
        for a free-form floor. Shape (L, 2).
    names
        Name of each location.
    skus
        Codes of the SKUs at each location, as one text; empty where none lies.
    """

    xy_m: Floats
    depot_m: Point
    grid: Integers | None
    names: tuple[str, ...]
    skus: tuple[str, ...]


@dataclass(frozen=True)
class PairedRow:
    """One KPI of a comparison: this run minus the other, on the same orders.

    Parameters
    ----------
    kpi
        Name of the KPI.
    other, own
        Means of the other run and of this one.
    mean, lo, hi
        Paired difference with its interval; None where it is undefined.
    judgement
        Verdict on this run; empty outside the declared family.
    """

    kpi: str
    other: float | None
    own: float | None
    mean: float | None
    lo: float | None
    hi: float | None
    judgement: str


@dataclass(frozen=True)
class ComparedWith:
    """The run this one is compared with."""

    name: str
    rows: tuple[PairedRow, ...]


@dataclass(frozen=True)
class Routes:
    """One real pick list walked in two ways: corner points in metres, and the way's length."""

    caption: str
    before_m: tuple[Point, ...]
    after_m: tuple[Point, ...]
    before_length_m: float
    after_length_m: float


@dataclass(frozen=True)
class Setting:
    """One value of the resolved scenario, and where it comes from."""

    path: str
    value: str
    origin: str


@dataclass(frozen=True)
class Settling:
    """When the house had filled.

    Parameters
    ----------
    cut_days
        Day after which the work in process has settled; None if the run is too short to say.
    warning
        Why the chosen warm-up is too short; empty if it is not known to be.
    interval_warnings
        Why the intervals of waits may be too narrow.
    """

    cut_days: float | None = None
    warning: str = ""
    interval_warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportInput:
    """A run as the page shows it.

    Parameters
    ----------
    name, title
        Of the scenario.
    command
        The command that repeats the run.
    seed
        Seed of the scenario.
    key, digest
        Hash of everything the numbers depend on; hash of the numbers.
    versions
        Software and environment by name.
    start_date
        First day of the run, ISO.
    warm_up_days, horizon_days, cool_down_days
        Measured window: ``horizon_days`` after ``warm_up_days``.
    estimates
        KPI name to estimate; None where the KPI is undefined.
    headline
        Names of the KPIs that stand first.
    targets
        JudgedTargets in the order of the scenario.
    played
        The replications, in order.
    floor
        The floor.
    settings
        The resolved scenario, in the order of the schema.
    orders_by_day
        Orders ``placed`` and ``shipped`` on each day of the first replication; may be empty.
    notices
        What a reader must know before believing the numbers.
    compared
        The run this one is compared with.
    routes
        A planned pick route beside today's.
    settling
        When the house had filled.
    """

    name: str
    title: str
    command: str
    seed: int
    key: str
    digest: str
    versions: Mapping[str, str]
    start_date: str
    warm_up_days: float
    horizon_days: float
    cool_down_days: float
    estimates: Mapping[str, Estimate | None]
    headline: tuple[str, ...]
    targets: tuple[JudgedTarget, ...]
    played: tuple[Played, ...]
    floor: Floor
    settings: tuple[Setting, ...]
    orders_by_day: Mapping[str, Integers] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    compared: ComparedWith | None = None
    routes: Routes | None = None
    settling: Settling = field(default_factory=Settling)

    @property
    def replications(self) -> int:
        """Number of replications."""
        return len(self.played)
