"""The learning curve goes where the scenario says."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock.pace import Pace, learning_curve
from sim.scenario.schema.people import Learning

LEARNING = st.builds(
    Learning,
    rate=st.floats(0.5, 0.99),
    first_factor=st.floats(1.0, 10.0),
    experienced_after_tasks=st.integers(2, 500),
)


@given(LEARNING)
def test_it_begins_at_the_first_factor_and_ends_at_the_standard_time(learning: Learning) -> None:
    """Piece 1 takes the first factor, the last piece the standard time, and no piece longer."""
    curve = learning_curve(learning)

    assert len(curve) == learning.experienced_after_tasks
    assert curve[0] == pytest.approx(learning.first_factor)
    assert curve[-1] == 1.0
    assert all(after <= before + 1e-12 for before, after in itertools.pairwise(curve))


def test_each_doubling_leaves_the_rate_of_what_can_be_saved() -> None:
    """With a rate of 0.8 the parts above the plateau at pieces 1, 2, 4, 8 fall to 0.8 each."""
    curve = learning_curve(Learning(rate=0.8, first_factor=2.0, experienced_after_tasks=64))
    # through 2 at piece 1 and 1 at piece 64: b = 1 / (1 - 0.8**6), plateau 2 - b
    plateau = 2.0 - 1.0 / (1.0 - 0.8**6)

    above = [curve[piece - 1] - plateau for piece in (1, 2, 4, 8, 16, 32)]

    assert [b / a for a, b in itertools.pairwise(above)] == pytest.approx([0.8] * 5)


def test_own_pace_and_learning_multiply() -> None:
    """A person of pace 0.5 who needs twice the time of an experienced one takes standard time."""
    pace = Pace(0.5, [2.0, 1.0])

    first = pace.now(1)
    pace.finished(1)

    assert (first, pace.now(1), pace.now(2)) == (1.0, 0.5, 1.0)
