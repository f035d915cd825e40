from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.sequence import (
    COMPACT_AT,
    SEQUENCE,
    KeptInOrder,
    by_due_time,
    by_rank,
    by_work,
    waiting_line,
)


@dataclass
class Order:
    """An order with all that a sequence may know of it."""

    rank: int
    promised_truck_s: float


def test_rules_by_name() -> None:
    """As they come, by the channel's rank, promised truck or work: the smaller key first."""
    rules = {"priority": by_rank, "due_time": by_due_time, "shortest_first": by_work}
    assert {"first_come": None, **rules} == SEQUENCE
    assert [key(Order(2, 50.0), 30.0) for key in rules.values()] == [2.0, 50.0, 30.0]


def test_without_a_key_the_line_is_a_plain_row() -> None:
    """Who goes as they come needs no order: nothing is paid for it."""
    assert type(waiting_line(None)) is deque
    assert isinstance(waiting_line(float), KeptInOrder)


def test_equal_keys_stand_in_the_order_of_joining() -> None:
    """Ranks 1, 0, 1, 0, 2: both of 0, both of 1, and then the one of 2."""
    line: KeptInOrder[tuple[int, str]] = KeptInOrder(lambda entry: float(entry[0]))
    for entry in ((1, "a"), (0, "b"), (1, "c"), (0, "d"), (2, "e")):
        line.append(entry)

    assert [name for _, name in line] == ["b", "d", "a", "c", "e"]
    assert line.popleft() == (0, "b")


def test_values_are_never_compared() -> None:
    """Entries of equal keys may be things that know no order among themselves."""
    line: KeptInOrder[object] = KeptInOrder(lambda _: 0.0)
    things = [object() for _ in range(3)]
    for thing in things:
        line.append(thing)

    assert list(line) == things


def test_an_urgent_entry_never_joins_among_those_that_have_left() -> None:
    """Of two the first has left: one that is more urgent still stands before the other."""
    line: KeptInOrder[int] = KeptInOrder(float)
    line.append(5)
    line.append(6)
    line.popleft()

    line.append(1)

    assert list(line) == [1, 6]
    assert len(line) == 2


@pytest.mark.parametrize("place", [-1, 2])
def test_there_is_no_place_outside_the_line(place: int) -> None:
    """Two are in line: no place before 0, none after 1."""
    line: KeptInOrder[int] = KeptInOrder(float)
    for key in (3, 1, 2):
        line.append(key)
    line.popleft()

    with pytest.raises(IndexError):
        line[place]


Steps = st.lists(
    st.one_of(
        st.integers(0, 5).map(lambda key: ("join", key)),
        st.just(("leave", 0)),
        st.integers(0, 9).map(lambda place: ("drop", place)),
    ),
    max_size=60,
)


@given(Steps)
def test_the_line_is_the_sorted_row(steps: list[tuple[str, int]]) -> None:
    """Whatever joins, leaves at the front or is taken out: the line is the row sorted by key."""
    line: KeptInOrder[tuple[int, int]] = KeptInOrder(lambda entry: float(entry[0]))
    row: list[tuple[int, int]] = []
    for ticket, (what, number) in enumerate(steps):
        if what == "join":
            line.append((number, ticket))
            row = sorted([*row, (number, ticket)])
        elif what == "leave" and row:
            assert line.popleft() == row.pop(0)
        elif what == "drop" and number < len(row):
            del line[number]
            del row[number]

        assert len(line) == len(row)
        assert list(line) == [line[place] for place in range(len(row))] == row


def test_a_long_line_forgets_those_who_have_left() -> None:
    """10,000 join and leave: what is kept is never much more than what waits."""
    line: KeptInOrder[int] = KeptInOrder(float)
    for number in range(10_000):
        line.append(number)
        assert line.popleft() == number
        assert len(line._entries) <= COMPACT_AT

    assert len(line) == 0
