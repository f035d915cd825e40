"""What a section of the page is made of."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from sim.report.cells import Table


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
