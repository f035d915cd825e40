"""Planned overtime under each rule for a shift's end; every timeline is calculated by hand."""

from __future__ import annotations

import pytest

from sim.log.facts import Fact
from tests.sim.clock.floor import RULES, Floor


@pytest.mark.parametrize("rule", RULES)
def test_work_that_waits_at_the_end_is_done_in_overtime(rule: str) -> None:
    """Three jobs of 30 s from 80 on, shift to 100, up to 60 s more: two are done by 140.

    The third is begun at 140 and would last to 170. `finish` lets it; with nobody to take over so
    does `hand_over`; `preempt_resume` drops it at 160.
    """
    floor = Floor(rule, (0, 1, [(0, 100), (300, 400)]), overtime_s=60.0)
    for subject in range(3):
        floor.ask(80, 30, subject)
    floor.run()

    if rule == "preempt_resume":
        assert floor.done == {0: 110, 1: 140, 2: 310}
        assert floor.of(Fact.OFF_DUTY)[0] == (160, 0, 60)
    else:
        assert floor.done == {0: 110, 1: 140, 2: 170}
        assert floor.of(Fact.OFF_DUTY)[0] == (170, 0, 70)


@pytest.mark.parametrize("rule", RULES)
def test_nobody_begins_new_work_when_overtime_is_used_up(rule: str) -> None:
    """Up to 20 s more: the job that ends at 120 is the last, although one waits."""
    floor = Floor(rule, (0, 1, [(0, 100), (300, 400)]), overtime_s=20.0)
    floor.ask(75, 30, 0)  # to 105
    floor.ask(76, 15, 1)  # to 120: overtime is used up
    floor.ask(77, 10, 2)
    floor.run()

    assert floor.done == {0: 105, 1: 120, 2: 310}
    assert floor.of(Fact.OFF_DUTY)[0] == (120, 0, 20)


@pytest.mark.parametrize("rule", RULES)
def test_who_has_nothing_to_do_goes_home_on_time(rule: str) -> None:
    """Idle at 100 with nothing waiting: home at 100; work asked for at 101 waits for tomorrow."""
    floor = Floor(rule, (0, 1, [(0, 100), (300, 400)]), overtime_s=60.0)
    floor.ask(101, 5, 0)
    floor.run()

    assert floor.done == {0: 305}
    assert floor.of(Fact.OFF_DUTY) == [(100, 0, 0), (400, 0, 0)]


@pytest.mark.parametrize("rule", RULES)
def test_who_has_worked_everything_off_goes_home(rule: str) -> None:
    """The last job is done at 110: home at 110, and nobody waits there for more."""
    floor = Floor(rule, (0, 1, [(0, 100), (300, 400)]), overtime_s=60.0)
    floor.ask(70, 20, 0)
    floor.ask(71, 20, 1)
    floor.ask(115, 5, 2)
    floor.run()

    assert floor.done == {0: 90, 1: 110, 2: 305}
    assert floor.of(Fact.OFF_DUTY)[0] == (110, 0, 10)


def test_hand_over_goes_before_overtime_where_nothing_waits() -> None:
    """An idle colleague takes over at 100; with nothing waiting the first goes home on time."""
    floor = Floor("hand_over", (0, 1, [(0, 100)]), (0, 1, [(85, 300)]), overtime_s=60.0)
    floor.ask(80, 60, 1)
    floor.run()

    assert floor.worked() == [(0, 80, 100), (1, 100, 140)]
    assert floor.of(Fact.OFF_DUTY)[0] == (100, 0, 0)


def test_hand_over_at_the_end_of_overtime() -> None:
    """One works on at 100, for work waits; at 120 a colleague is idle and takes over.

    The colleague has a job of 35 s since 82 and does the waiting one of 1 s from 117 to 118.
    """
    floor = Floor("hand_over", (0, 1, [(0, 100)]), (0, 1, [(0, 300)]), overtime_s=20.0)
    floor.ask(80, 60, 1)  # person 0, to 140
    floor.ask(82, 35, 2)  # person 1, to 117
    floor.ask(90, 1, 3)
    floor.run()

    assert floor.done == {1: 140, 2: 117, 3: 118}
    assert floor.worked() == [(1, 82, 117), (1, 117, 118), (0, 80, 120), (1, 120, 140)]
    assert floor.of(Fact.OFF_DUTY)[0] == (120, 0, 20)


def test_what_would_be_dropped_counts_as_waiting() -> None:
    """With nobody to resume it, a job in hand at 100 is finished at 115 rather than dropped."""
    floor = Floor("preempt_resume", (0, 1, [(0, 100), (300, 400)]), overtime_s=60.0)
    floor.ask(90, 25, 1)
    floor.run()

    assert floor.done == {1: 115}
    assert floor.of(Fact.OFF_DUTY)[0] == (115, 0, 15)


def test_an_idle_colleague_resumes_what_is_dropped() -> None:
    """With an idle colleague there is nothing to stay for: dropped and resumed at 100."""
    floor = Floor("preempt_resume", (0, 1, [(0, 100)]), (0, 1, [(95, 300)]), overtime_s=60.0)
    floor.ask(90, 25, 1)
    floor.run()

    assert floor.worked() == [(0, 90, 100), (1, 100, 115)]
    assert floor.of(Fact.OFF_DUTY)[0] == (100, 0, 0)


@pytest.mark.parametrize("rule", RULES)
def test_cross_trained_people_stay_for_the_lines_they_serve(rule: str) -> None:
    """The packer, trained to pick, stays for the pick line; the picker does not for packing."""
    floor = Floor(
        rule, (0, 1, [(0, 100)]), (1, 1, [(0, 100), (300, 400)]), also={1: [0]}, overtime_s=60.0
    )
    floor.ask(95, 10, 1, role=0)  # picker, to 105
    floor.ask(95, 10, 2, role=1)  # packer, to 105
    floor.ask(96, 10, 3, role=1)  # packer, 105 to 115
    floor.ask(97, 10, 4, role=0)  # picker, 105 to 115
    floor.ask(98, 10, 5, role=0)  # both are free at 115; the picker was first
    floor.run()

    assert floor.done == {1: 105, 2: 105, 3: 115, 4: 115, 5: 125}
    assert sorted(floor.of(Fact.OFF_DUTY))[:2] == [(115, 1, 15), (125, 0, 25)]


@pytest.mark.parametrize("rule", RULES)
def test_overtime_ends_where_the_next_shift_begins(rule: str) -> None:
    """Overtime from 100 reaches the shift from 120: from there it is plain work."""
    floor = Floor(rule, (0, 1, [(0, 100), (120, 200)]), overtime_s=60.0)
    for subject in range(3):
        floor.ask(80, 30, subject)  # to 110, 140, 170
    floor.run()

    assert floor.done == {0: 110, 1: 140, 2: 170}
    assert floor.of(Fact.OFF_DUTY) == [(120, 0, 20), (200, 0, 0)]
    assert floor.of(Fact.ON_DUTY) == [(0, 0, 0), (120, 0, 0)]


@pytest.mark.parametrize("rule", RULES)
def test_a_break_that_ends_with_the_shift_may_be_followed_by_overtime(rule: str) -> None:
    """On break from 90 to 100, the shift's end: what waits is done until 105."""
    floor = Floor(rule, (0, 1, [(0, 100, ((90, 10),))]), overtime_s=60.0)
    floor.ask(95, 5, 1)
    floor.run()

    assert floor.done == {1: 105}
    assert floor.of(Fact.BREAK_ENDED) == [(100, 0, 0)]
    assert floor.of(Fact.OFF_DUTY) == [(105, 0, 5)]
