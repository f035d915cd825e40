"""People who differ: sent to where most waits, faster or slower, new; calculated by hand."""

from __future__ import annotations

import pytest

from sim.clock.pace import EXPERIENCED, Pace
from sim.log.facts import Fact
from sim.policies.moving import longest_line
from tests.sim.clock.floor import RULES, Floor

BOTH = {0: [1], 1: [0]}
SLOW, QUICK = 2.0, 0.5


def paces(*own: float) -> list[Pace]:
    """Return experienced people of some paces."""
    return [Pace(each, EXPERIENCED) for each in own]


@pytest.mark.parametrize("rule", RULES)
def test_a_free_person_goes_to_the_longest_line(rule: str) -> None:
    """Free at 40 with one waiting in the own line and two in the other, the packer picks."""
    floor = Floor(rule, (0, 1, [(0, 500)]), (1, 1, [(0, 500)]), also=BOTH, moving=longest_line)
    floor.ask(0, 200, 0, role=0)  # the picker, to 200
    floor.ask(10, 30, 1, role=1)  # the packer, to 40
    floor.ask(11, 10, 2, role=1)
    floor.ask(12, 10, 3, role=0)
    floor.ask(13, 10, 4, role=0)
    floor.run()

    # at 40: 1 against 2, the pick line; at 50: 1 against 1, the own one; then the pick line
    assert floor.done == {0: 200, 1: 40, 3: 50, 2: 60, 4: 70}
    moved = [(t, p, role) for t, f, p, role, _ in floor.log if f == Fact.MOVED]
    assert moved == [(40, 1, 0), (50, 1, 1), (60, 1, 0)]


def test_a_line_is_as_long_as_there_is_for_each_of_its_people() -> None:
    """Three picks wait for three pickers and two packs for one packer: the packer packs."""
    floor = Floor(
        "finish", (0, 3, [(0, 500)]), (1, 1, [(0, 500)]), also={1: [0]}, moving=longest_line
    )
    for subject in range(3):
        floor.ask(0, 100, subject, role=0)
    floor.ask(1, 30, 3, role=1)  # the packer, to 31
    for subject in (4, 5, 6):
        floor.ask(2, 100, subject, role=0)
    for subject in (7, 8):
        floor.ask(3, 10, subject, role=1)
    floor.run()

    # at 31: 3 / 3 against 2 / 1; at 41: 3 / 3 against 1 / 1, a tie, the own line; then a pick
    assert (floor.done[7], floor.done[8]) == (41, 51)
    assert (51, 4, 3) in floor.begun()


@pytest.mark.parametrize("rule", RULES)
def test_what_is_in_hand_is_done_before_anybody_moves(rule: str) -> None:
    """However many picks come, the pack in hand since 10 is done at 60."""
    floor = Floor(rule, (1, 1, [(0, 500)]), also={1: [0]}, moving=longest_line)
    floor.ask(10, 50, 0, role=1)
    for subject in range(1, 5):
        floor.ask(20, 10, subject, role=0)
    floor.run()

    assert floor.done == {0: 60, 1: 70, 2: 80, 3: 90, 4: 100}


def test_everybody_begins_a_shift_in_their_own_role() -> None:
    """A packer who picked last night picks again in the morning: that is a move of its own."""
    floor = Floor("finish", (1, 1, [(0, 100), (300, 400)]), also={1: [0]}, moving=longest_line)
    floor.ask(10, 5, 0, role=0)
    floor.ask(310, 5, 1, role=0)
    floor.run()

    assert floor.of(Fact.MOVED) == [(10, 0, 0), (310, 0, 0)]


