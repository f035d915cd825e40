"""The simulator and its idiomatic twin tell the same story; one of them tells it faster."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import pytest

from sim.engine.setting import prepare
from sim.log.facts import Fact
from tests.benchmarks.core import core_scenario
from tests.benchmarks.idiomatic_twin import IdiomaticTwin
from tests.benchmarks.speed import measure
from tests.sim.engine.playing import Record, book_of, record

SAME_FACTS = {
    "placed": Fact.PLACED,
    "cancelled": Fact.CANCELLED,
    "paid": Fact.PAID,
    "tour started": Fact.TOUR_STARTED,
    "pick started": Fact.PICK_STARTED,
    "line picked": Fact.LINE_PICKED,
    "mended": Fact.LINE_MENDED,
    "pack started": Fact.PACK_STARTED,
    "packed": Fact.PACKED,
    "labelled": Fact.LABELLED,
    "handed over": Fact.HANDED_OVER,
    "delivered": Fact.DELIVERED,
    "arrived wrong": Fact.LINE_ARRIVED_WRONG,
    "followed up": Fact.FOLLOWED_UP,
    "return asked": Fact.RETURN_ASKED,
    "restocked": Fact.RESTOCKED,
    "scrapped": Fact.SCRAPPED,
    "refunded": Fact.REFUNDED,
}


@pytest.fixture(scope="module", params=[1, 2, 3])
def pair(request: pytest.FixtureRequest) -> tuple[Record, IdiomaticTwin]:
    """Both have played the same book of some 1500 orders, with many mistakes at the pick."""
    scenario = core_scenario(1500, request.param)
    picking = scenario.picking.model_copy(update={"error_rate_per_line": 0.05})
    scenario = scenario.model_copy(update={"picking": picking})
    setting = prepare(scenario, {})
    book = book_of(setting)
    twin = IdiomaticTwin(setting, book)
    twin.run()
    return record(scenario, setting=setting, book=book), twin


def told(twin: IdiomaticTwin) -> dict[str, list[tuple[float, int]]]:
    """Return (time, whom) of each kind of record."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for time_s, what, whom, *_ in twin.records:
        found[what].append((time_s, whom))
    return found


def test_every_step_of_every_order_is_at_the_same_moment(
    pair: tuple[Record, IdiomaticTwin],
) -> None:
    """Eighteen kinds of facts: the same whom, and the same time to the last bit."""
    played, twin = pair
    assert not played.rows(Fact.SHORT), "stock ran out: the two answer that differently"
    records = told(twin)

    for what, fact in SAME_FACTS.items():
        facts = [(row.time_s, row.subject) for row in played.rows(fact)]
        assert facts, what
        assert sorted(facts) == sorted(records[what]), what


def test_both_walk_the_same_metres(pair: tuple[Record, IdiomaticTwin]) -> None:
    """Tour by tour the same walk."""
    played, twin = pair

    walks = [row.value for row in played.rows(Fact.TOUR_ENDED)]

    assert math.fsum(walks) > 0.0
    assert walks == [record[3] for record in twin.records if record[1] == "tour ended"]


def test_both_ship_the_same_units(pair: tuple[Record, IdiomaticTwin]) -> None:
    """Line by line the same units leave the shelf with the same mistakes."""
    played, twin = pair

    picks = [(row.subject, row.other, row.value) for row in played.rows(Fact.LINE_PICKED)]

    assert any(error for _, _, error in picks)
    assert sorted(picks) == sorted(r[2:] for r in twin.records if r[1] == "line picked")


def test_measuring_counts_both_engines() -> None:
    """A short measurement gives a speed for both and their ratio in every round."""
    measured = measure(orders=300, rounds=2)

    assert len(measured.lean_per_s) == len(measured.idiomatic_per_s) == 2
    assert min(*measured.lean_per_s, *measured.idiomatic_per_s) > 0.0
    ratios = np.array(measured.lean_per_s) / np.array(measured.idiomatic_per_s)
    assert measured.ratio == pytest.approx(float(np.median(ratios)))


@pytest.mark.benchmark
def test_lean_is_twice_as_fast_as_idiomatic() -> None:
    """In one run, round by round on the same machine, at least twice the orders a CPU second."""
    assert measure(orders=20_000, rounds=3).ratio >= 2.0
