from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
import simpy

from sim.clock.process import LeanProcess, Wake

Steps = Generator[simpy.Event, Any, None]


def test_process_starts_inside_the_callers_moment() -> None:
    """The first step is taken before the call returns, without a turn on the clock."""
    env, seen = simpy.Environment(), []

    def steps() -> Steps:
        seen.append(env.now)
        yield env.timeout(5.0)
        seen.append(env.now)

    LeanProcess(steps())
    assert seen == [0.0]

    env.run()
    assert seen == [0.0, 5.0]


def test_event_that_has_happened_is_not_waited_for() -> None:
    """A process goes straight on over events which are over, at the same moment."""
    env, seen = simpy.Environment(), []
    over = [env.timeout(1.0), env.timeout(2.0)]

    def steps() -> Steps:
        yield env.timeout(3.0)
        yield from over
        seen.append(env.now)

    LeanProcess(steps())
    env.run()

    assert seen == [3.0]


def test_error_in_a_process_ends_the_run() -> None:
    """What goes wrong inside a process is not swallowed."""
    env = simpy.Environment()

    def steps() -> Steps:
        yield env.timeout(1.0)
        raise ZeroDivisionError

    LeanProcess(steps())

    with pytest.raises(ZeroDivisionError):
        env.run()


def test_woken_go_on_in_the_order_in_which_they_began_to_wait() -> None:
    """All that wait go on inside the moment that wakes them, first come first."""
    env, seen = simpy.Environment(), []
    wake = Wake(env)

    def steps(name: str) -> Steps:
        yield wake
        seen.append((name, env.now))

    for name in ("b", "a", "c"):
        LeanProcess(steps(name))
    env.run(until=7.0)
    wake.now()

    assert seen == [("b", 7.0), ("a", 7.0), ("c", 7.0)]


def test_who_comes_after_the_waking_does_not_wait() -> None:
    """An event of the past does not hold anybody."""
    env, seen = simpy.Environment(), []
    wake = Wake(env)
    wake.now()

    def steps() -> Steps:
        yield wake
        seen.append(env.now)

    LeanProcess(steps())

    assert seen == [0.0]


def test_equal_times_go_by_order_of_scheduling() -> None:
    """The tie rule: earlier time first, then who scheduled first."""
    env, seen = simpy.Environment(), []

    def steps(name: str, *waits_s: float) -> Steps:
        for wait_s in waits_s:
            yield env.timeout(wait_s)
        seen.append(name)

    LeanProcess(steps("scheduled at 6 for 10", 6.0, 4.0))
    LeanProcess(steps("scheduled at 0 for 10", 10.0))
    LeanProcess(steps("scheduled at 3 for 10", 3.0, 7.0))
    env.run()

    assert seen == ["scheduled at 0 for 10", "scheduled at 3 for 10", "scheduled at 6 for 10"]
