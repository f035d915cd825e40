"""More people never hurt: one picker more on the same orders makes nobody wait longer."""

from __future__ import annotations

import pytest

from tests.theory.more_people import Compared, compare

SMALL = (
    "orders.per_day=500", "run.warm_up_days=1", "run.horizon_days=4", "run.cool_down_days=0",
    "staff.early.pickers=1", "staff.late.pickers=1",
)  # fmt: skip
TRAINED = "people.cross_training={packers: [pickers], pickers: [packers]}"
OPTIONS = {
    "plain": (),
    "hand over": ("people.at_shift_end=hand_over",),
    "preempt": ("people.at_shift_end=preempt_resume",),
    "trained": (TRAINED,),
    "sent": (TRAINED, "people.moving=longest_line"),
    "overtime": ("people.overtime_max_min=60",),
    "absence": ("people.absence_rate=0.1",),
    "paces": ("people.pace_cv=0.2",),
    "new": ("staff.early.new_people=true",),
}


@pytest.mark.slow
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_one_picker_more_makes_no_order_wait_longer(options: tuple[str, ...]) -> None:
    """A house short of pickers, under each option; a false alarm in a thousand for each."""
    found = compare("baseline", 5, (*SMALL, *options))

    assert found.shift == "early 1"
    assert found.difference.mean != 0.0, "nobody is short of pickers here"
    assert found.p_worse > 0.001


def test_a_house_that_got_worse_is_noticed() -> None:
    """Lead times that all grew by about an hour have a p value below 0.001."""
    found = Compared("early 1", [50.0, 52.0, 51.0, 55.0], [51.0, 53.1, 52.0, 56.1])

    assert found.p_worse < 0.001
