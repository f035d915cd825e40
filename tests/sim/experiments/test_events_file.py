"""The event log as a file that process mining reads."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.api import Simulation, simulate
from sim.commands.run import write_events
from sim.experiments.events_file import LINE_FACTS, ORDER_FACTS, SHIPMENT_FACTS
from sim.experiments.run import execute
from sim.log.facts import Fact
from tests.sim.experiments.small import small


@pytest.fixture(scope="module")
def simulation(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    """One replication of the small scenario."""
    return simulate(small(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The events of the same replication, written and read back."""
    folder = tmp_path_factory.mktemp("events")
    path = folder / "events.parquet"
    write_events(execute(small(folder), replications=[0]), path)
    return pd.read_parquet(path)


def test_the_file_is_the_log(simulation: Simulation, events: pd.DataFrame) -> None:
    """The file's plain columns are those of the log, row by row, exactly."""
    for name, column in simulation.log._asdict().items():
        assert (events[name].to_numpy() == column).all()
    assert len(events) == len(simulation.log.fact)


def test_times_are_dates_of_the_scenario(events: pd.DataFrame) -> None:
    """A time stamp is the first day's midnight plus the seconds of the log, to the microsecond."""
    seconds = (events["time:timestamp"] - pd.Timestamp("2026-01-05")).dt.total_seconds()
    assert (seconds - events["time_s"]).abs().max() < 1e-6


def test_every_case_is_an_order_from_click_to_end(
    simulation: Simulation, events: pd.DataFrame
) -> None:
    """Each order is a case of its own, begins with ``placed``, and no row names a strange one."""
    orders = len(simulation.orders)
    cases = events.dropna(subset=["case:concept:name"])
    assert set(cases["case:concept:name"]) == {str(order) for order in range(orders)}
    first = cases.groupby("case:concept:name")["concept:name"].first()
    assert set(first) == {"placed"}


def test_lines_and_legs_belong_to_their_orders(
    simulation: Simulation, events: pd.DataFrame
) -> None:
    """Picked lines and delivered legs carry the order they are part of."""
    picked = events[events["fact"] == Fact.LINE_PICKED]
    placed = events[events["fact"] == Fact.PLACED]["case:concept:name"]
    assert picked["case:concept:name"].isin(placed).all()
    delivered = events[(events["fact"] == Fact.DELIVERED)]
    own = delivered[delivered["subject"] < len(simulation.orders)]
    assert (own["case:concept:name"] == own["subject"].astype(str)).all()
    people = events[events["fact"] == Fact.ON_DUTY]
    assert people["case:concept:name"].isna().all()


def test_a_fact_is_about_one_thing() -> None:
    """No fact is told of orders and lines, or lines and shipments, at once; trucks are of no order.

    Shipments that are picked in parts, miss their truck or are told of carry their order.
    """
    kinds = [*ORDER_FACTS, *LINE_FACTS, *SHIPMENT_FACTS]

    assert len(kinds) == len(frozenset(kinds))
    assert Fact.TRUCK_LEFT not in kinds
    of_shipments = {Fact.PART_PICKED, Fact.VOID, Fact.MISSED_TRUCK, Fact.TRACKING_SENT}
    assert of_shipments <= SHIPMENT_FACTS
    assert {Fact.LINE_PICKED, Fact.SCAN_CAUGHT, Fact.RETURN_ASKED, Fact.SHORT} <= LINE_FACTS
