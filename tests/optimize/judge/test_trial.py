"""Plans on trial: played once, on any number of processes the same, as a plan file would be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from optimize.judge import judge
from optimize.judge.presence import Staff
from optimize.judge.promise import Kpis
from optimize.judge.trial import BudgetSpent, Trials, simulated
from optimize.plan import Plan, write_plan
from sim.engine.setting import prepare
from tests.sim.experiments.small import small, small_file

STAFF = {
    "all": {
        "days": ["mon", "tue", "wed", "thu", "fri"], "start": "07:00", "end": "19:00",
        "clerks": 1, "pickers": 2, "packers": 1, "dispatchers": 1, "receivers": 1,
        "returns_clerks": 1,
    }
}  # fmt: skip


def test_nothing_is_played_twice() -> None:
    """Of replications asked for again only the new ones are played; the order is kept."""
    heard: list[int] = []

    def play(_: Staff, replications: Sequence[int]) -> list[Kpis]:
        heard.extend(replications)
        return [{"number": float(number)} for number in replications]

    trials = Trials(play, 5)
    assert trials.kpis(STAFF, [3, 1]) == [{"number": 3.0}, {"number": 1.0}]
    assert trials.kpis(dict(STAFF), [1, 2, 3]) == [{"number": n} for n in (1.0, 2.0, 3.0)]
    assert (heard, trials.played, trials.left) == ([3, 1, 2], 3, 2)

    with pytest.raises(BudgetSpent, match="3 replications wanted, 2 left"):
        trials.kpis(STAFF, [4, 5, 6])
    assert heard == [3, 1, 2]


def test_a_trial_is_what_a_plan_file_gives(tmp_path: Path) -> None:
    """The KPIs of a trial are those of the scenario that takes the staff from a plan."""
    loaded = small(tmp_path)
    setting = prepare(loaded.scenario, loaded.external_files)
    plan = Plan(kind="staffing", scenario="small", made_by="by hand", overlay={"staff": STAFF})
    path = write_plan(tmp_path / "plan.yaml", plan)

    tried = simulated(setting)(STAFF, [0, 1])

    judged = judge(str(small_file(tmp_path)), [], path, replications=2, jobs=1)
    assert tried == [outcome.kpis for outcome in judged.b.outcomes]
    assert tried[0] != judged.a.outcomes[0].kpis
    assert simulated(setting, jobs=2)(STAFF, [0, 1]) == tried
