"""What a section of the page is made of: a question, charts with their numbers, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.kpis import KPIS
from sim.report.cells import Table, interval_words, value_words
from sim.report.input import ReportInput


@dataclass(frozen=True)
class Figure:
    """A chart with its caption; ``empty`` is said in its place if there is nothing to draw."""

    svg: Markup | None
    caption: str
    empty: str = ""
    table: Table | None = None


@dataclass(frozen=True)
class Section:
    """A question, charts and tables that answer it. ``tables`` are shown, a figure's is a link."""

    anchor: str
    title: str
    question: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    wide: bool = False


def kpis_of(report: ReportInput, name: str, kpis: Sequence[str]) -> Table:
    """Return a table of some KPIs with their intervals."""
    rows = []
    for kpi in kpis:
        found = report.estimates.get(kpi)
        words = KPIS[kpi].undefined if found is None else interval_words(found, kpi)
        rows.append((KPIS[kpi].title, value_words(found, kpi), words))
    return Table(name, ("KPI", "mean", "95 % interval"), tuple(rows))
