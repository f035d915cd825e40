"""Replications until it is precise: as many as the rule says, whoever plays them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.api import replicate
from sim.experiments.run import Run, execute
from sim.experiments.shards import open_store
from sim.experiments.statistics.replications import Precision, Replications
from sim.experiments.until_precise import (
    DEFAULT_KPIS,
    kpis_to_wait_for,
    until_precise,
)
from sim.scenario.loading import LoadedScenario, load
from tests.sim.experiments.small import small, small_file

KPI = "order_lead_time_mean_h"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedScenario:
    """Return a scenario of one day."""
    settings = ("run.warm_up_days=0", "run.horizon_days=1")
    return small(tmp_path_factory.mktemp("small"), *settings)


@pytest.fixture(scope="module")
def all_of_them(loaded: LoadedScenario) -> Run:
    """Return forty replications."""
    return execute(loaded, replications=range(40))


def test_the_number_is_that_of_the_rule_for_any_block(
    loaded: LoadedScenario, all_of_them: Run, tmp_path: Path
) -> None:
    """However many are played between two looks, the run is the same, to its key."""
    relative = 0.05
    rule = Replications({KPI: Precision(relative=relative)})
    for outcome in all_of_them.outcomes:
        if not rule.enough:
            rule.add(outcome.kpis)
    assert rule.enough

    with open_store(tmp_path, loaded) as store:
        for outcome in all_of_them.outcomes:
            store.add(outcome)
        found = [
            until_precise(loaded, relative, kpis=(KPI,), most=40, jobs=jobs, store=store)
            for jobs in (1, 7, 40)
        ]

    for each in found:
        assert (len(each.run.outcomes), each.needed) == (rule.done, rule.needed)
        assert each.waiting_for == ()
        assert each.line().startswith(f"precision: 5 % reached after {rule.needed} replications")
    assert len({each.run.key for each in found}) == 1
    assert len({each.run.digest for each in found}) == 1


def test_the_run_is_that_of_so_many_replications(loaded: LoadedScenario, tmp_path: Path) -> None:
    """Key and origins are those of ``--replications``; what is beyond the stop is not in it."""
    found = until_precise(loaded, 0.5, kpis=(KPI,)).run

    count = len(found.outcomes)
    settings = ("run.warm_up_days=0", "run.horizon_days=1", f"run.replications={count}")
    asked = load(small_file(tmp_path), settings=settings)
    assert [outcome.replication for outcome in found.outcomes] == list(range(count))
    assert found.loaded.resolved == asked.resolved
    assert found.loaded.scenario == asked.scenario
    assert found.loaded.origin("run.replications") == asked.origin("run.replications")


def test_what_is_not_precise_is_named(loaded: LoadedScenario) -> None:
    """At the most replications the KPI that still waits is said with its width."""
    found = until_precise(loaded, 0.001, kpis=(KPI,), most=10)

    assert found.needed is None
    assert found.waiting_for == (KPI,)
    assert f"not reached after 10 replications; still waits: {KPI} (" in found.line()
    assert found.document()["waiting_for"] == [KPI]


def test_the_kpis_are_those_with_targets(loaded: LoadedScenario, tmp_path: Path) -> None:
    """Headline KPIs with targets, else three that every house has."""
    none = small(tmp_path)
    none = replace(none, scenario=none.scenario.model_copy(update={"targets": {}}))

    assert kpis_to_wait_for(loaded) == ("order_lead_time_p95_h",)
    assert kpis_to_wait_for(none) == DEFAULT_KPIS
    assert kpis_to_wait_for(loaded, (KPI, KPI)) == (KPI,)


def test_bad_wishes_are_refused(loaded: LoadedScenario) -> None:
    """A name that is no KPI, a precision of 0 or more than all, too few replications."""
    with pytest.raises(ValueError, match="no KPI named 'speed'"):
        until_precise(loaded, 0.1, kpis=("speed",))
    for relative in (0.0, 1.0, float("nan")):
        with pytest.raises(ValueError, match="above 0 and below 1"):
            until_precise(loaded, relative)
    with pytest.raises(ValueError, match="at least 10"):
        until_precise(loaded, 0.1, most=9)
    with pytest.raises(ValueError, match="both replications and until_precision"):
        replicate(loaded, replications=3, until_precision=0.1)
