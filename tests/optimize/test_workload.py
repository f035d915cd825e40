"""Work is read from the log when it arrives, and none of it is lost."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from optimize.workload import Workload, pooled, work_per_slot, workload_of_log
from sim.errors import ScenarioError
from sim.log.event_log import Chunk, EventLog
from sim.log.facts import ROLE_NAMES, Fact
from sim.scenario.schema.run import RunSection

HOUR_S = 3600.0
DAY_S = 86_400.0
WEEK = RunSection(start_date="2026-01-05", warm_up_days=0.0, horizon_days=7.0, cool_down_days=0.0)
CLERKS, PICKERS, PACKERS = (ROLE_NAMES.index(r) for r in ("clerks", "pickers", "packers"))
RECEIVERS, RETURNS = (ROLE_NAMES.index(r) for r in ("receivers", "returns_clerks"))


def log(*facts: tuple[float, int, int, int, float]) -> list[Chunk]:
    """Return the chunks of a log with these facts."""
    chunks: list[Chunk] = []
    events = EventLog([chunks.append])
    for fact in facts:
        events.add(fact)
    events.flush()
    return chunks


def test_floor_work_arrives_at_the_release() -> None:
    """A tour of 600 s that picks two orders released at 08:00 and 09:10 counts 300 s at each."""
    chunks = log(
        (8 * HOUR_S, Fact.RELEASED, 0, 0, 0.0),
        (9 * HOUR_S + 600, Fact.RELEASED, 1, 0, 0.0),
        (20 * HOUR_S, Fact.WORKED, 3, PICKERS, 600.0),
        (21 * HOUR_S, Fact.WORKED, 4, PACKERS, 100.0),
        (22 * HOUR_S, Fact.WORKED, 4, PACKERS, 60.0),
    )

    work = work_per_slot(chunks, WEEK)

    assert np.flatnonzero(work.work_s["pickers"]).tolist() == [32, 36]
    assert work.work_s["pickers"][[32, 36]].tolist() == [300.0, 300.0]
    assert work.work_s["packers"][[32, 36]].tolist() == [80.0, 80.0]
    assert (work.task_s["pickers"], work.task_s["packers"]) == (600.0, 80.0)
    assert not work.work_s["clerks"].any()


def test_clerks_work_arrives_when_a_typed_order_is_handed_in() -> None:
    """Orders that no clerk types do not count; a late hand-in counts when it is handed in."""
    chunks = log(
        (1 * HOUR_S, Fact.PLACED, 0, 0, 0.0),
        (2 * HOUR_S, Fact.PLACED, 1, 0, 0.0),
        (3 * HOUR_S, Fact.PLACED, 2, 0, 0.0),
        (5 * HOUR_S, Fact.HANDED_IN, 2, 0, 0.0),
        (6 * HOUR_S, Fact.ENTRY_STARTED, 0, 9, 0.0),
        (7 * HOUR_S, Fact.ENTRY_STARTED, 2, 9, 0.0),
        (8 * HOUR_S, Fact.WORKED, 9, CLERKS, 400.0),
    )

    work = work_per_slot(chunks, WEEK)

    assert np.flatnonzero(work.work_s["clerks"]).tolist() == [4, 20]
    assert work.work_s["clerks"].sum() == 400.0


def test_work_without_known_arrival_counts_when_it_begins() -> None:
    """Receivers' work of 1800 s that ends at 10:00 arrives at 09:30."""
    work = work_per_slot(log((10 * HOUR_S, Fact.WORKED, 5, RECEIVERS, 1800.0)), WEEK)

    assert np.flatnonzero(work.work_s["receivers"]).tolist() == [38]
    assert work.work_s["receivers"][38] == 1800.0


def test_two_weeks_from_a_wednesday_are_one_average_week() -> None:
    """Quarter-hours are those of the calendar's week, and two weeks are halved."""
    run = RunSection(
        start_date="2026-01-07", warm_up_days=1.0, horizon_days=14.0, cool_down_days=1.0
    )
    # day 0 is a Wednesday: day 1 Thursday, day 8 Thursday, day 5 Monday, day 15 after the window
    times = [0.5 * DAY_S, 1.5 * DAY_S, 8.5 * DAY_S, 5.25 * DAY_S, 15.5 * DAY_S]
    facts = [(t, Fact.RELEASED, n, 0, 0.0) for n, t in enumerate(times)]
    chunks = log(*facts, (16 * DAY_S, Fact.WORKED, 1, PICKERS, 500.0))

    work_s = work_per_slot(chunks, run).work_s["pickers"]

    # 100 s each; Thursday noon twice in two weeks, Monday 06:00 once
    assert np.flatnonzero(work_s).tolist() == [24, 3 * 96 + 48]
    assert work_s[[24, 3 * 96 + 48]].tolist() == [50.0, 100.0]


