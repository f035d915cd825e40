"""The judge plays today and the plan on the same orders, the way a planner would."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimize.judge import judge, simulated_log
from optimize.plan import Plan, write_plan
from sim.engine.setting import prepare
from sim.errors import ScenarioError
from sim.experiments.compare import compare_runs
from sim.experiments.run import execute
from sim.log.event_log import join
from sim.log.facts import Fact
from sim.scenario.loading import load
from tests.sim.engine.playing import record
from tests.sim.experiments.small import small, small_file

ACCURACY = ("picking_accuracy_lines_rate", "shipped_accuracy_orders_rate")


def plan_file(folder: Path, **overlay: object) -> Path:
    """Write a plan with an overlay."""
    plan = Plan(kind="routes", scenario="small", made_by="by hand", overlay=overlay)
    return write_plan(folder / "plan.yaml", plan)


def test_the_shortest_walk_is_judged_better_and_nothing_else(tmp_path: Path) -> None:
    """Exact routes shorten the walk in every replication and change no line and no error."""
    path = small_file(tmp_path)
    plan = plan_file(tmp_path, **{"picking.routing": "exact"})
    found = judge(str(path), ["picking.error_rate_per_line=0.05"], plan, replications=3, jobs=1)
    assert (found.a.scenario.picking.routing, found.b.scenario.picking.routing) == (
        "s_shape",
        "exact",
    )
    walks = zip(found.a.values("walk_m_per_line"), found.b.values("walk_m_per_line"), strict=True)
    assert all(a is not None and b is not None and b < a for a, b in walks)
    for name in ACCURACY:
        assert found.a.values(name) == found.b.values(name)
        assert found.verdicts[name].judgement == "identical"
    (value,) = set(found.a.values("picking_accuracy_lines_rate")[:1])
    assert value is not None
    assert value < 1.0


def test_a_plan_that_changes_nothing_is_identical(tmp_path: Path) -> None:
    """A plan with today's own rule differs from today by exactly 0."""
    plan = plan_file(tmp_path, **{"picking.routing": "s_shape"})
    found = judge(str(small_file(tmp_path)), [], plan, replications=2, jobs=1)
    assert found.a.digest == found.b.digest
    assert {verdict.judgement for verdict in found.verdicts.values()} == {"identical"}


def test_the_judge_does_what_set_plan_does(tmp_path: Path) -> None:
    """``--set plan=FILE`` gives the run that the judge plays, wherever the file lies."""
    folder = tmp_path / "plans: today's #1 {new} 😀"
    folder.mkdir()
    plan = plan_file(folder, **{"picking.routing": "exact"})
    path = small_file(tmp_path)
    judged = judge(str(path), ["run.seed=3"], plan, replications=1, jobs=1)
    typed = load(str(path), settings=["run.seed=3", f'plan="{plan}"'])
    by_hand = execute(typed, replications=[0])
    assert by_hand.digest == judged.b.digest
    assert compare_runs(judged.a, by_hand).verdicts == judged.verdicts


def test_a_plan_that_is_none_is_refused(tmp_path: Path) -> None:
    """A plan file without overlay is said with its place, and nothing is played."""
    plan = tmp_path / "plan.yaml"
    plan.write_text("kind: routes\n", encoding="utf-8")
    heard: list[object] = []
    with pytest.raises(ScenarioError, match="overlay"):
        judge(str(small_file(tmp_path)), [], plan, replications=1, jobs=1, done=heard.append)
    assert heard == []


def test_the_log_is_that_of_the_replication(tmp_path: Path) -> None:
    """The judge's log of replication 1 is the log that the engine writes for replication 1."""
    loaded = small(tmp_path)
    setting = prepare(loaded.scenario, loaded.external_files)
    log = join(simulated_log(setting, 1))
    played = record(loaded.scenario, 1)
    for name, column in log._asdict().items():
        assert column.tolist() == getattr(played.log, name).tolist()
    assert int(Fact.TOUR_ENDED) in log.fact.tolist()
