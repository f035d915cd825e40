"""The section on customers: who came back, who stayed away, and what each cohort has ordered."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report.cells import Cell, Table
from sim.report.input import ReportInput
from sim.report.section import Section, kpis_of

SHOWN_PERIODS = 12
COHORTS_TOLD = (
    " Cohorts by the first order: orders of 100 customers in its period (0) and in the periods "
    "after it, mean of the replications; the last period may be cut short by the end of the run."
)
KPIS_SHOWN = (
    "purchase_frequency_per_year",
    "active_customers",
    "repeat_share",
    "new_customers",
    "repeat_within_30_days_rate",
    "repeat_within_90_days_rate",
    "orders_per_new_customer",
    "dropped_out_own_customers",
    "dropped_out_experience_customers",
    "won_back_customers",
    "lost_orders_rate",
    "lost_to_last_experience_orders",
    "lost_to_drop_out_orders",
    "cross_sell_orders",
    "cross_sell_rate",
)


def customers_section(report: ReportInput) -> Section:
    """Return the section; cohorts are told where there are at least two periods."""
    known = [kpi for kpi in KPIS_SHOWN if report.estimates.get(kpi) is not None]
    tables = [kpis_of(report, "customers_kpis", known)] if known else []
    rows = tuple(_cohorts(report))
    width = max((len(row) for row in rows), default=0) - 2
    if width >= 2:
        period = report.played[0].picture.cohorts.period
        heads = (f"first order in the {period} of", "customers", *map(str, range(width)))
        filled = tuple((*row, *[None] * (width + 2 - len(row))) for row in rows)
        tables.append(Table("cohorts", heads, filled))
    return Section(
        "customers",
        "Customers",
        f"Who comes back, and who stays away?{COHORTS_TOLD if width >= 2 else ''}",
        (),
        tuple(tables),
        wide=True,
    )


def _cohorts(report: ReportInput) -> Iterator[tuple[Cell, ...]]:
    """Yield start, customers and orders of 100 of them by period since, for each cohort."""
    starts = sorted({c.start for one in report.played for c in one.picture.cohorts.cohorts})
    for start in starts:
        found = [
            c for one in report.played for c in one.picture.cohorts.cohorts if c.start == start
        ]
        customers = sum(cohort.customers for cohort in found)
        periods = min(SHOWN_PERIODS, max(len(cohort.orders) for cohort in found))
        orders = [
            sum(cohort.orders[after] for cohort in found if after < len(cohort.orders))
            for after in range(periods)
        ]
        of_100 = [100.0 * each / customers if customers else None for each in orders]
        yield (start, customers / len(report.played), *of_100)
