"""People on the clock; every timeline is calculated by hand."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.clock.pace import EXPERIENCED, Pace
from sim.log.facts import Fact
from sim.policies.moving import MovingRule, longest_line
from tests.sim.clock.floor import RULES, Floor, Plan


def test_idle_person_starts_at_once_and_waiting_work_when_free() -> None:
    """One person, jobs of 30 s at 10, 20 and 100: done at 40, 70, 130."""
    floor = Floor("finish", (0, 1, [(0, 200)]))
    for subject, at_s in enumerate((10, 20, 100)):
        floor.ask(at_s, 30, subject)
    floor.run()

    assert floor.done == {0: 40, 1: 70, 2: 130}
    assert floor.worked() == [(0, 10, 40), (0, 40, 70), (0, 100, 130)]
    assert floor.of(Fact.ON_DUTY) == [(0, 0, 0)]
    assert floor.of(Fact.OFF_DUTY) == [(200, 0, 0)]


OPTIONS: dict[str, dict[str, Any]] = {
    "alike": {},
    "overtime": {"overtime_s": 60.0},
    "moving": {"moving": longest_line, "also": {0: [1], 1: [0]}},
    "pace": {"paces": [Pace(1.0, EXPERIENCED) for _ in range(3)]},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("rule", RULES)
def test_everybody_who_comes_takes_work_at_once(rule: str, options: dict[str, Any]) -> None:
    """Three come at 50 to five jobs: three start at 50, the others when the first two are free."""
    floor = Floor(rule, (0, 3, [(50, 500)]), **options)
    for subject, work_s in enumerate((30, 20, 40, 10, 10)):
        floor.ask(subject, work_s, subject)
    floor.run()

    assert floor.begun() == [(50, 0, 0), (50, 1, 1), (50, 2, 2), (70, 3, 1), (80, 4, 0)]


def test_finish_makes_overtime() -> None:
    """The shift ends at 100, the work begun at 80 lasts until 140: 40 s of overtime."""
    floor = Floor("finish", (0, 1, [(0, 100)]))
    floor.ask(80, 60, 7)
    floor.run()

    assert floor.done == {7: 140}
    assert floor.of(Fact.OFF_DUTY) == [(140, 0, 40)]


def test_finish_takes_no_new_work_in_overtime() -> None:
    """Who finishes after the end goes home although work waits; it waits for the next shift."""
    floor = Floor("finish", (0, 1, [(0, 100), (300, 400)]))
    floor.ask(80, 60, 1)
    floor.ask(90, 20, 2)
    floor.run()

    assert floor.done == {1: 140, 2: 320}
    assert floor.of(Fact.OFF_DUTY) == [(140, 0, 40), (400, 0, 0)]


def test_overtime_into_the_next_shift_ends_where_that_shift_begins() -> None:
    """Work of 80 s begun at 90 of a shift to 100 reaches into the shift from 150: overtime 50 s."""
    floor = Floor("finish", (0, 1, [(0, 100), (150, 250)]))
    floor.ask(90, 80, 1)
    floor.ask(95, 10, 2)
    floor.run()

    assert floor.done == {1: 170, 2: 180}
    assert floor.of(Fact.OFF_DUTY) == [(150, 0, 50), (250, 0, 0)]
    assert floor.of(Fact.ON_DUTY) == [(0, 0, 0), (150, 0, 0)]
    assert floor.staff.on_duty == [0, 0]


def test_hand_over_to_a_colleague_who_is_there() -> None:
    """At 100 the idle colleague takes over the 40 s that are left; the start is logged once."""
    floor = Floor("hand_over", (0, 1, [(0, 100)]), (0, 1, [(85, 200)]))
    floor.ask(80, 60, 1)
    floor.run()

    assert floor.done == {1: 140}
    assert floor.begun() == [(80, 1, 0)]
    assert floor.worked() == [(0, 80, 100), (1, 100, 140)]
    assert floor.of(Fact.OFF_DUTY) == [(100, 0, 0), (200, 1, 0)]


def test_hand_over_finishes_where_nobody_is_free() -> None:
    """The colleague is busy at 100: the first finishes at 140, with 40 s of overtime."""
    floor = Floor("hand_over", (0, 1, [(0, 100)]), (0, 1, [(0, 200)]))
    floor.ask(80, 60, 1)
    floor.ask(81, 60, 2)
    floor.run()

    assert floor.done == {1: 140, 2: 141}
    assert floor.of(Fact.OFF_DUTY) == [(140, 0, 40), (200, 1, 0)]


def test_hand_over_to_the_shift_that_comes_at_the_same_moment() -> None:
    """Early ends at 100 when late comes: what is in hand goes to late, nobody makes overtime."""
    floor = Floor("hand_over", (0, 2, [(0, 100)]), (0, 2, [(100, 200)]))
    floor.ask(90, 30, 1)
    floor.ask(95, 30, 2)
    floor.run()

    assert floor.done == {1: 120, 2: 125}
    assert floor.of(Fact.OFF_DUTY) == [(100, 0, 0), (100, 1, 0), (200, 2, 0), (200, 3, 0)]


def test_nobody_takes_over_who_goes_home_at_the_same_moment() -> None:
    """Of two whose shift ends at 100 the busy one finishes; the idle one goes home on time."""
    floor = Floor("hand_over", (0, 2, [(0, 100)]))
    floor.ask(80, 60, 1)
    floor.run()

    assert floor.worked() == [(0, 80, 140)]
    assert floor.of(Fact.OFF_DUTY) == [(100, 1, 0), (140, 0, 40)]


def test_preempted_work_is_resumed_by_the_next_shift() -> None:
    """20 of 60 s are done at 100; the next shift comes at 300 and does the other 40 s."""
    floor = Floor("preempt_resume", (0, 1, [(0, 100)]), (0, 1, [(300, 400)]))
    floor.ask(80, 60, 1)
    floor.run()

    assert floor.done == {1: 340}
    assert floor.begun() == [(80, 1, 0)]
    assert floor.worked() == [(0, 80, 100), (1, 300, 340)]
    assert floor.of(Fact.OFF_DUTY) == [(100, 0, 0), (400, 1, 0)]


def test_preempted_work_goes_to_an_idle_colleague_at_once() -> None:
    """A colleague who is idle at 100 resumes at 100."""
    floor = Floor("preempt_resume", (0, 1, [(0, 100)]), (0, 1, [(90, 400)]))
    floor.ask(80, 60, 1)
    floor.run()

    assert floor.done == {1: 140}
    assert floor.worked() == [(0, 80, 100), (1, 100, 140)]


def test_preempted_work_stands_before_what_waits() -> None:
    """Two were in hand at 100 and one waits: the next shift's one person does 1, 2, then 3."""
    floor = Floor("preempt_resume", (0, 2, [(0, 100)]), (0, 1, [(300, 500)]))
    floor.ask(70, 60, 1)
    floor.ask(80, 60, 2)
    floor.ask(90, 10, 3)
    floor.run()

    # left at 100: 30 s of job 1, 40 s of job 2
    assert floor.done == {1: 330, 2: 370, 3: 380}


