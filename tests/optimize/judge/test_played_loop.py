"""The loop with the simulator itself, from measured work to a certified staff section."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimize.judge import simulated_log
from optimize.judge.effort import Effort
from optimize.judge.loop import Found, cheapest_staff
from optimize.judge.promise import promise_of
from optimize.judge.tour_plans import TourPlans
from optimize.judge.trial import simulated
from optimize.staffing.tours.solve import solve
from optimize.workload import pooled, work_per_slot
from sim.engine.setting import prepare
from sim.scenario.loading import LoadedScenario, load
from tests.sim.experiments.small import small_file

PROMISED = ["order_lead_time_p95_h", "on_time_ship_rate"]
EFFORT = Effort(
    budget=60,
    replications=3,
    slope_replications=2,
    cut_rounds=1,
    certificate_replications=5,
    most_certificate_replications=10,
)


def search(loaded: LoadedScenario) -> Found:
    """Measure, plan, and search with the simulator."""
    setting = prepare(loaded.scenario, loaded.external_files)
    logs = [simulated_log(setting, number) for number in range(2)]
    work = pooled([work_per_slot(log, loaded.scenario.run) for log in logs])
    roles = ("pickers", "packers", "dispatchers")
    plans = TourPlans(loaded.scenario, work, roles, solve)
    return cheapest_staff(
        plans.ladder,
        plans.master,
        simulated(setting),
        promise_of(loaded.scenario.targets, PROMISED),
        loaded.scenario.people.eur_per_hour,
        roles=roles,
        allowed=plans.allowed,
        effort=EFFORT,
    )


@pytest.mark.slow
def test_the_simulator_certifies_a_cheaper_staff(tmp_path: Path) -> None:
    """The plan keeps the promise on orders it never saw and costs less than it started from."""
    settings = [
        "run.horizon_days=7",
        "orders.per_day=250",
        "targets.on_time_ship_rate={at_least: 0.5}",
        "targets.order_lead_time_p95_h={at_most: 150}",
    ]
    loaded = load(str(small_file(tmp_path)), settings=settings)

    found = search(loaded)

    assert found.status == "certified"
    assert found.level is not None
    assert all(slack.lower(found.level) >= 0.0 for slack in found.score.slacks)
    assert found.planned.cost_cents < found.start.cost_cents
    assert found.played <= EFFORT.budget
