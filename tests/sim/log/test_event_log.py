from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.log import event_log
from sim.log.event_log import Chunk, EventLog, join
from sim.log.facts import ROLE_NAMES, Fact, WrongCause
from sim.orders import book
from sim.scenario.schema import ROLES

facts = st.tuples(
    st.floats(0.0, 1e9),
    st.sampled_from([int(fact) for fact in Fact]),
    st.integers(-1, 2**31 - 1),
    st.integers(-1, 2**31 - 1),
    st.floats(allow_nan=False),
)


@given(st.lists(facts, max_size=50), st.integers(1, 7))
def test_chunks_hold_what_was_added(
    rows: list[tuple[float, int, int, int, float]], every: int
) -> None:
    """Whenever it is flushed, the joined chunks are the facts in order, each number as it was."""
    chunks: list[Chunk] = []
    log = EventLog([chunks.append])
    for number, row in enumerate(rows):
        log.add(row)
        if number % every == 0:
            log.flush()
    log.flush()

    whole = join(chunks)

    assert list(zip(*(column.tolist() for column in whole), strict=True)) == rows
    assert log.facts == len(rows) == sum(len(chunk.fact) for chunk in chunks)


def test_columns_have_their_types_and_lie_in_one_piece() -> None:
    """Times and values are doubles, facts bytes, numbers 32-bit; every column is contiguous."""
    chunks: list[Chunk] = []
    log = EventLog([chunks.append])
    log.add((1.5, Fact.PLACED, 3, -1, 0.25))
    log.flush()

    types = [column.dtype.str for column in chunks[0]]
    assert types == ["<f8", "|u1", "<i4", "<i4", "<f8"]
    assert all(column.flags.c_contiguous for column in chunks[0])


def test_every_reader_gets_every_chunk() -> None:
    """Two readers see the same chunks in the same order."""
    one: list[Chunk] = []
    two: list[Chunk] = []
    log = EventLog([one.append, two.append])
    for number in range(3):
        log.add((float(number), Fact.PLACED, number, 0, 0.0))
        log.flush()

    assert [chunk.subject.tolist() for chunk in one] == [[0], [1], [2]]
    assert all(a is b for a, b in zip(one, two, strict=True))


def test_nothing_is_handed_out_before_a_chunk_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """With chunks of ten facts, nine stay inside and the tenth goes out with them."""
    monkeypatch.setattr(event_log, "CHUNK_FACTS", 10)
    monkeypatch.setattr(event_log, "SPILL_FACTS", 2)
    chunks: list[Chunk] = []
    log = EventLog([chunks.append])
    handed_out = []
    for number in range(20):
        log.add((float(number), Fact.PLACED, number, 0, 0.0))
        log.flush_if_full()
        handed_out.append(len(chunks))

    assert handed_out == [0] * 9 + [1] * 10 + [2]
    assert join(chunks).subject.tolist() == list(range(20))


def test_empty_log_calls_nobody() -> None:
    """Flushing nothing hands out nothing; joining nothing gives empty columns."""
    chunks: list[Chunk] = []
    log = EventLog([chunks.append])

    log.flush()

    assert chunks == []
    assert [len(column) for column in join([])] == [0] * 5


def test_numbers_of_facts_are_kept() -> None:
    """A log that was written is read for ever: these numbers never change, and fit a byte."""
    known = {
        "PLACED": 1, "LOST": 2, "ENTERED": 5, "PAID": 9, "CANCELLED": 10, "TYPED_AS": 14,
        "SHORT": 15, "SPLIT": 20, "RELEASED": 22, "PICKED": 24, "PACKED": 26, "HANDED_OVER": 30,
        "DELIVERED": 31, "LINE_PICKED": 40, "RETURN_ASKED": 50, "REFUNDED": 55, "CAPTURED": 58,
        "STOCK_OPENED": 60, "ON_DUTY": 70, "WORKED": 74, "ABSENT": 75, "MOVED": 76,
        "TOUR_STARTED": 80, "TOUR_ENDED": 81,
    }  # fmt: skip

    assert {name: int(Fact[name]) for name in known} == known
    assert all(0 < fact < 256 for fact in Fact)


def test_codes_that_travel_are_the_same_everywhere() -> None:
    """A kind of pick error is its own cause at the door; roles have one order."""
    assert [
        book.PICK_WRONG_ITEM, book.PICK_WRONG_QUANTITY, book.PICK_OMITTED, book.PICK_DAMAGED
    ] == [
        WrongCause.WRONG_ITEM, WrongCause.WRONG_QUANTITY, WrongCause.OMITTED,
        WrongCause.DAMAGED_AT_PICK,
    ]  # fmt: skip
    assert ROLE_NAMES == ROLES


def test_times_survive_to_the_last_bit() -> None:
    """A time that is no round number comes back as the same double."""
    chunks: list[Chunk] = []
    log = EventLog([chunks.append])
    log.add((0.1 + 0.2, Fact.PLACED, 0, 0, 1.0 / 3.0))
    log.flush()

    assert chunks[0].time_s.tobytes() == np.float64(0.1 + 0.2).tobytes()
    assert chunks[0].value[0] == 1.0 / 3.0