def test_work_can_be_preempted_more_than_once() -> None:
    """250 s of work in shifts of 100 s that begin at 0, 200 and 400, from 50 on: done at 500."""
    floor = Floor("preempt_resume", (0, 1, [(0, 100), (200, 300), (400, 600)]))
    floor.ask(50, 250, 1)
    floor.run()

    # 50 s until 100, 100 s until 300, 100 s from 400
    assert floor.done == {1: 500}
    assert floor.worked() == [(0, 50, 100), (0, 200, 300), (0, 400, 500)]


@pytest.mark.parametrize("rule", RULES)
def test_work_that_ends_with_the_shift_is_done(rule: str) -> None:
    """Work of 20 s begun at 80 is done at 100 sharp, when the shift ends, under every rule."""
    floor = Floor(rule, (0, 1, [(0, 100), (300, 400)]))
    floor.ask(80, 20, 1)
    floor.run()

    assert floor.done == {1: 100}
    assert floor.of(Fact.OFF_DUTY) == [(100, 0, 0), (400, 0, 0)]


@pytest.mark.parametrize("rule", RULES)
def test_work_that_ends_with_the_break_is_done(rule: str) -> None:
    """Work of 20 s begun at 80 is done at 100 sharp, when the break begins, under every rule."""
    floor = Floor(rule, (0, 1, [(0, 300, ((100, 50),))]))
    floor.ask(80, 20, 1)
    floor.ask(85, 20, 2)
    floor.run()

    assert floor.done == {1: 100, 2: 170}
    assert floor.of(Fact.BREAK_STARTED) == [(100, 0, 0)]


