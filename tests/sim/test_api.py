"""What notebooks use: simulate, replicate, compare."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import api
from sim.api import compare, replicate, simulate
from sim.errors import ScenarioError
from sim.kpis import KPIS
from sim.scenario.loading import load
from tests.sim.experiments.small import small, small_file


def test_simulate_gives_frames(tmp_path: Path) -> None:
    """One replication has all KPIs, one row an order and one row a fact, the facts by name."""
    one = simulate(str(small_file(tmp_path)))
    assert list(one.kpis.index) == list(KPIS)
    assert len(one.events) == one.outcome.facts
    placed = one.events[one.events["fact"] == "placed"]
    assert len(placed) == len(one.orders)
    assert one.events["time_s"].is_monotonic_increasing


def test_simulate_is_the_same_replication_as_in_replicate(tmp_path: Path) -> None:
    """Replication 1 alone has exactly the numbers of replication 1 of three."""
    path = str(small_file(tmp_path))
    alone = simulate(path, replication=1).outcome.kpis
    frame = replicate(path, replications=3).kpis
    batch = frame[frame["replication"] == 1].set_index("kpi")["value"]
    for name, value in alone.items():
        if value is None:
            assert batch[name] is None or batch[name] != batch[name]
        else:
            assert batch[name] == value


def test_utilisation_is_a_table_of_role_weekday_and_hour(tmp_path: Path) -> None:
    """One row for each hour in which a role was on duty, with a share of its time."""
    frame = replicate(str(small_file(tmp_path)), replications=2).utilisation

    assert list(frame.columns) == ["role", "weekday", "hour", "busy_share"]
    assert {"pickers", "packers"} <= set(frame["role"])
    assert not frame.duplicated(["role", "weekday", "hour"]).any()
    assert frame["busy_share"].between(0.0, 1.0 + 1e-9).all()
    assert frame["busy_share"].max() > 0.0


def test_settings_are_those_of_the_command_line(tmp_path: Path) -> None:
    """Double underscores stand for dots, and Python's values for YAML's."""
    path = str(small_file(tmp_path))
    given = simulate(path, picking__routing="largest_gap", run__seed=9)
    typed = simulate(load(path, settings=["picking.routing=largest_gap", "run.seed=9"]))
    assert given.outcome.digest == typed.outcome.digest
    assert given.outcome.digest != simulate(path).outcome.digest
    with pytest.raises(ScenarioError, match=r"picking\.routing"):
        simulate(path, picking__routing="largest_gab")


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (True, "true"),
        (None, "null"),
        (3, "3"),
        (0.25, "0.25"),
        ("exact", '"exact"'),
        ("ja 😀", '"ja 😀"'),
        (np.float64(0.5), "0.5"),
        (np.int64(4), "4"),
        (np.arange(3), "[0, 1, 2]"),
        (Path("a b"), '"a b"'),
    ],
)
def test_values_are_written_as_yaml(value: object, word: str) -> None:
    """Values of Python and NumPy are written as YAML writes them."""
    assert api._word(value) == word


def test_lists_and_nothing_are_settings_too(tmp_path: Path) -> None:
    """A list, a map and None reach the scenario as they are."""
    path = str(small_file(tmp_path))
    replicated = replicate(
        path,
        replications=1,
        staff__late__days=["mon", "tue"],
        targets__order_lead_time_p95_h=None,
        orders__lines_per_order={"distribution": "geometric", "mean": 1.5, "max": 9},
        title="a: b #c 😀",
    )
    scenario = replicated.run.scenario
    assert scenario.staff["late"].days == ["mon", "tue"]
    assert scenario.targets == {}
    assert scenario.orders.lines_per_order.model_dump()["mean"] == 1.5
    assert scenario.title == "a: b #c 😀"


def test_replicate_gives_a_tidy_frame(tmp_path: Path) -> None:
    """One row for each replication and KPI with its unit; the estimates are those of the run."""
    told: list[int] = []
    many = replicate(str(small_file(tmp_path)), progress=told.append)
    frame = many.kpis
    assert list(frame.columns) == ["scenario", "replication", "kpi", "value", "unit"]
    assert len(frame) == 2 * len(KPIS)
    assert set(frame["scenario"]) == {"small"}
    assert told == [1, 1]
    mean = frame[frame["kpi"] == "orders_placed"]["value"].mean()
    assert many.estimates.loc["orders_placed", "mean"] == pytest.approx(mean)
    assert "click to door" in str(many)


def test_compare_says_what_changed(tmp_path: Path) -> None:
    """A dearer wage changes the cost, never the lead time, and b is compared against a."""
    path = str(small_file(tmp_path))
    cheap = replicate(path, people__eur_per_hour__packers=10.0)
    dear = replicate(path, people__eur_per_hour__packers=50.0)
    found = compare(cheap, dear)
    differences = found.differences
    difference, verdict = (differences[column].to_dict() for column in ("difference", "verdict"))
    assert difference["order_lead_time_mean_h"] == 0.0
    assert verdict["order_lead_time_mean_h"] == "identical"
    assert difference["cost_per_order_eur"] > 0.0
    assert "cost of an order" in str(found)


def test_a_loaded_scenario_takes_no_further_settings(tmp_path: Path) -> None:
    """Settings beside a loaded scenario would be lost, so they are refused."""
    with pytest.raises(ValueError, match="give settings to load"):
        simulate(small(tmp_path), run__seed=1)
