"""What is said of a run: growth beyond the week, the end of the warm-up, wide enough intervals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from sim.engine.setting import prepare
from sim.experiments.replication import play_replication
from sim.experiments.run import Run, execute
from sim.experiments.run_folder import kpis_document
from sim.experiments.verdict import Verdict, kept_up, verdict_of
from sim.kpis.in_process import STEPS_A_DAY, InProcess
from tests.benchmarks.stability_verdict import (
    HOUSES,
    one_by_recursion,
    recursion,
    scenario_of,
)
from tests.sim.experiments.small import small

DAYS = 28
STEP = np.arange(DAYS * STEPS_A_DAY)
WEEK = 40.0 * np.sin(2.0 * np.pi * STEP / (7 * STEPS_A_DAY))
"""A rhythm of the week as high as the work in process of a whole day."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Return two short replications."""
    return execute(small(tmp_path_factory.mktemp("small")))


def judged(
    run: Run,
    orders: npt.NDArray[np.float64],
    placed: npt.NDArray[np.int64] | None = None,
    warm_up_days: float = 14.0,
) -> Verdict:
    """Return the verdict on ten replications with this mean work in process."""
    came = np.full(len(orders), 25) if placed is None else placed
    luck = np.random.default_rng(5)
    outcomes = [
        replace(
            outcome := run.outcomes[0],
            replication=number,
            picture=replace(
                outcome.picture, in_process=InProcess(orders + luck.normal(0.0, 2.0), came)
            ),
        )
        for number in range(10)
    ]
    section = run.scenario.run.model_copy(update={"warm_up_days": warm_up_days})
    scenario = run.scenario.model_copy(update={"run": section})
    return verdict_of(Run(run.loaded, replace(run.setting, scenario=scenario), outcomes))


def test_a_run_of_a_few_days_is_too_short_to_judge(run: Run) -> None:
    """Nothing is said about growth or warm-up, and the fields say why."""
    found = verdict_of(run)

    assert (found.verdict, found.growth_share, found.warm_up_cut_days) == ("too short", None, None)
    assert found.unstable == ""
    assert found.lines()[0].startswith(
        "stability: too short to tell whether the house keeps up: take run.horizon_days of at least"
    )
    assert kpis_document(run)["stability"] == found.document()


def test_the_rhythm_of_the_week_is_no_growth(run: Run) -> None:
    """Whatever day the window begins on, a steady house keeps up."""
    for shift in range(0, 7 * STEPS_A_DAY, 3):
        assert judged(run, 100.0 + np.roll(WEEK, shift)).verdict == "keeps up"


def test_a_line_is_found_with_its_slope(run: Run) -> None:
    """Five of a hundred orders a day that stay are a growth of 5 %."""
    found = judged(run, 100.0 + WEEK + 5.0 * STEP / STEPS_A_DAY)

    assert found.verdict == "unstable"
    assert found.growth_share == pytest.approx(0.05)
    assert found.lines()[0].startswith("unstable: work in process kept growing, by 5.0 %")


@pytest.mark.parametrize("warm_up_days", [0.0, 2.0, 7.0, 13.5, 14.0, 30.0])
def test_the_horizon_that_is_asked_for_is_the_least_that_is_told(
    run: Run, warm_up_days: float
) -> None:
    """A run as long as the line says is judged, one a day shorter is not."""
    said = judged(run, np.full(STEPS_A_DAY, 9.0), warm_up_days=warm_up_days).not_told
    asked = int(said.split()[-1])
    for horizon_days, told in ((asked, True), (asked - 1, False)):
        steps = int((warm_up_days + horizon_days) * STEPS_A_DAY)
        found = judged(run, np.full(steps, 9.0), warm_up_days=warm_up_days)
        assert (found.verdict == "keeps up") is told
        assert (found.not_told == "") is told