def test_break_of_an_idle_person() -> None:
    """A break from 50 to 60: work asked for at 55 begins at 60."""
    floor = Floor("finish", (0, 1, [(0, 100, ((50, 10),))]))
    floor.ask(55, 5, 1)
    floor.run()

    assert floor.done == {1: 65}
    assert floor.of(Fact.BREAK_STARTED) == [(50, 0, 0)]
    assert floor.of(Fact.BREAK_ENDED) == [(60, 0, 0)]


def test_finish_delays_the_break() -> None:
    """Work until 62 puts the break of 10 s off to 62-72, and what waits begins at 72."""
    floor = Floor("finish", (0, 1, [(0, 100, ((50, 10),))]))
    floor.ask(42, 20, 1)
    floor.ask(45, 5, 2)
    floor.run()

    assert floor.done == {1: 62, 2: 77}
    assert floor.of(Fact.BREAK_STARTED) == [(62, 0, 0)]
    assert floor.of(Fact.BREAK_ENDED) == [(72, 0, 0)]


def test_preempted_by_the_break_and_resumed_after_it() -> None:
    """Work of 20 s begun at 42 rests from 50 to 60 and ends at 72."""
    floor = Floor("preempt_resume", (0, 1, [(0, 100, ((50, 10),))]))
    floor.ask(42, 20, 1)
    floor.run()

    assert floor.done == {1: 72}
    assert floor.worked() == [(0, 42, 50), (0, 60, 72)]


def test_hand_over_for_the_break() -> None:
    """A colleague of another shift takes over at 50; the break begins on time."""
    floor = Floor("hand_over", (0, 1, [(0, 100, ((50, 10),))]), (0, 1, [(45, 100)]))
    floor.ask(42, 20, 1)
    floor.run()

    assert floor.done == {1: 62}
    assert floor.of(Fact.BREAK_STARTED) == [(50, 0, 0)]
    assert floor.worked() == [(0, 42, 50), (1, 50, 62)]


def test_break_is_cut_by_the_end_of_the_shift() -> None:
    """Put off to 95 by work, the break of 10 s ends at 100 with the shift."""
    floor = Floor("finish", (0, 1, [(0, 100, ((90, 10),))]))
    floor.ask(85, 10, 1)
    floor.run()

    assert floor.of(Fact.BREAK_STARTED) == [(95, 0, 0)]
    assert floor.of(Fact.BREAK_ENDED) == [(100, 0, 0)]
    assert floor.of(Fact.OFF_DUTY) == [(100, 0, 0)]


def test_break_is_lost_to_work_beyond_the_shift() -> None:
    """Work from 85 to 120 swallows the break at 90: no break, overtime of 20 s."""
    floor = Floor("finish", (0, 1, [(0, 100, ((90, 10),))]))
    floor.ask(85, 35, 1)
    floor.run()

    assert floor.of(Fact.BREAK_STARTED) == []
    assert floor.of(Fact.OFF_DUTY) == [(120, 0, 20)]


