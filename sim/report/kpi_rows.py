"""The rows of the KPI table: value, how sure, target, and why a KPI has no value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sim.kpis import KPIS
from sim.kpis.targets import JudgedTarget
from sim.report.cells import DASH, Table, bound_words, interval_words
from sim.report.input import ReportInput
from sim.report.tables import MISSING, number, unit_of

MARKS = {"met": "✓", "missed": "✕", "uncertain": "?"}


@dataclass(frozen=True)
class KpiRow:
    """One KPI as the page shows it; ``reason`` says why there is no value, empty if there is."""

    name: str
    title: str
    value: str
    unit: str
    interval: str
    target: str
    tile: str
    mark: str
    reason: str


@dataclass(frozen=True)
class Family:
    """KPIs under one heading."""

    name: str
    rows: tuple[KpiRow, ...]


@dataclass(frozen=True)
class Tile:
    """A target as the first thing a reader sees."""

    title: str
    value: str
    interval: str
    bound: str
    tile: str
    mark: str
    words: str


def families(report: ReportInput, names: Iterable[str]) -> list[Family]:
    """Return KPI rows by family, in the order of the registry."""
    wanted = frozenset(names)
    chosen = [definition for name, definition in KPIS.items() if name in wanted]
    return [
        Family(family, tuple(_row(report, definition.name) for definition in members))
        for family, members in groupby(chosen, key=lambda definition: definition.family)
    ]


def halves(found: list[Family]) -> tuple[list[Family], list[Family]]:
    """Return families for two tables side by side, of about the same height."""
    heights = [len(family.rows) + 1 for family in found]
    cut = next((k for k in range(len(found) + 1) if 2 * sum(heights[:k]) >= sum(heights)), 0)
    return found[:cut], found[cut:]


def _row(report: ReportInput, name: str) -> KpiRow:
    definition, found = KPIS[name], report.estimates.get(name)
    targets = [target for target in report.targets if target.kpi == name]
    tile = _worst(targets)
    return KpiRow(
        name,
        definition.title,
        DASH if found is None else number(found.mean, definition.unit),
        unit_of(definition),
        DASH if (words := interval_words(found, name)) == MISSING else words,
        ", ".join(bound_words(target.bound, name) for target in targets),
        tile,
        MARKS.get(tile, ""),
        (definition.undefined or "it has no value in this run") if found is None else "",
    )


def _worst(targets: list[JudgedTarget]) -> str:
    tiles = [target.tile for target in targets]
    return next((tile for tile in ("missed", "uncertain", "met") if tile in tiles), "")


def tiles(report: ReportInput) -> list[Tile]:
    """Return the targets of the scenario, in its order."""
    result = []
    for target in report.targets:
        row = _row(report, target.kpi)
        result.append(
            Tile(
                row.title,
                f"{row.value} {row.unit}".rstrip(),
                row.interval,
                bound_words(target.bound, target.kpi),
                target.tile,
                MARKS[target.tile],
                _tile_words(target),
            )
        )
    return result


def _tile_words(target: JudgedTarget) -> str:
    if target.tile != "uncertain":
        return target.verdict
    if target.verdict not in ("met", "missed"):
        return "no value"
    return f"{target.verdict} on average, not certain"


def kpi_table(report: ReportInput) -> Table:
    """Return all KPIs as a table of plain numbers."""
    rows = []
    for name, definition in KPIS.items():
        found = report.estimates.get(name)
        targets = [target for target in report.targets if target.kpi == name]
        numbers = (
            (None,) * 5 if found is None else (found.mean, found.lo, found.hi, found.sd, found.n)
        )
        rows.append(
            (
                name,
                definition.title,
                definition.family,
                definition.unit,
                *numbers,
                ", ".join(target.bound for target in targets),
                _worst(targets),
                definition.undefined if found is None else "",
            )
        )
    heads = ("kpi", "title", "family", "unit", "mean", "ci95_low", "ci95_high", "sd", "n")
    return Table("kpis", (*heads, "target", "verdict", "undefined_because"), tuple(rows))