def test_helping_without_being_sent_is_no_move_in_the_log() -> None:
    """Under own_line_first the log of those who differ in pace names no move."""
    floor = Floor("finish", (1, 1, [(0, 100)]), also={1: [0]}, paces=paces(1.0))
    floor.ask(10, 5, 0, role=0)
    floor.run()

    assert floor.of(Fact.MOVED) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_slow_person_needs_longer(rule: str) -> None:
    """Twice the standard time, half of it: 20 s of work take 40 and 10."""
    floor = Floor(rule, (0, 2, [(0, 500)]), paces=paces(SLOW, QUICK))
    floor.ask(0, 20, 0)
    floor.ask(0, 20, 1)
    floor.run()

    assert floor.done == {0: 40, 1: 10}
    assert floor.worked() == [(1, 0, 10), (0, 0, 40)]


def test_a_colleague_takes_over_what_is_left_at_their_own_pace() -> None:
    """In 20 s the slow one does 10 of 60; the quick one needs 25 s for the other 50."""
    floor = Floor("hand_over", (0, 1, [(0, 100)]), (0, 1, [(85, 300)]), paces=paces(SLOW, QUICK))
    floor.ask(80, 60, 1)
    floor.run()

    assert floor.worked() == [(0, 80, 100), (1, 100, 125)]
    assert floor.done == {1: 125}


def test_dropped_work_waits_in_standard_seconds() -> None:
    """The quick one does 40 of 60 in 20 s; the slow one of the next shift needs 40 s for 20."""
    floor = Floor(
        "preempt_resume", (0, 1, [(0, 100)]), (0, 1, [(300, 500)]), paces=paces(QUICK, SLOW)
    )
    floor.ask(80, 60, 1)
    floor.run()

    assert floor.worked() == [(0, 80, 100), (1, 300, 340)]


def test_the_pace_of_a_job_is_that_of_all_its_hands() -> None:
    """10 standard seconds in 20, then 50 in 25: 45 s for 60."""
    floor = Floor("hand_over", (0, 1, [(0, 100)]), (0, 1, [(85, 300)]), paces=paces(SLOW, QUICK))
    floor.run(until_s=80)
    job = floor.staff.do(0, 60, 0, 1)
    floor.run()

    assert job.pace == 45 / 60


@pytest.mark.parametrize("rule", RULES)
def test_quick_work_that_ends_with_the_shift_is_done(rule: str) -> None:
    """40 s of work begun at 80 by a quick person end at 100 sharp, when the shift ends."""
    floor = Floor(rule, (0, 1, [(0, 100)]), paces=paces(QUICK))
    floor.ask(80, 40, 1)
    floor.run()

    assert floor.done == {1: 100}
    assert floor.of(Fact.OFF_DUTY) == [(100, 0, 0)]


@pytest.mark.parametrize("rule", RULES)
def test_a_new_person_learns_from_each_piece_of_work(rule: str) -> None:
    """Three pieces of 10 s at 2, 1.5 and 1 times the standard time, and so on from there."""
    floor = Floor(rule, (0, 1, [(0, 500)]), paces=[Pace(1.0, [2.0, 1.5, 1.0])])
    for subject in range(4):
        floor.ask(0, 10, subject)
    floor.run()

    assert floor.done == {0: 20, 1: 35, 2: 45, 3: 55}


def test_each_role_is_learnt_by_itself() -> None:
    """Having packed twice, a person is as new at the pick as on the first day."""
    floor = Floor("finish", (1, 1, [(0, 500)]), also={1: [0]}, paces=[Pace(1.0, [2.0, 1.5, 1.0])])
    for subject in range(2):
        floor.ask(0, 10, subject, role=1)
    floor.ask(0, 10, 2, role=0)
    floor.run()

    assert floor.done == {0: 20, 1: 35, 2: 55}


def test_who_only_began_a_piece_has_not_learnt_it() -> None:
    """Dropped at 100 and resumed at 300 by the same new person, it is still the first piece."""
    floor = Floor("preempt_resume", (0, 1, [(0, 100), (300, 500)]), paces=[Pace(1.0, [2.0, 1.0])])
    floor.ask(80, 20, 0)  # 10 of 20 done by 100; the other 10 take 20 s
    floor.ask(310, 10, 1)
    floor.run()

    assert floor.done == {0: 320, 1: 330}