def test_cross_trained_serve_their_own_line_first() -> None:
    """A packer trained to pick does all packing first, then picks; a picker never packs."""
    floor = Floor("finish", (0, 1, [(0, 200)]), (1, 1, [(0, 200)]), also={1: [0]})
    floor.ask(10, 50, 1, role=0)  # the picker, longest idle
    floor.ask(11, 20, 2, role=1)  # the packer
    floor.ask(12, 10, 3, role=0)
    floor.ask(13, 10, 4, role=1)
    floor.run()

    # packer: 2 from 11 to 31, 4 (own line, joined later) to 41, then 3 to 51
    assert floor.done == {1: 60, 2: 31, 3: 51, 4: 41}
    assert [(person, role) for _, f, person, role, _ in floor.log if f == Fact.WORKED] == [
        (1, 1),
        (1, 1),
        (1, 0),
        (0, 0),
    ]


def test_idle_cross_trained_person_helps_at_once() -> None:
    """With the picker busy, a pick goes straight to the idle packer; a pack then waits for them."""
    floor = Floor("finish", (0, 1, [(0, 200)]), (1, 1, [(0, 200)]), also={1: [0]})
    floor.ask(10, 50, 1, role=0)
    floor.ask(20, 15, 2, role=0)
    floor.ask(25, 5, 3, role=1)
    floor.run()

    assert floor.done == {1: 60, 2: 35, 3: 40}


def test_longest_idle_is_asked_first() -> None:
    """Work goes round: who became idle first works next."""
    floor = Floor("finish", (0, 3, [(0, 500)]))
    for subject, at_s in enumerate((10, 30, 50, 70)):
        floor.ask(at_s, 10, subject)
    floor.run()

    assert [person for _, _, person in floor.begun()] == [0, 1, 2, 0]


def test_cross_trained_who_helped_elsewhere_stands_last_again() -> None:
    """Idle since 60 after work of the own role, a helper is asked after who is idle since 0."""
    floor = Floor("finish", (0, 1, [(0, 500)]), (1, 1, [(0, 500)]), also={0: [1]})
    floor.ask(10, 50, 1, role=0)
    floor.ask(100, 5, 2, role=1)
    floor.run()

    assert floor.begun() == [(10, 1, 0), (100, 2, 1)]


def test_who_comes_back_from_a_break_stands_last_again() -> None:
    """Back from a break at 200, a person is asked after the colleague who is idle since 0."""
    floor = Floor("finish", (0, 1, [(0, 500, ((100, 100),))]), (0, 1, [(0, 500)]))
    floor.ask(250, 5, 1)
    floor.run()

    assert floor.begun() == [(250, 1, 1)]


def test_a_role_named_twice_counts_once() -> None:
    """Trained for the own role and twice for another: one person, one place in each row."""
    floor = Floor("finish", (0, 1, [(0, 500)]), also={0: [1, 0, 1]})
    floor.ask(10, 5, 1, role=1)
    floor.ask(20, 5, 2, role=0)
    floor.run()

    assert floor.begun() == [(10, 1, 0), (20, 2, 0)]


def test_rank_goes_before_the_time_of_joining() -> None:
    """Of three that wait the one of rank 0 goes before two of rank 1."""
    floor = Floor("finish", (0, 1, [(0, 500)]))
    floor.ask(0, 50, 1)
    floor.ask(10, 10, 2, rank=1)
    floor.ask(11, 10, 3, rank=1)
    floor.ask(12, 10, 4, rank=0)
    floor.run()

    assert [subject for _, subject, _ in floor.begun()] == [1, 4, 2, 3]


@pytest.mark.parametrize("rule", RULES)
def test_close_notes_work_in_hand_and_breaks(rule: str) -> None:
    """At the run's end everybody goes home in the log, with the work and the break begun."""
    floor = Floor(rule, (0, 2, [(0, 500)]), (1, 1, [(0, 500, ((90, 30),))]))
    floor.ask(80, 60, 1)
    floor.run(until_s=100)

    floor.staff.close()

    assert floor.worked() == [(0, 80, 100)]
    assert floor.of(Fact.BREAK_ENDED) == [(100, 2, 0)]
    assert floor.of(Fact.OFF_DUTY) == [(100, 0, 0), (100, 1, 0), (100, 2, 0)]
    assert floor.staff.on_duty == [0, 0]


