"""The ladder: up until a plan keeps the promise, down by halving to the last one that does."""

from __future__ import annotations

import pytest

from optimize.judge.effort import Effort
from optimize.judge.points import Planned
from optimize.judge.rungs import Climber
from optimize.judge.search import Search
from tests.optimize.judge.shop import Shop, planned, promise

LINE = Shop(lambda heads: heads[0] / 20, most=20)
"""As many in a hundred are served as five times the people of the first part."""


def ladder(rung: int) -> Planned | None:
    """Return ten people on rung 0, one more or fewer a rung."""
    return planned((10 + rung, 0, 0, 0), f"{10 + rung} people") if -9 <= rung <= 9 else None


def climber(at_least: float) -> tuple[Search, Climber]:
    """Return a search at the foot of the ladder."""
    search = Search(LINE.play, promise(at_least), Effort(replications=3))
    return search, Climber(search, ladder)


@pytest.mark.parametrize("needed", [1, 4, 9, 10])
def test_the_cheapest_rung_that_keeps_the_promise_is_found(needed: int) -> None:
    """From ten people down to as many as needed, in few plans."""
    search, steps = climber(needed / 20)
    start = steps.start()
    assert start is not None

    best = steps.cheaper(start)

    assert start.planned.words == "10 people"
    assert best.planned.words == f"{needed} people"
    assert len(search.points) <= 8


@pytest.mark.parametrize("needed", [11, 15])
def test_a_requirement_that_misses_is_made_safer(needed: int) -> None:
    """The first rung upwards that keeps the promise is the start, and nothing below it will do."""
    search, steps = climber(needed / 20)

    start = steps.start()

    assert start is not None
    assert start.planned.words == f"{needed} people"
    assert steps.cheaper(start) == start
    assert [step.kept for step in search.steps if step.kind == "start"][-2:] == [False, True]


def test_the_next_start_keeps_the_larger_margin() -> None:
    """With a margin of 0.09 eleven people are followed by thirteen."""
    search, steps = climber(11 / 20)
    start = steps.start()
    assert start is not None
    search.margins = (0.09,)

    higher = steps.higher()

    assert higher is not None
    assert higher.planned.words == "13 people"
    search.margins = (1.0,)
    assert steps.higher() is None


def test_a_ladder_without_a_requirement_plan_is_refused() -> None:
    """Rung 0 must be there."""
    search, _ = climber(0.5)

    with pytest.raises(ValueError, match="rung 0"):
        Climber(search, lambda _: None)
