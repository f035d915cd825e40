"""Targets: what is met, what is missed, and how sure that is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.experiments.run import Run, execute
from sim.kpis.estimates import estimate
from tests.sim.experiments.small import small

KPI = "order_lead_time_p95_h"


@pytest.mark.parametrize(
    ("bound", "verdict", "sure"),
    [
        ("{at_most: 30}", "met", True),
        ("{at_most: 12.5}", "met", False),
        ("{at_most: 12}", "met", False),
        ("{at_most: 11.5}", "missed", False),
        ("{at_most: 1}", "missed", True),
        ("{at_least: 1}", "met", True),
        ("{at_least: 12.5}", "missed", False),
        ("{at_least: 30}", "missed", True),
    ],
)
def test_a_target_is_judged_by_the_mean(
    tmp_path: Path, bound: str, verdict: str, sure: bool
) -> None:
    """With values 10, 12 and 14 h (mean 12, interval 12 +- 4.97) verdicts follow from the bound."""
    loaded = small(tmp_path, f"targets.{KPI}={bound}", "orders.per_day=1")
    played = execute(loaded, replications=[0])
    values = (10.0, 12.0, 14.0)
    first = played.outcomes[0]
    fixed = [
        replace(first, replication=number, kpis={**first.kpis, KPI: value})
        for number, value in enumerate(values)
    ]
    run = Run(played.loaded, played.setting, fixed)
    found = estimate(values)
    assert found is not None
    assert found.half_width == pytest.approx(4.303 * 2.0 / 3.0**0.5, rel=1e-3)
    (target,) = run.targets
    assert (target.kpi, target.verdict, target.sure) == (KPI, verdict, sure)


def test_a_target_on_nothing_is_unknown(tmp_path: Path) -> None:
    """Where a KPI is undefined its target is neither met nor missed, and nothing is sure."""
    loaded = small(tmp_path, "orders.per_day=0.001")
    (target,) = execute(loaded, replications=[0]).targets
    assert (target.verdict, target.sure) == ("unknown", False)
