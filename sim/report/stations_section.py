"""The section on stations: who comes, who waits, what goes on without, which machines run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from sim.kpis.stations import StationRow
from sim.report.cells import Cell, Table
from sim.report.input import ReportInput
from sim.report.pooled import mean_by_key
from sim.report.section import Section, kpis_of

KPIS_SHOWN = (
    "station_visits_per_order",
    "station_wait_mean_min",
    "station_time_p95_min",
    "station_skipped_rate",
    "station_interruptions_per_visit",
    "machine_availability_rate",
    "repair_wait_mean_min",
    "side_work_share_rate",
)
HEADS = (
    *("station", "visits", "wait, min", "people busy, %", "other work, %"),
    *("no room, %", "left, %", "interrupted", "machines up, %"),
)


def stations_section(report: ReportInput) -> Section:
    """Return the section; only shown where there are stations."""
    known = [kpi for kpi in KPIS_SHOWN if report.estimates.get(kpi) is not None]
    return Section(
        "stations",
        "Stations",
        "Where do orders wait for extra work, and what goes on without it? Visits of the measured "
        "window's orders, mean of the replications; busy and other work of the station's own "
        "people, of the time they are there.",
        (),
        (
            Table("stations", HEADS, tuple(_rows(report))),
            *([kpis_of(report, "stations_kpis", known)] if known else []),
        ),
        wide=True,
    )


def _rows(report: ReportInput) -> Iterator[tuple[Cell, ...]]:
    def mean(name: str) -> dict[str, float]:
        return mean_by_key(
            report.played,
            lambda p: {k: float(getattr(row, name)) for k, row in p.picture.stations.items()},
        )

    means = {field.name: mean(field.name) for field in fields(StationRow)}
    for station in means["visits"]:
        of = {name: by_station[station] for name, by_station in means.items()}
        up_min = of["machine_min"] - of["down_min"]
        yield (
            station,
            of["visits"],
            _over(of["waited_min"], of["begun"]),
            _per_cent(of["busy_min"], of["there_min"]),
            _per_cent(of["side_min"], of["there_min"]),
            _per_cent(of["full"], of["visits"]),
            _per_cent(of["left"], of["visits"]),
            of["interrupted"],
            _per_cent(up_min, of["machine_min"]),
        )


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _per_cent(part: float, whole: float) -> float | None:
    return 100.0 * part / whole if whole else None
