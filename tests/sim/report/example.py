"""A report's input made by hand: three replications of a tiny house, with names as asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.kpis import KPIS, Estimate
from sim.kpis.cohorts import Cohort, CohortTable
from sim.kpis.in_process import InProcess
from sim.kpis.lead_parts import PARTS
from sim.kpis.picture import Picture
from sim.kpis.series import Curve, ErrorRow, WeekBand
from sim.kpis.stations import StationRow
from sim.kpis.targets import JudgedTarget
from sim.kpis.trucks import CutOff
from sim.log.facts import ROLE_NAMES
from sim.report.input import (
    ComparedWith,
    Floor,
    PairedRow,
    Played,
    ReportInput,
    Routes,
    Setting,
    Settling,
)

HOURS = np.arange(168, dtype=np.float64)


def example(name: str = "SKU-1", *, free_form: bool = False) -> ReportInput:
    """Return an input in which ``name`` stands wherever a planner may write a name."""
    floor = floor_of(name, free_form=free_form)
    estimates: dict[str, Estimate | None] = {
        kpi: Estimate(0.5 + 0.01 * place, 0.4, 0.7, 0.02, 3) for place, kpi in enumerate(KPIS)
    }
    estimates["rate_of_return"] = None
    estimates["walk_m_per_line"] = Estimate(12.5, None, None, None, 1)
    return ReportInput(
        name=name,
        title=f"title {name}",
        command=f"warelab run {name}",
        seed=7,
        key="ab" * 32,
        digest="cd" * 32,
        versions={"warelab": "0.1.0", name: name},
        start_date="2026-01-05",
        warm_up_days=2.0,
        horizon_days=7.0,
        cool_down_days=1.0,
        estimates=estimates,
        headline=("order_lead_time_p95_h", "on_time_ship_rate", "rate_of_return"),
        targets=(
            JudgedTarget("order_lead_time_p95_h", "<= 24", "met", True),
            JudgedTarget("on_time_ship_rate", ">= 0.9", "missed", True),
            JudgedTarget("picking_accuracy_lines_rate", ">= 0.5", "met", False),
            JudgedTarget("rate_of_return", "<= 0.1", "unknown", False),
        ),
        played=tuple(
            Played(k, f"balance: 100 placed = 100 delivered ({name})", k, picture_of(name, k))
            for k in range(3)
        ),
        floor=floor,
        settings=(
            Setting("name", name, f"{name}.yaml:2"),
            Setting(f"orders.channels.{name}.share", "1.0", "default"),
        ),
        orders_by_day={"placed": np.full(10, 12), "shipped": np.full(11, 11)},
        notices=(f"queue keeps growing: {name}",),
        compared=ComparedWith(
            name,
            (
                PairedRow("order_lead_time_p95_h", 20.0, 18.0, -2.0, -3.0, -1.0, "better"),
                PairedRow("on_time_ship_rate", None, None, None, None, None, name),
            ),
        ),
        routes=Routes(
            f"pick list of {name}", ((0.0, 0.0), (0.0, 5.0)), ((0.0, 0.0), (5.0, 5.0)), 10.0, 7.0
        ),
        settling=Settling(2.5, f"warm-up too short {name}", (f"too narrow {name}",)),
    )


def floor_of(name: str, *, free_form: bool = False) -> Floor:
    """Return two aisles of three positions on each side."""
    column, position = np.divmod(np.arange(12), 3)
    return Floor(
        xy_m=np.column_stack([column * 2.5, position + 1.5]).astype(np.float64),
        depot_m=(0.0, 0.0),
        grid=None if free_form else np.column_stack([column, position]),
        names=tuple(f"{name} {place}" for place in range(12)),
        skus=(name, *(f"SKU-{place}" for place in range(11))),
    )


def picture_of(name: str, replication: int) -> Picture:
    """Return curves that differ a little between replications."""
    late = 1.0 + 0.1 * replication
    hours = np.linspace(1.0, 90.0, 50) * late
    share = np.linspace(0.02, 1.0, 50)
    utilisation = np.full((len(ROLE_NAMES), 7, 24), np.nan)
    utilisation[1, :5, 6:14] = 0.7 * late
    return Picture(
        lead_time=Curve(hours, share),
        click_to_ship=Curve(hours / 3.0, share),
        parts={
            group: dict.fromkeys(PARTS, late * factor)
            for group, factor in (("all orders", 2.0), ("slowest tenth", 6.0))
        },
        queues={role: band_of(k * late) for k, role in enumerate(ROLE_NAMES)},
        utilisation=utilisation,
        picks=np.arange(12) * (replication + 1),
        errors=[ErrorRow(name, 10, 2, 1, 3, 4), ErrorRow("typed wrong", 0, 0, 0, 0, 0)],
        returns={name: 12, "late": 3},
        stockouts={name: (4, 8), "turn away": (0, 0)},
        cut_offs=[
            CutOff(name, "12:00", 30, {}),
            CutOff(name, "18:00", 50, {"not paid": 2, "being packed": 3 + replication}),
        ],
        boxes={name: (90, 120.5), "never": (0, 0.0)},
        packing_minutes={name: 75.0},
        cohorts=CohortTable(
            "month",
            (
                Cohort("2026-01-01", 40, (41, 12 + replication), (40, 9)),
                Cohort("2026-02-01", 20, (22,), (20,)),
            ),
        ),
        categories={name: (200, 15), "never sold": (0, 0)},
        money_eur={"money charged": 1000.0, "money given back": -80.0, "goods": -500.0},
        in_process=InProcess(late * np.linspace(0.0, 50.0, 36), np.full(36, 25)),
        stations={name: StationRow(10, 2, 1, 3, 7, 70.0 * late, 100.0, 40.0, 20.0, 200.0, 20.0)},
    )


def band_of(height: float) -> WeekBand:
    """Return a waiting line that is longest at noon."""
    mean = height * np.maximum(0.0, np.sin(HOURS / 24.0 * 2.0 * np.pi - np.pi / 2.0))
    return WeekBand(mean, 0.5 * mean, 2.0 * mean)


def empty(report: ReportInput) -> ReportInput:
    """Return the input of a run in which nothing happened."""
    nothing = Curve(np.empty(0), np.empty(0))
    unknown = np.full(168, np.nan)
    played = Played(
        0,
        "balance: 0 placed",
        0,
        Picture(
            nothing,
            nothing,
            {},
            {role: WeekBand(unknown, unknown, unknown) for role in ROLE_NAMES},
            np.full((len(ROLE_NAMES), 7, 24), np.nan),
            np.zeros(12, dtype=np.int64),
            [],
            {},
            {},
            [],
            {},
            {},
            CohortTable("week", ()),
        ),
    )
    return replace(
        report,
        estimates=dict.fromkeys(KPIS),
        played=(played,),
        orders_by_day={},
        notices=(),
        compared=None,
        routes=None,
    )