@st.composite
def floors(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, Plan]], list[tuple[int, ...]]]:
    """Crews on whole-second shifts with breaks, and jobs of both roles; many ties."""
    teams: list[tuple[int, int, Plan]] = []
    for role in (0, 1, draw(st.integers(0, 1))):
        start, plan = draw(st.integers(0, 12)), []
        for _ in range(draw(st.integers(1, 3))):
            length = draw(st.integers(2, 15))
            breaks = tuple(
                (start + at, draw(st.integers(1, length - at)))
                for at in sorted(draw(st.sets(st.integers(0, length - 1), max_size=2)))
            )
            plan.append((float(start), float(start + length), breaks))
            start += length + draw(st.integers(1, 8))
        plan.append((1000.0, 9000.0, ()))
        teams.append((role, draw(st.integers(1, 3)), plan))
    jobs = st.tuples(st.integers(0, 40), st.integers(0, 12), st.integers(0, 1), st.integers(0, 1))
    return draw(st.sampled_from(RULES)), teams, draw(st.lists(jobs, max_size=25))


@settings(derandomize=True, max_examples=300)
@given(
    day=floors(),
    helps=st.sampled_from([{}, {0: [1]}, {0: [1], 1: [0]}]),
    overtime_s=st.sampled_from([0.0, 0.0, 3.0, 9.0]),
    moving=st.sampled_from([None, longest_line]),
    pace=st.sampled_from([None, (1.0, 0.5, 2.0)]),
)
def test_any_day_adds_up(
    day: tuple[str, list[tuple[int, int, Plan]], list[tuple[int, ...]]],
    helps: dict[int, list[int]],
    overtime_s: float,
    moving: MovingRule | None,
    pace: tuple[float, ...] | None,
) -> None:
    """Every job gets exactly its work, nobody does two things at once, paid time has no gaps."""
    rule, teams, jobs = day
    everybody = sum(heads for _, heads, _ in teams)
    own = [pace[k % len(pace)] if pace else 1.0 for k in range(everybody)]
    floor = Floor(
        rule, *teams, also=helps, overtime_s=overtime_s, moving=moving,
        paces=[Pace(each, EXPERIENCED) for each in own] if pace else (),
    )  # fmt: skip
    for subject, (at_s, work_s, role, rank) in enumerate(jobs):
        floor.ask(at_s, work_s, subject, role, rank)
    floor.run()

    assert len(floor.done) == len(jobs)
    assert len(floor.begun()) == len(jobs)
    total = sum((end - begin) / own[person] for person, begin, end in floor.worked())
    assert total == sum(work_s for _, work_s, _, _ in jobs)
    for person in floor.staff.people:
        busy = [(b, e) for p, b, e in floor.worked() if p == person.number]
        starts, ends = ([t for t, p, _ in floor.of(f) if p == person.number] for f in (
            Fact.BREAK_STARTED, Fact.BREAK_ENDED))  # fmt: skip
        spans = sorted(busy + list(zip(starts, ends, strict=True)))
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans)), "overlap"
        came, went = ([t for t, p, _ in floor.of(f) if p == person.number] for f in (
            Fact.ON_DUTY, Fact.OFF_DUTY))  # fmt: skip
        paid = list(zip(came, went, strict=True))
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(paid)), "paid twice"
        for begin, end in spans:
            inside = sum(max(0.0, min(end, e) - max(begin, b)) for b, e in paid)
            assert inside == end - begin, "busy or on break while not paid"
    if rule == "preempt_resume":
        assert all(value <= overtime_s for _, _, value in floor.of(Fact.OFF_DUTY)), "overtime"
