from __future__ import annotations

import itertools
from collections.abc import Generator, Sequence
from typing import Any

import pytest
import simpy
from hypothesis import given
from hypothesis import strategies as st

from sim.clock.clock import QUARTER_S, Clock
from sim.clock.process import EndOfMoment, LeanProcess

WAITS_S = st.one_of(
    st.sampled_from([0.0, 1.0, QUARTER_S - 1.0, QUARTER_S, 7 * QUARTER_S]),
    st.floats(0.0, 30 * QUARTER_S),
)
PLANS = st.lists(st.lists(WAITS_S, min_size=1, max_size=6), min_size=1, max_size=8)


def play(env: simpy.Environment, plans: Sequence[Sequence[float]]) -> list[tuple[int, float]]:
    """Return who went on when; every second wait is one to the end of its moment."""
    seen = []
    open_plans = len(plans)
    done = env.event()

    def steps(number: int, waits_s: Sequence[float]) -> Generator[simpy.Event, Any, None]:
        nonlocal open_plans
        for place, wait_s in enumerate(waits_s):
            yield EndOfMoment(env, wait_s) if place % 2 else env.timeout(wait_s)
            seen.append((number, env.now))
        open_plans -= 1
        if not open_plans:
            done.succeed()

    for number, waits_s in enumerate(plans):
        LeanProcess(steps(number, waits_s))
    if isinstance(env, Clock):
        env.run_to(done)
    else:
        env.run(until=done)
    return seen


@given(PLANS)
def test_everything_happens_as_on_simpys_own_clock(plans: list[list[float]]) -> None:
    """However far ahead things lie, they happen at the same times and in the same order."""
    assert play(Clock(), plans) == play(simpy.Environment(), plans)


def test_simpys_own_run_plays_it_too() -> None:
    """Without an end everything is played, over quarters in which nothing happens."""
    clock, seen = Clock(), []

    def steps() -> Generator[simpy.Event, Any, None]:
        for wait_s in (1.0, 10 * QUARTER_S, 2.0):
            yield clock.timeout(wait_s)
            seen.append(clock.now)

    LeanProcess(steps())
    clock.run()

    assert seen == list(itertools.accumulate((1.0, 10 * QUARTER_S, 2.0)))


def test_what_comes_after_the_end_does_not_happen() -> None:
    """The run stops with its last event, also if more lies in the same moment."""
    clock, seen = Clock(), []

    def steps(name: str) -> Generator[simpy.Event, Any, None]:
        yield clock.timeout(5.0)
        seen.append(name)

    LeanProcess(steps("before"))
    end = clock.timeout(5.0)
    LeanProcess(steps("after"))
    clock.run_to(end)

    assert (seen, clock.now) == (["before"], 5.0)


def test_nobody_waits_backwards() -> None:
    """A negative delay is refused."""
    with pytest.raises(ValueError, match="Negative delay"):
        Clock().timeout(-1.0)
