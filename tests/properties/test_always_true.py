"""The laws of every run, over small random warehouses.

60 examples by default and always the same ones; ``WARELAB_EXAMPLES`` asks for more.
"""

from __future__ import annotations

import os
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings

from sim.engine.setting import prepare
from sim.kpis.balance import balance
from sim.kpis.slices import Window
from sim.kpis.tables import Tables
from sim.log.event_log import Chunk
from sim.log.facts import Fact
from sim.orders.book import OrderBook
from sim.scenario.schema import Scenario
from tests.properties.law_book import LawBook
from tests.properties.worlds import scenarios, scenarios_that_ask_anew
from tests.sim.engine.playing import Record, book_of, record, whole_minutes

EXAMPLES = int(os.environ.get("WARELAB_EXAMPLES", "60"))
DAY_S = 86_400.0
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
EVERYWHERE = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=SLOW
)
SOMEWHERE = settings(EVERYWHERE, max_examples=max(1, EXAMPLES // 2))

MORE_ROUNDS = 5

seen: dict[Fact, int] = {}


def note(played: Record) -> None:
    """Count what has happened in a world."""
    for fact in Fact:
        seen[fact] = seen.get(fact, 0) + played.count(fact)


def unseen() -> list[str]:
    """Return what has not happened in any world so far."""
    return [fact.name for fact in Fact if not seen[fact]]


def more_worlds(number: int) -> None:
    """Play as many worlds again, other ones, by the laws."""

    @seed(number)
    @settings(EVERYWHERE, derandomize=False, database=None)
    @given(scenarios())
    def play_some(scenario: Scenario) -> None:
        played = record(scenario)
        note(played)
        LawBook(played).check()

    play_some()


@pytest.mark.slow
@EVERYWHERE
@given(scenarios())
def test_every_unit_order_minute_and_cent_is_accounted_for(scenario: Scenario) -> None:
    """Every law of the law book holds in every warehouse, and the accounts of the KPIs add up."""
    played = record(scenario)
    note(played)
    tables = Tables(played.book.demand, played.setting.catalogue, Window(0.0, DAY_S))
    tables.add(played.log)

    LawBook(played).check()
    assert balance(tables).faults == ()


@pytest.mark.slow
@SOMEWHERE
@given(scenarios_that_ask_anew())
def test_no_cent_is_lost_where_authorisations_expire(scenario: Scenario) -> None:
    """The same where goods come late and customers are asked to pay anew."""
    played = record(scenario)
    note(played)
    tables = Tables(played.book.demand, played.setting.catalogue, Window(0.0, DAY_S))
    tables.add(played.log)

    LawBook(played).check()
    assert balance(tables).faults == ()


@pytest.mark.slow
def test_the_random_warehouses_show_every_fact() -> None:
    """The worlds are not idle: whatever can happen happens in some of them.

    What is rare may miss the examples above; then further worlds are played.
    """
    if EXAMPLES < 60:
        pytest.skip("too few examples to show all")
    if not seen:
        test_every_unit_order_minute_and_cent_is_accounted_for()
        test_no_cent_is_lost_where_authorisations_expire()

    for number in range(MORE_ROUNDS):
        if unseen():
            more_worlds(number)

    assert not unseen()


@pytest.mark.slow
@SOMEWHERE
@given(scenarios())
def test_laws_hold_when_much_happens_at_once(scenario: Scenario) -> None:
    """With all times of the book in whole minutes the laws hold; twice gives the same bytes."""
    setting = prepare(scenario, {})
    book = whole_minutes(book_of(setting))

    first = record(scenario, setting=setting, book=book)
    second = record(scenario, setting=setting, book=book)

    assert first.bytes == second.bytes
    LawBook(first).check()


def with_another_future(book: OrderBook, from_s: float) -> OrderBook:
    """Turn the luck and the wishes of all orders that are placed from a moment on upside down."""
    demand, luck = book.demand, book.luck
    order = int(np.searchsorted(demand.placed_s, from_s))
    line = int(demand.first_line[order])
    changed = {}
    for column in fields(luck):
        values = getattr(luck, column.name).copy()
        start = order if len(values) == demand.orders else line
        values[start:] = values[start:][::-1]
        changed[column.name] = values
    sku, units = demand.sku.copy(), demand.units.copy()
    sku[line:], units[line:] = sku[line:][::-1], units[line:][::-1] + 1
    placed_s = demand.placed_s.copy()
    placed_s[order:] = (placed_s[order:] + placed_s[-1]) / 2.0
    new = replace(demand, sku=sku, units=units, placed_s=placed_s)
    return replace(book, demand=new, luck=replace(luck, **changed))


@pytest.mark.slow
@SOMEWHERE
@given(scenarios())
def test_no_decision_uses_the_future(scenario: Scenario) -> None:
    """Other orders, times and luck from the second day on change nothing before that day."""
    setting = prepare(scenario, {})
    book = book_of(setting)

    today = record(scenario, setting=setting, book=book).log
    other = record(scenario, setting=setting, book=with_another_future(book, DAY_S)).log

    past, other_past = today.time_s < DAY_S, other.time_s < DAY_S
    assert past.any()
    for name in Chunk._fields:
        assert np.array_equal(getattr(today, name)[past], getattr(other, name)[other_past]), name
