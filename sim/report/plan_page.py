"""A plan as a page: the same frame, charts and tables as the report of a run."""

from __future__ import annotations

from dataclasses import dataclass

from sim.report.page import template
from sim.report.section import Section

TEMPLATE = "plan_page.html.j2"


@dataclass(frozen=True)
class PlanPage:
    """What the page of a plan says.

    Parameters
    ----------
    kind
        What was planned.
    name, title
        Of the scenario.
    headline
        The decision in one sentence.
    sentences
        What it costs and what it keeps.
    notices
        What to be careful about.
    sections
        Questions, charts and tables.
    command
        The command that made it.
    """

    kind: str
    name: str
    title: str
    headline: str
    sentences: tuple[str, ...]
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    command: str


def plan_page_html(page: PlanPage) -> str:
    """Return the page; the same plan gives the same bytes."""
    return template(TEMPLATE).render(page=page)
