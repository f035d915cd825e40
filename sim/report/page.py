"""The report: one HTML file without scripts and without the network, every name escaped."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.kpis import KPIS
from sim.report.cells import Table
from sim.report.headline import headline, summary
from sim.report.input import ReportInput
from sim.report.kpi_rows import families, halves, kpi_table, tiles
from sim.report.sections import honesty, sections
from sim.report.tables import shown
from sim.whole_file import write_whole

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "page.html.j2"


def report_html(report: ReportInput) -> str:
    """Return the page; the same input gives the same bytes."""
    wanted = dict.fromkeys((*report.headline, *(target.kpi for target in report.targets)))
    told = [setting for setting in report.settings if setting.origin != "default"]
    rows = tuple((each.path, each.value, each.origin) for each in report.settings)
    return template(TEMPLATE).render(
        report=report,
        headline=headline(report),
        summary=summary(report),
        tiles=tiles(report),
        headline_kpis=halves(families(report, wanted)),
        all_kpis=families(report, KPIS),
        kpi_count=len(KPIS),
        kpi_table=kpi_table(report),
        sections=sections(report),
        honesty=honesty(report),
        told=told,
        settings_table=Table("scenario", ("key", "value", "origin"), rows),
    )


def write_report(path: Path, report: ReportInput) -> None:
    """Write the page; the file appears whole or not at all.

    Parameters
    ----------
    path
        File to write; its folder must exist.
    report
        The run.
    """
    write_whole(path, report_html(report).encode())


def template(name: str) -> Template:
    """Return a template of this folder; every text it shows is escaped."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(lambda file: files("sim.report").joinpath(file).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    return environment.get_template(name)


def _shown(value: object) -> object:
    """Escape control and direction characters; the template escapes the rest."""
    return value if isinstance(value, Markup) or not isinstance(value, str) else shown(value)
