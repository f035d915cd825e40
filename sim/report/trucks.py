"""The section on trucks: how many shipments made the one promised to them, what held the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.kpis.trucks import CAUSES
from sim.report.cells import Cell, Table
from sim.report.input import Played, ReportInput
from sim.report.section import Figure, Section


@dataclass(frozen=True)
class Pooled:
    """One truck time of a service: shipments of all replications together."""

    promised: int
    missed: dict[str, int]


def trucks(report: ReportInput) -> Section:
    """Return the section: which cut-off was missed, and where the parcels were."""
    pooled = _pooled(report.played)
    count = len(report.played)
    heads = ("service", "truck", "promised", "on it", "missed", "on it, %")
    tables = [Table("cut_offs", heads, tuple(_cut_offs(pooled, count)), text_columns=2)]
    missed = tuple(_missed(pooled, count))
    if missed:
        heads = ("service", "truck", "where the parcel was", "shipments", "% of missed", "% of all")
        tables.append(Table("missed_trucks", heads, missed, text_columns=3))
    empty = (
        "Every shipment left with the truck promised to it." if pooled else "No truck was promised."
    )
    return Section(
        "trucks",
        "Trucks",
        "Which cut-off was missed, and where were the parcels when the truck left? "
        "Shipments of the measured window, mean of the replications.",
        () if missed else (Figure(None, "", empty),),
        tuple(tables) if pooled else (),
        wide=True,
    )


def _pooled(played: Sequence[Played]) -> dict[tuple[str, str], Pooled]:
    """Return the shipments by service and truck time, those of the first replication first."""
    found: dict[tuple[str, str], Pooled] = {}
    for cut_off in (each for one in played for each in one.picture.cut_offs):
        key = (cut_off.service, cut_off.pickup)
        before = found.get(key, Pooled(0, {}))
        missed = {
            cause: before.missed.get(cause, 0) + cut_off.missed.get(cause, 0) for cause in CAUSES
        }
        found[key] = Pooled(before.promised + cut_off.promised, missed)
    return found


def _cut_offs(pooled: dict[tuple[str, str], Pooled], count: int) -> Iterator[tuple[Cell, ...]]:
    for (service, pickup), of in pooled.items():
        missed = sum(of.missed.values())
        on_it = of.promised - missed
        numbers = (of.promised / count, on_it / count, missed / count)
        yield (service, pickup, *numbers, _per_cent(on_it, of.promised))


def _missed(pooled: dict[tuple[str, str], Pooled], count: int) -> Iterator[tuple[Cell, ...]]:
    for (service, pickup), of in pooled.items():
        missed = sum(of.missed.values())
        for cause, shipments in of.missed.items():
            if shipments:
                shares = (_per_cent(shipments, missed), _per_cent(shipments, of.promised))
                yield (service, pickup, cause, shipments / count, *shares)


def _per_cent(part: int, whole: int) -> float:
    return 100.0 * part / whole
