"""What the log says: tables folded from it, KPI definitions, the balance, estimates."""

from sim.kpis.balance import Balance, balance
from sim.kpis.definition import KpiDefinition
from sim.kpis.estimates import Estimate, Paired, Verdict, estimate, paired, verdicts
from sim.kpis.registry import KPIS, compute
from sim.kpis.slices import Window
from sim.kpis.tables import Tables

__all__ = [
    "KPIS",
    "Balance",
    "Estimate",
    "KpiDefinition",
    "Paired",
    "Tables",
    "Verdict",
    "Window",
    "balance",
    "compute",
    "estimate",
    "paired",
    "verdicts",
]