def test_returns_count_whenever_they_come() -> None:
    """Returns of a run of two weeks that come two months later are halved into an average week."""
    run = RunSection(
        start_date="2026-01-05", warm_up_days=3.0, horizon_days=10.0, cool_down_days=1.0
    )
    late_s = 63 * DAY_S + 10 * HOUR_S  # a Monday
    chunks = log(
        (late_s, Fact.RETURN_RECEIVED, 0, 1, 0.0),
        (late_s + 60, Fact.RETURN_RECEIVED, 1, 1, 0.0),
        (late_s + HOUR_S, Fact.WORKED, 1, RETURNS, 240.0),
    )

    work_s = work_per_slot(chunks, run).work_s["returns_clerks"]

    assert np.flatnonzero(work_s).tolist() == [40]
    assert work_s[40] == 120.0


def test_a_week_and_a_half_counts_each_quarter_hour_as_often_as_it_is_seen() -> None:
    """Steady work gives the same mean in every quarter-hour, whatever the window cuts through."""
    run = RunSection(
        start_date="2026-01-08", warm_up_days=0.3, horizon_days=10.51, cool_down_days=0.0
    )
    times = np.arange(0.0, 11 * DAY_S, 45.0).tolist()
    facts = [(t, Fact.RELEASED, n, 0, 0.0) for n, t in enumerate(times)]
    chunks = log(*facts, (11 * DAY_S, Fact.WORKED, 0, PICKERS, 10.0 * len(times)))

    work_s = work_per_slot(chunks, run).work_s["pickers"]

    # 20 releases of 10 s a quarter-hour; a cut quarter-hour may see one more or less
    assert np.abs(work_s - 200.0).max() <= 10.0
    assert np.median(work_s) == 200.0


def test_short_windows_are_refused() -> None:
    """A window of less than a week does not see every hour: said in words."""
    run = RunSection(horizon_days=5.0)

    with pytest.raises(
        ScenarioError, match=r"run\.horizon_days: found 5 days; expected at least 7"
    ):
        work_per_slot([], run)


def test_replications_are_stacked_in_their_order() -> None:
    """Replications become rows; the mean task weighs every task alike."""
    facts = [
        [(HOUR_S, Fact.RELEASED, 0, 0, 0.0), (DAY_S, Fact.WORKED, 0, PICKERS, 300.0)],
        [
            (HOUR_S, Fact.RELEASED, 0, 0, 0.0),
            (DAY_S, Fact.WORKED, 0, PICKERS, 90.0),
            (2 * DAY_S, Fact.WORKED, 0, PICKERS, 60.0),
        ],
    ]

    pool = pooled([work_per_slot(log(*one), WEEK) for one in facts])

    assert pool.work_s["pickers"].shape == (2, 672)
    assert pool.work_s["pickers"][:, 4].tolist() == [300.0, 150.0]
    assert pool.task_s["pickers"] == 150.0
    assert math.fsum(pool.work_s["pickers"].ravel().tolist()) == 450.0
    with pytest.raises(ValueError, match="no replications"):
        pooled([])


def test_days_of_a_weekday_are_held_against_each_other() -> None:
    """Two Mondays with 100 and 300 s, one more of 200 s in another replication."""
    run = RunSection(
        start_date="2026-01-05", warm_up_days=0.0, horizon_days=14.0, cool_down_days=0.0
    )
    days = [[(0, 1), (7, 3)], [(0, 2), (7, 0)]]
    logs = []
    for counts in days:
        released = [
            (day * DAY_S + HOUR_S, Fact.RELEASED, 0, 0, 0.0) for day, n in counts for _ in range(n)
        ]
        total = 100.0 * len(released)
        logs.append(log(*released, (13 * DAY_S, Fact.WORKED, 0, PICKERS, total)))

    work = pooled([work_per_slot(chunks, run) for chunks in logs])
    spread = work.spread("pickers", 0.75)

    assert spread.days.tolist() == [4] * 7
    assert spread.mean_s.tolist() == [150.0] + [0.0] * 6
    # deviations -50, 150, 50, -150: 50000 / 3
    assert spread.sd_s[0] == pytest.approx(math.sqrt(50_000 / 3))
    assert spread.quantile_s[0] == 200.0
    assert work.day_s["pickers"].sum() / 4 == work.work_s["pickers"].mean(axis=0).sum()
    with pytest.raises(ValueError, match="returns_clerks: its work by day is not known"):
        work.spread("returns_clerks")
    with pytest.raises(ValueError, match=r"share of 0\.0 of the days"):
        work.spread("pickers", 0.0)


