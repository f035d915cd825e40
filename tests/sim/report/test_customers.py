"""The section on customers: cohorts of all replications, as orders of 100 customers."""

from __future__ import annotations

from dataclasses import replace

from sim.kpis.cohorts import Cohort, CohortTable
from sim.report.customers_section import customers_section
from sim.report.input import ReportInput
from tests.sim.report.example import empty, example


def with_cohorts(*by_replication: tuple[Cohort, ...]) -> ReportInput:
    """Return the example with other cohorts, one table a replication."""
    report = example()
    played = tuple(
        replace(one, picture=replace(one.picture, cohorts=CohortTable("month", cohorts)))
        for one, cohorts in zip(report.played, by_replication, strict=False)
    )
    return replace(report, played=played)


def test_cohorts_are_pooled_over_the_replications() -> None:
    """Orders of all replications over customers of all, not means of ratios."""
    section = customers_section(
        with_cohorts(
            (Cohort("2026-01-01", 10, (12, 5), (10, 4)), Cohort("2026-02-01", 4, (4,), (4,))),
            (Cohort("2026-01-01", 30, (30, 1), (30, 1)),),
        )
    )

    table = next(each for each in section.tables if each.name == "cohorts")
    assert table.heads == ("first order in the month of", "customers", "0", "1")
    first, second = table.rows
    assert list(first) == ["2026-01-01", 20.0, 105.0, 15.0]
    assert second == ("2026-02-01", 2.0, 100.0, None)


def test_without_known_customers_nothing_is_told() -> None:
    """An empty run has no cohorts and no KPIs of customers."""
    assert customers_section(empty(example())).tables == ()
