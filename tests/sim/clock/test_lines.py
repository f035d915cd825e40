from __future__ import annotations

import simpy
from hypothesis import given
from hypothesis import strategies as st

from sim.clock.lines import Job, JobLine, LineCount


def job(subject: int, priority: int = 0) -> Job:
    """Return a job of one minute."""
    return Job(simpy.Environment(), 60.0, 0, subject, priority)


def _draw_ticket(line: JobLine, job: Job) -> None:
    line.tickets += 1
    job.ticket = line.tickets


def _join(line: JobLine, job: Job, now_s: float) -> None:
    _draw_ticket(line, job)
    line.join(job, now_s)


def subjects(line: JobLine, now_s: float = 0.0) -> list[int]:
    """Empty the line and return whom its jobs were about."""
    return [line.next_job(now_s).subject for _ in range(line.waiting)]


def test_first_come_first_served() -> None:
    """Jobs of one priority leave in the order in which they joined."""
    line = JobLine()
    for subject in (3, 1, 2):
        _join(line, job(subject), 0.0)

    assert subjects(line) == [3, 1, 2]


def test_lower_priority_number_goes_first() -> None:
    """Priority comes before the time of joining."""
    line = JobLine()
    for subject, priority in ((1, 1), (2, 0), (3, 1), (4, 0)):
        _join(line, job(subject, priority), 0.0)

    assert subjects(line) == [2, 4, 1, 3]


def test_dropped_job_goes_back_to_the_head() -> None:
    """A job put back at a shift's end stands before all that joined later."""
    line = JobLine()
    for subject in (1, 2, 3):
        _join(line, job(subject), 0.0)
    dropped = line.next_job(10.0)

    line.put_back(dropped, 20.0)

    assert subjects(line, 30.0) == [1, 2, 3]


def test_several_dropped_jobs_keep_their_order() -> None:
    """Two jobs dropped at once, the younger first, are resumed in the order of their joining."""
    line = JobLine()
    for subject in (1, 2, 3):
        _join(line, job(subject), 0.0)
    older, younger = line.next_job(10.0), line.next_job(10.0)

    line.put_back(younger, 20.0)
    line.put_back(older, 20.0)

    assert subjects(line, 30.0) == [1, 2, 3]


def test_job_that_never_waited_is_put_back_before_all_that_did() -> None:
    """Two jobs taken up at once and dropped later stand at the head, in the order of asking."""
    line = JobLine()
    first, second = job(1), job(2)
    _draw_ticket(line, first)
    _draw_ticket(line, second)
    _join(line, job(3), 5.0)

    line.put_back(second, 20.0)
    line.put_back(first, 20.0)

    assert subjects(line, 30.0) == [1, 2, 3]


def test_area_and_waits_by_hand() -> None:
    """One waits 0-10, another 4-16: area = 10 + 12 = waits."""
    line = JobLine()
    _join(line, job(1), 0.0)
    _join(line, job(2), 4.0)
    line.next_job(10.0)
    line.next_job(16.0)

    # length 1 from 0 to 4, 2 from 4 to 10, 1 from 10 to 16
    assert line.area_s == 4.0 + 2 * 6.0 + 6.0
    assert line.waits_s == 10.0 + 12.0
    assert line.waiting == 0


def test_second_wait_of_a_dropped_job_counts_too() -> None:
    """A job that waits 0-10, is dropped at 30 and resumed at 45 has waited 25 seconds."""
    line = JobLine()
    _join(line, job(1), 0.0)
    dropped = line.next_job(10.0)
    line.put_back(dropped, 30.0)
    line.next_job(45.0)

    assert line.waits_s == line.area_s == 25.0


def test_count_before_the_first_change_is_zero() -> None:
    """An empty line has no area, however late somebody first joins."""
    line = LineCount()

    line.changes(2, 1000.0)

    assert line.area_s == 0.0
    assert line.waiting == 2


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2), st.integers(1, 40)), max_size=30))
def test_area_is_waits_for_any_traffic(visits: list[tuple[int, int, int]]) -> None:
    """Whole-second joins and any departures: both counts are equal to the last bit."""
    line = JobLine()
    joins = sorted(visits)
    departures = sorted(join + stay for join, _, stay in joins)
    moments = sorted(
        [(time, 0, priority) for time, priority, _ in joins] + [(t, 1, 0) for t in departures]
    )
    for time, leaves, priority in moments:
        if leaves:
            line.next_job(float(time))
        else:
            _join(line, job(0, priority), float(time))

    assert line.waiting == 0
    assert line.area_s == line.waits_s == float(sum(departures) - sum(j for j, _, _ in joins))
