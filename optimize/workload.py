"""What there is to do: from the log of a run to work by role and quarter-hour of the week.

Work is counted when it arrives, not when somebody got round to it: a plan made from the hours in
which people happened to work would only repeat today's roster. How much work there is comes from
the log's own WORKED facts, so walking saved by batching is saved here too.

| role | its work arrives |
|---|---|
| clerks | when a typed order is handed in |
| pickers, packers, dispatchers | when the shipment is allocated (the requirement adds the lag) |
| receivers, replenishers | when they begin it (the log does not know when it came) |
| returns_clerks | when the parcel is back in the house |
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from optimize.staffing.problem import SLOT_S, SLOTS_A_WEEK
from sim.errors import Problem, ScenarioError
from sim.log.event_log import Chunk, join
from sim.log.facts import ROLE_NAMES, Fact
from sim.scenario.schema.run import RunSection

Floats = npt.NDArray[np.float64]

DAY_S = 86_400

_ASKED = (Fact.PLACED, Fact.HANDED_IN)
_READ = np.array(
    [
        *_ASKED,
        *(Fact.ENTRY_STARTED, Fact.ALLOCATED, Fact.RELEASED, Fact.RETURN_RECEIVED, Fact.WORKED),
    ],
    dtype=np.uint8,
)
_QUIET_DAYS = 4.0
"""So long a house may be closed before a log counts as too short: a weekend and a holiday."""
_FLOOR = ("pickers", "packers", "dispatchers")


@dataclass(frozen=True)
class SlotWork:
    """Work of one replication, as an average week.

    Attributes
    ----------
    work_s
        For each role the seconds of work that arrive in each of the 672 quarter-hours of the week.
    task_s
        For each role the mean length of a task in seconds, 0 without any.
    tasks
        For each role the number of tasks behind that mean.
    task_scv
        For each role the squared coefficient of variation of its tasks (variance over squared
        mean): 0 where all are alike, 1 where they are exponential; 0 without any.
    day_s
        For each role the seconds that arrive on each whole calendar day of the window. Not for
        returns_clerks, whose work comes weeks after the orders of the window.
    weekdays
        Weekday of each of these days, Monday is 0.
    """

    work_s: Mapping[str, Floats]
    task_s: Mapping[str, float]
    tasks: Mapping[str, int]
    task_scv: Mapping[str, float]
    day_s: Mapping[str, Floats]
    weekdays: npt.NDArray[np.int64]


@dataclass(frozen=True)
class DaySpread:
    """How much the work of a role differs from one Monday to the next, and so on.

    Attributes
    ----------
    days
        Days seen of each weekday, Monday first, over all replications.
    mean_s, sd_s, quantile_s
        Seconds that arrive on such a day: mean, standard deviation (divisor n - 1) and the smallest
        total that a share of the days does not exceed. NaN with no day, the deviation with one.
    """

    days: npt.NDArray[np.int64]
    mean_s: Floats
    sd_s: Floats
    quantile_s: Floats


@dataclass(frozen=True)
class Workload:
    """Work of several replications.

    Attributes
    ----------
    work_s
        For each role the seconds that arrive, replications x 672.
    task_s
        For each role the mean length of a task in seconds, 0 without any.
    task_scv
        See `SlotWork`; over the tasks of all replications.
    day_s
        See `SlotWork`, replications x days.
    weekdays
        Weekday of each of these days, Monday is 0.
    """

    work_s: Mapping[str, Floats]
    task_s: Mapping[str, float]
    task_scv: Mapping[str, float] = field(default_factory=dict)
    day_s: Mapping[str, Floats] = field(default_factory=dict)
    weekdays: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def spread(self, role: str, share: float = 0.9) -> DaySpread:
        """Return the spread of a role's day totals by weekday.

        Parameters
        ----------
        role
            One with an entry in ``day_s``.
        share
            Of the quantile, above 0 and at most 1.

        Raises
        ------
        ValueError
            For a share out of range, or a role whose day totals are not known.
        """
        if not 0.0 < share <= 1.0:
            raise ValueError(f"a share of {share!r} of the days; above 0 to 1 is possible")
        if role not in self.day_s:
            known = ", ".join(self.day_s) or "no role"
            raise ValueError(f"{role}: its work by day is not known; that of {known} is")
        each = [np.sort(self.day_s[role][:, self.weekdays == d], axis=None) for d in range(7)]
        return DaySpread(
            np.array([len(days) for days in each]),
            np.array([days.mean() if len(days) else np.nan for days in each]),
            np.array([days.std(ddof=1) if len(days) > 1 else np.nan for days in each]),
            np.array(
                [days[math.ceil(share * len(days)) - 1] if len(days) else np.nan for days in each]
            ),
        )


def work_per_slot(chunks: Iterable[Chunk], run: RunSection) -> SlotWork:
    """Return the work of one replication by role and quarter-hour of the week.

    Work that arrives in the measured window counts, divided by how often the window sees each
    quarter-hour of the week. Returns come weeks after their orders: all of the log's returns count,
    divided by the weeks in which orders were placed.

    Parameters
    ----------
    chunks
        The whole log of the replication.
    run
        Start date and window.

    Raises
    ------
    ScenarioError
        If the measured window is shorter than a week.
    """
    if run.horizon_days < 7.0:
        raise ScenarioError([
            Problem(
                "the scenario", 0, 0, "run.horizon_days", f"found {run.horizon_days:g} days",
                "expected at least 7 days, so that every quarter-hour of the week is seen",
            )
        ])  # fmt: skip
    facts = join(_wanted(chunks))
    first_s = run.warm_up_days * DAY_S
    last_s = first_s + run.horizon_days * DAY_S
    monday_s = datetime.date.fromisoformat(run.start_date).weekday() * DAY_S
    seen = _times_seen(first_s + monday_s, last_s + monday_s)
    order_weeks = (run.warm_up_days + run.horizon_days + run.cool_down_days) / 7.0
    first_day, last_day = math.ceil(first_s / DAY_S), max(0, math.floor(last_s / DAY_S))
    work_s, task_s, tasks, task_scv, day_s = {}, {}, {}, {}, {}
    for number, role in enumerate(ROLE_NAMES):
        done = (facts.fact == Fact.WORKED) & (facts.other == number)
        seconds = facts.value[done]
        tasks[role] = len(seconds)
        task_s[role] = float(seconds.mean()) if len(seconds) else 0.0
        task_scv[role] = float(seconds.var()) / task_s[role] ** 2 if task_s[role] else 0.0
        arrivals = _arrivals(role, facts)
        each_s = np.full(len(arrivals), seconds.sum() / max(1, len(arrivals)))
        if not len(arrivals):
            arrivals, each_s = facts.time_s[done] - seconds, seconds
        if role == "returns_clerks":
            work_s[role] = _by_slot(arrivals + monday_s, each_s) / order_weeks
        else:
            inside = (arrivals >= first_s) & (arrivals < last_s)
            work_s[role] = _by_slot(arrivals[inside] + monday_s, each_s[inside]) / seen
            days = np.floor_divide(arrivals[inside], DAY_S).astype(np.int64)
            totals = np.bincount(days, weights=each_s[inside], minlength=last_day)
            day_s[role] = totals[first_day:last_day].astype(np.float64)
    weekdays = (np.arange(first_day, last_day) + round(monday_s / DAY_S)) % 7
    return SlotWork(work_s, task_s, tasks, task_scv, day_s, weekdays)


def pooled(replications: Sequence[SlotWork]) -> Workload:
    """Return the work of all replications together, in their order.

    Raises
    ------
    ValueError
        Without any replication.
    """
    if not replications:
        raise ValueError("no replications; a workload needs at least one")
    work_s = {role: np.stack([one.work_s[role] for one in replications]) for role in ROLE_NAMES}
    task_s, task_scv = {}, {}
    for role in ROLE_NAMES:
        count = sum(one.tasks[role] for one in replications)
        mean = sum(one.tasks[role] * one.task_s[role] for one in replications) / max(1, count)
        squares = sum(
            one.tasks[role]
            * (one.task_scv[role] * one.task_s[role] ** 2 + (one.task_s[role] - mean) ** 2)
            for one in replications
        )
        task_s[role] = mean
        task_scv[role] = squares / count / mean**2 if mean else 0.0
    first = replications[0]
    day_s = {role: np.stack([one.day_s[role] for one in replications]) for role in first.day_s}
    return Workload(work_s, task_s, task_scv, day_s, first.weekdays)


def workload_of_log(path: Path, run: RunSection) -> Workload:
    """Return the work in a log on file: that of a run, or of a real house.

    Parameters
    ----------
    path
        Parquet file with the columns time_s (seconds since midnight before the start date), fact,
        subject, other and value, as a run writes it to ``events.parquet``; others are not read.
    run
        Start date and window of the log.

    Raises
    ------
    ScenarioError
        For a file that cannot be read or lacks columns, values that are missing or out of range,
        facts and roles that do not exist, a log without work, one that ends long before its window
        does, or a window of less than a week.
    """
    return pooled([work_per_slot([_chunk_of(path, run)], run)])


def _chunk_of(path: Path, run: RunSection) -> Chunk:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise _wrong(
            path, "", "no such file", "a Parquet file of events",
            "a run writes one with --events",
        )  # fmt: skip
    try:
        names = pq.read_schema(path).names
        missing = [name for name in Chunk._fields if name not in names]
        if missing:
            raise _wrong(
                path, "", f"found no column {', '.join(missing)}",
                f"expected {', '.join(Chunk._fields)}", f"the file has {', '.join(names)}",
            )  # fmt: skip
        table = pq.read_table(path, columns=list(Chunk._fields))
    except pa.ArrowInvalid as error:
        raise _wrong(path, "", "found no Parquet file", "expected one", str(error)) from error
    kinds = (pa.float64(), pa.uint8(), pa.int32(), pa.int32(), pa.float64())
    columns = []
    for name, kind in zip(Chunk._fields, kinds, strict=True):
        column = table.column(name)
        if column.null_count:
            raise _wrong(
                path, name, f"found {column.null_count} rows without a value",
                "expected one in each row", "leave such rows out",
            )  # fmt: skip
        try:
            columns.append(column.cast(kind).to_numpy())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise _wrong(
                path, name, f"found values of type {column.type}", f"expected {kind}", str(error)
            ) from error
    chunk = Chunk(*columns)
    _check(path, chunk, run)
    order = np.argsort(chunk.time_s, kind="stable")  # a real log need not be in order
    return Chunk(
        chunk.time_s[order],
        chunk.fact[order],
        chunk.subject[order],
        chunk.other[order],
        chunk.value[order],
    )


def _check(path: Path, chunk: Chunk, run: RunSection) -> None:
    worked = chunk.fact == Fact.WORKED
    for name, wanted in (
        ("time_s", np.isfinite(chunk.time_s)),
        ("value", np.isfinite(chunk.value) | ~worked),
    ):
        values = getattr(chunk, name)
        wrong = np.flatnonzero(~wanted)
        if len(wrong):
            raise _wrong(
                path, name, f"found {values[wrong[0]]} in row {wrong[0] + 1}",
                "expected a finite number", "",
            )  # fmt: skip
    unknown = np.setdiff1d(chunk.fact, np.array([int(fact) for fact in Fact], dtype=np.uint8))
    if len(unknown):
        raise _wrong(
            path, "fact", f"found {', '.join(map(str, unknown.tolist()))}",
            "expected numbers of facts that exist",
            "sim.log.facts names them; the log may be of another version",
        )  # fmt: skip
    roles, seconds = chunk.other[worked], chunk.value[worked]
    if not len(roles):
        raise _wrong(
            path, "fact", f"found no {int(Fact.WORKED)} (worked)", "expected one for each task",
            "without them nothing is known of how long work takes",
        )  # fmt: skip
    if roles.min() < 0 or roles.max() >= len(ROLE_NAMES):
        bad = next(role for role in roles.tolist() if not 0 <= role < len(ROLE_NAMES))
        raise _wrong(
            path, "other", f"found role {bad} of a worked fact",
            f"expected 0 to {len(ROLE_NAMES) - 1}", f"in this order: {', '.join(ROLE_NAMES)}",
        )  # fmt: skip
    if seconds.min() < 0.0:
        raise _wrong(
            path, "value", f"found {seconds.min():g} seconds of work", "expected at least 0", ""
        )
    end_day = run.warm_up_days + run.horizon_days
    last_day = float(chunk.time_s.max()) / DAY_S
    if last_day < end_day - _QUIET_DAYS:
        raise _wrong(
            path, "time_s", f"the log ends on day {last_day:.1f}",
            f"expected about day {end_day:g}, the end of the window",
            "set run.warm_up_days and run.horizon_days to what the log covers",
        )  # fmt: skip


def _wrong(path: Path, column: str, found: str, expected: str, hint: str) -> ScenarioError:
    return ScenarioError([Problem(str(path), 0, 0, column, found, expected, hint)])


def _wanted(chunks: Iterable[Chunk]) -> Iterable[Chunk]:
    for chunk in chunks:
        rows = np.isin(chunk.fact, _READ)
        yield Chunk(
            chunk.time_s[rows],
            chunk.fact[rows],
            chunk.subject[rows],
            chunk.other[rows],
            chunk.value[rows],
        )


def _arrivals(role: str, facts: Chunk) -> Floats:
    """Return the seconds at which the role's work arrived; empty where the log does not know."""
    if role in _FLOOR:
        # A wave would heap all its work into one quarter-hour: what counts is when it is there.
        allocated = _times(facts, Fact.ALLOCATED)
        return allocated if len(allocated) else _times(facts, Fact.RELEASED)
    if role == "returns_clerks":
        return _times(facts, Fact.RETURN_RECEIVED)
    if role != "clerks":
        return np.empty(0)
    typed = np.unique(facts.subject[facts.fact == Fact.ENTRY_STARTED])
    known = np.isin(facts.fact, np.array(_ASKED, dtype=np.uint8))
    known &= np.isin(facts.subject, typed)
    # The last of an order's PLACED and HANDED_IN counts; facts come in the order of time.
    times = dict(zip(facts.subject[known].tolist(), facts.time_s[known].tolist(), strict=True))
    return np.array([times[order] for order in typed.tolist() if order in times], dtype=np.float64)


def _times(facts: Chunk, fact: Fact) -> Floats:
    times: Floats = facts.time_s[facts.fact == fact]
    return times


def _by_slot(times_s: Floats, seconds: Floats) -> Floats:
    slots = np.floor_divide(times_s, SLOT_S).astype(np.int64) % SLOTS_A_WEEK
    return np.bincount(slots, weights=seconds, minlength=SLOTS_A_WEEK).astype(np.float64)


def _times_seen(first_s: float, last_s: float) -> Floats:
    """Return how often a window, counted from a Monday, sees each quarter-hour of the week."""
    starts: Floats = np.arange(first_s // SLOT_S, -(-last_s // SLOT_S)) * SLOT_S
    inside_s: Floats = np.minimum(starts + SLOT_S, last_s) - np.maximum(starts, first_s)
    return _by_slot(starts, inside_s / SLOT_S)