def test_cut_days_do_not_count() -> None:
    """A window from Thursday noon sees seven whole days, from Friday on."""
    run = RunSection(
        start_date="2026-01-08", warm_up_days=0.5, horizon_days=8.0, cool_down_days=0.0
    )
    hours = np.arange(0.0, 9 * DAY_S, HOUR_S).tolist()
    facts = [(t, Fact.RELEASED, n, 0, 0.0) for n, t in enumerate(hours)]

    work = work_per_slot(log(*facts, (9 * DAY_S, Fact.WORKED, 0, PICKERS, 10.0 * len(hours))), run)

    assert work.weekdays.tolist() == [4, 5, 6, 0, 1, 2, 3]
    assert work.day_s["pickers"].tolist() == [240.0] * 7


def test_spread_of_tasks_is_that_of_all_replications() -> None:
    """Tasks of 60, 90 and 300 s, in two replications: variance over squared mean."""
    lengths = [[300.0], [90.0, 60.0]]
    pool = pooled([
        work_per_slot(log(*((HOUR_S, Fact.WORKED, 0, PACKERS, s) for s in one)), WEEK)
        for one in lengths
    ])  # fmt: skip

    assert pool.task_scv["packers"] == pytest.approx(np.var([300, 90, 60]) / 150.0**2)
    assert pool.task_scv["clerks"] == 0.0


ROWS = (
    (8 * HOUR_S, Fact.RELEASED, 0, 0, 0.0),
    (5 * DAY_S, Fact.WORKED, 3, PICKERS, 600.0),
)


def events_file(path: Path, rows: tuple[tuple[float, ...], ...] = ROWS, without: str = "") -> Path:
    """Write facts as a run does, and return the path."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = dict(zip(Chunk._fields, map(list, zip(*rows, strict=True)), strict=True))
    columns.pop(without, None)
    pq.write_table(pa.table(columns), path)
    return path


def same(one: Workload, other: Workload) -> bool:
    """Return whether two workloads are the same numbers."""
    return all((one.work_s[r] == other.work_s[r]).all() for r in ROLE_NAMES) and (
        one.task_s == other.task_s
    )


def test_a_log_on_file_gives_the_work_of_the_log(tmp_path: Path) -> None:
    """Read from a file, in whatever order, the work is that of the facts themselves."""
    expected = pooled([work_per_slot(log(*ROWS), WEEK)])

    for rows in (ROWS, ROWS[::-1]):
        assert same(workload_of_log(events_file(tmp_path / "e.parquet", rows), WEEK), expected)


def test_logs_that_cannot_be_read_are_refused_in_words(tmp_path: Path) -> None:
    """What is missing or unknown is said, with the column."""
    path = tmp_path / "e.parquet"
    text = tmp_path / "e.csv"
    text.write_text("time_s,fact\n1,2\n")
    worked = ROWS[1]

    def refused(match: str, file: Path) -> None:
        with pytest.raises(ScenarioError, match=match):
            workload_of_log(file, WEEK)

    refused("no such file", tmp_path / "none.parquet")
    refused("found no Parquet file", text)
    refused("found no column subject; expected time_s, fact", events_file(path, without="subject"))
    refused("fact: found 255", events_file(path, (*ROWS, (1.0, 255, 0, 0, 0.0))))
    refused("int64; expected uint8", events_file(path, (*ROWS, (1.0, 300, 0, 0, 0.0))))
    refused("no .* .worked.", events_file(path, ROWS[:1]))
    refused("other: found role 99", events_file(path, (*ROWS, (1.0, Fact.WORKED, 0, 99, 0.0))))
    refused("value: found -1 seconds", events_file(path, (worked, (*worked[:4], -1.0))))
    refused("time_s: found nan in row 2", events_file(path, (worked, (math.nan, *worked[1:]))))
    refused("ends on day 1.0; .* day 7", events_file(path, ((DAY_S, *worked[1:]),)))
    refused("1 rows without a value", events_file(path, (worked, (*worked[:4], None))))  # type: ignore[arg-type]