def test_growth_that_luck_may_hide_is_neither_shown_nor_excluded() -> None:
    """Replications that wander as far as an overload grows tell nothing; fewer, no more."""
    steps = 28 * STEPS_A_DAY
    for count, verdict in ((10, "too short"), (3, "too few replications")):
        series = [
            InProcess(1000.0 + slope * STEP / STEPS_A_DAY, np.full(steps, 25))
            for slope in np.linspace(-20.0, 20.0, count)
        ]
        assert kept_up(series, 14.0)[0] == verdict


@pytest.mark.parametrize(("load", "most", "least"), [(0.8, 0, 0), (0.95, 1, 0), (1.05, 40, 39)])
def test_who_falls_behind_is_found_and_nobody_else(load: float, most: int, least: int) -> None:
    """A house that is closed at the weekend, 200 orders a day, 28 days: 40 runs of 10."""
    house = next(house for house in HOUSES if house.name.startswith("Monday to Friday"))
    luck = np.random.Generator(np.random.Philox(11))
    said = [recursion(house, load, luck) for _ in range(40)]
    assert least <= said.count("unstable") <= most
    assert set(said) <= {"unstable", "keeps up", "too short"}


def test_the_recursion_has_the_work_in_process_of_the_simulator() -> None:
    """The two houses are one: mean work in process of settled weeks, within its luck."""
    house = replace(HOUSES[3], per_day=60.0, horizon_days=14.0)
    setting = prepare(scenario_of(house, 0.8, 3), {})
    played = [play_replication(setting, number).picture.in_process for number in range(4)]
    luck = np.random.Generator(np.random.Philox(12))
    drawn = [one_by_recursion(house, 0.8, luck) for _ in range(40)]
    first = 7 * STEPS_A_DAY
    a, b = (np.array([each.orders[first:].mean() for each in series]) for series in (played, drawn))
    error = np.hypot(b.std(ddof=1) / 2.0, b.std(ddof=1) / np.sqrt(40.0))
    assert abs(a.mean() - b.mean()) < 4.0 * error
    assert played[0].placed.shape == drawn[0].placed.shape


def test_a_peak_that_was_worked_off_is_no_overload(run: Run) -> None:
    """A backlog in the middle of the window, nearly gone at its end."""
    day = STEP / STEPS_A_DAY
    peak = 100.0 + 900.0 * np.exp(-(((day - 20.5) / 1.5) ** 2))

    assert judged(run, peak).verdict == "keeps up"


def test_more_orders_at_the_same_lead_time_are_no_overload(run: Run) -> None:
    """Demand doubles over the window; each order stays two days."""
    rate = 100.0 * (1.0 + np.clip(STEP / STEPS_A_DAY - 14.0, 0.0, None) / 14.0)
    placed = np.round(rate / STEPS_A_DAY).astype(np.int64)

    assert judged(run, 2.0 * rate, placed).verdict == "keeps up"


def test_a_house_that_fills_for_days_needs_that_warm_up(run: Run) -> None:
    """Work in process that starts from nothing settles after the days it takes to fill."""
    filling = 100.0 * np.minimum(1.0, STEP / STEPS_A_DAY / 5.0)

    short, long = (judged(run, filling, warm_up_days=days) for days in (1.0, 14.0))

    assert short.warm_up_cut_days is not None
    assert 2.5 <= short.warm_up_cut_days <= 6.25
    assert "lengthen run.warm_up_days" in short.warm_up_warning
    assert long.warm_up_warning == ""


def test_work_in_process_of_a_played_run(tmp_path: Path) -> None:
    """Warm-up and window in steps of six hours; as many orders as were placed until its end."""
    loaded = small(tmp_path, "run.replications=1")

    run = execute(loaded)

    found = run.outcomes[0].picture.in_process
    orders = run.outcomes[0].orders
    assert orders is not None
    kept = np.isin(orders["outcome"], ("delivered", "open"))
    assert found.orders.shape == found.placed.shape == (3 * STEPS_A_DAY,)
    assert found.placed.sum() == np.count_nonzero(kept & (orders["placed_s"] < 3 * 86_400.0))
    assert (found.orders >= 0.0).all()
