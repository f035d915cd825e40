from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

from sim.engine.model import play
from sim.engine.setting import prepare
from sim.errors import ScenarioError
from sim.log.facts import Fact
from tests.sim.engine.playing import EVERY_DAY, book_of, record, scenario_of
from tests.sim.stages.by_hand import DAY_S, HOUR_S, PLAIN, Hand, merged

SMALL: dict[str, Any] = {
    "orders": {"per_day": 40.0},
    "run": {"warm_up_days": 0.0, "horizon_days": 2.0, "cool_down_days": 0.0},
}


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    """Plays order books written by hand."""
    return Hand(monkeypatch)


def test_run_ends_with_the_last_life(hand: Hand) -> None:
    """After the last parcel and the window nothing is left to happen: the clock stops there."""
    short = {"run": {"warm_up_days": 0.0, "horizon_days": 0.01}}
    played = hand.play([(0.0, [(0, 1)]), (HOUR_S, [(0, 1)])], sections=short)

    assert played.played.ended_s == played.rows(Fact.DELIVERED)[-1].time_s
    assert played.played.open_lives == 0


def test_run_without_orders_lasts_as_long_as_its_window(hand: Hand) -> None:
    """Nothing is ordered, but the house is open and its people are paid to the window's end."""
    window = {"run": {"warm_up_days": 1.0, "horizon_days": 2.0}}
    played = hand.play([], stock=[3, 3, 3, 3], sections=window)

    assert played.played.ended_s == 3 * 86_400.0
    assert played.rows(Fact.OFF_DUTY)[-1].time_s == 3 * 86_400.0
    assert [row.other for row in played.rows(Fact.STOCK_CLOSED)] == [3, 3, 3, 3]


def test_follow_up_time_ends_a_run_that_does_not_drain(hand: Hand) -> None:
    """A picker who never comes: after two days of follow-up the orders are counted as open."""
    played = hand.play(
        [(0.0, [(0, 1)]), (HOUR_S, [(0, 1)])],
        sections={
            "run": {"follow_up_days": 2.0},
            "staff": {"always": {"pickers": 0}},
        },
    )

    assert played.played.ended_s == HOUR_S + 2 * DAY_S
    assert played.played.open_lives == 2
    assert played.count(Fact.RELEASED) == 2
    assert not played.rows(Fact.PICK_STARTED)


def test_everybody_goes_home_at_the_end() -> None:
    """In the log every duty and every break has an end."""
    played = record(scenario_of(**SMALL))

    assert played.count(Fact.ON_DUTY) == played.count(Fact.OFF_DUTY) > 0
    assert played.count(Fact.BREAK_STARTED) == played.count(Fact.BREAK_ENDED) > 0


def test_readers_get_as_many_facts_as_are_counted() -> None:
    """``Played.facts`` is the length of the log."""
    played = record(scenario_of(**SMALL))

    assert played.played.facts == len(played.log.fact)


def test_book_that_is_drawn_inside_is_the_same() -> None:
    """Without a book the model draws that of the replication."""
    setting = prepare(scenario_of(**SMALL), {})
    given = record(setting.scenario, 3, setting=setting, book=book_of(setting, 3))
    chunks: list[Any] = []

    play(setting, 3, [chunks.append])

    assert np.array_equal(np.concatenate([chunk.time_s for chunk in chunks]), given.log.time_s)


def test_garbage_collection_is_left_as_it_was() -> None:
    """The model holds the collector during the run only, even if the run fails."""
    assert gc.isenabled()
    record(scenario_of(**SMALL))
    assert gc.isenabled()

    def fails(_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        play(prepare(scenario_of(**SMALL), {}), 0, [fails])
    assert gc.isenabled()


def test_history_without_a_file_is_told_not_raised_raw() -> None:
    """A scenario that plays a history but names none is a problem with its key."""
    scenario = scenario_of(orders={"source": "history"})

    with pytest.raises(ScenarioError, match=r"orders\.file"):
        prepare(scenario, {})


def test_people_come_by_the_calendar_of_the_start_date() -> None:
    """A run that starts on a Saturday with workday shifts sees the first person on day 2."""
    sections = merged(
        PLAIN,
        {
            "run": {"start_date": "2026-01-10", "horizon_days": 3.0},
            "orders": {"per_day": 20.0},
            "staff": {"always": {"days": EVERY_DAY[:5]}},
        },
    )

    played = record(scenario_of(**sections))

    assert min(row.time_s for row in played.rows(Fact.ON_DUTY)) == 2 * DAY_S


@pytest.mark.parametrize("batching", ["single", "first_come", "nearest_aisles"])
def test_batching_changes_tours_not_what_is_ordered(batching: str) -> None:
    """Under every rule the same lines are picked, each at least once."""
    scenario = scenario_of(**SMALL, picking={"batching": batching}, stock={"unlimited": True})

    played = record(scenario)

    paid = {row.subject for row in played.rows(Fact.PAID)}
    first = played.book.demand.first_line
    wanted = {line for order in paid for line in range(first[order], first[order + 1])}
    assert {row.subject for row in played.rows(Fact.LINE_PICKED)} == wanted
