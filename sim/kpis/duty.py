"""Who was paid when, who was on break, who was at work: spans of time of each person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.kpis.tables import Tables
from sim.log.facts import ROLE_NAMES, Fact

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Spans:
    """Spans of time, sorted by person and time; ``overtime_s`` only for paid spans, else 0.

    ``sound`` is False if begins and ends do not alternate for some person.
    """

    person: Integers
    role: Integers
    start_s: Floats
    end_s: Floats
    overtime_s: Floats
    sound: bool

    def inside_s(self, start_s: float, end_s: float) -> Floats:
        """Return the seconds of each span that lie inside a window."""
        length = np.clip(self.end_s, start_s, end_s) - np.clip(self.start_s, start_s, end_s)
        inside: Floats = np.maximum(length, 0.0)
        return inside


def _between(tables: Tables, begin: Fact, end: Fact) -> Spans:
    duty = tables.duty
    rows = np.flatnonzero(np.isin(duty["fact"], (int(begin), int(end))))
    rows = rows[np.argsort(duty["person"][rows], kind="stable")]
    person = duty["person"][rows].astype(np.int64)
    begins: Flags = duty["fact"][rows] == int(begin)
    goes_on = np.append(person[1:] == person[:-1], False)[: len(rows)]
    next_begins = np.append(begins[1:], False)[: len(rows)]
    closed = begins & goes_on & ~next_begins
    twice = begins & goes_on & next_begins
    sound = not twice.any() and np.count_nonzero(~begins) == np.count_nonzero(closed)
    at = np.flatnonzero(begins)
    last = rows[np.minimum(at + 1, len(rows) - 1)]
    end_s = np.where(closed[at], duty["time_s"][last], tables.last_s)
    overtime_s = np.where(closed[at] & (end == Fact.OFF_DUTY), duty["value"][last], 0.0)
    role = duty["role"][rows[at]].astype(np.int64)
    return Spans(person[at], role, duty["time_s"][rows[at]], end_s, overtime_s, sound)


def paid_spans(tables: Tables) -> Spans:
    """Return the paid spans; who is on duty at the log's end is paid until then."""
    return _between(tables, Fact.ON_DUTY, Fact.OFF_DUTY)


def break_spans(tables: Tables) -> Spans:
    """Return the breaks."""
    return _between(tables, Fact.BREAK_STARTED, Fact.BREAK_ENDED)


def work_spans(tables: Tables) -> Spans:
    """Return the pieces of work, with the role of the work."""
    spans = tables.spans
    order = np.argsort(spans["person"], kind="stable")
    end_s = spans["end_s"][order]
    return Spans(
        spans["person"][order].astype(np.int64),
        spans["role"][order].astype(np.int64),
        end_s - spans["length_s"][order],
        end_s,
        np.zeros(len(order)),
        sound=True,
    )


def side_spans(tables: Tables) -> Spans:
    """Return the pieces of other work at stations, which are pieces of work too."""
    rows = tables.of_stations.side_work
    role = role_of_person(tables)[rows["person"]]
    end_s = rows["end_s"].copy()
    start_s = end_s - rows["length_s"]
    person = rows["person"].astype(np.int64)
    return Spans(person, role, start_s, end_s, np.zeros(len(role)), sound=True)


def absent_spans(tables: Tables) -> Spans:
    """Return the missed shifts; one that the log's end cuts is missed until then."""
    rows = tables.absences
    start_s = rows["start_s"]
    end_s = np.minimum(start_s + rows["length_s"], tables.last_s)
    role = rows["role"].astype(np.int64)
    person = rows["person"].astype(np.int64)
    return Spans(person, role, start_s, end_s, np.zeros(len(role)), sound=True)


def role_of_person(tables: Tables) -> Integers:
    """Return the own role of each person, -1 for a number nobody has."""
    duty = tables.duty
    people = int(max(duty["person"].max(initial=-1), tables.spans["person"].max(initial=-1))) + 1
    role = np.full(people, -1, dtype=np.int64)
    role[tables.spans["person"][::-1]] = tables.spans["role"][::-1]
    role[duty["person"]] = duty["role"]
    return role


@dataclass(frozen=True)
class Hours:
    """Seconds of each role inside the window. Shape (roles,).

    Attributes
    ----------
    paid_s, break_s, overtime_s
        Of the people of the role.
    busy_s
        Work of the people of the role, whatever work it was; other work at stations is left out.
    worked_s
        Work of the role, whoever did it, other work at stations included.
    helped_s
        The part of ``worked_s`` that people of other roles did.
    absent_s
        Shifts that people of the role missed.
    side_s
        Other work of the people of the role at stations, while nothing waited there.
    """

    paid_s: Floats
    break_s: Floats
    busy_s: Floats
    overtime_s: Floats
    worked_s: Floats
    helped_s: Floats
    absent_s: Floats
    side_s: Floats


def _by_role(role: Integers, amount: Floats) -> Floats:
    known = role >= 0
    total: Floats = np.bincount(
        role[known], weights=amount[known], minlength=len(ROLE_NAMES)
    ).astype(np.float64)
    return total


def hours_of_roles(tables: Tables, start_s: float, end_s: float) -> Hours:
    """Return paid, break, busy and overtime seconds of each role, cut to a window.

    A person counts for their own role, whatever work they do.
    """
    paid, pauses = paid_spans(tables), break_spans(tables)
    roles = role_of_person(tables)
    spans = tables.spans
    work_of = spans["role"].astype(np.int64)
    person_of = roles[spans["person"]]
    busy = np.clip(spans["end_s"], start_s, end_s)
    busy -= np.clip(spans["end_s"] - spans["length_s"], start_s, end_s)
    side = side_spans(tables)
    side_s = _by_role(side.role, side.inside_s(start_s, end_s))
    over = np.clip(paid.end_s, start_s, end_s)
    over -= np.clip(np.maximum(paid.end_s - paid.overtime_s, paid.start_s), start_s, end_s)
    return Hours(
        _by_role(paid.role, paid.inside_s(start_s, end_s)),
        _by_role(pauses.role, pauses.inside_s(start_s, end_s)),
        np.maximum(_by_role(person_of, busy) - side_s, 0.0),
        _by_role(paid.role, np.maximum(over, 0.0)),
        _by_role(work_of, busy),
        _by_role(np.where(work_of == person_of, -1, work_of), busy),
        _by_role(tables.absences["role"], absent_spans(tables).inside_s(start_s, end_s)),
        side_s,
    )


def moves_s(tables: Tables) -> Floats:
    """Return when people took up work of another role than before, in order of person and time.

    Everybody begins a stretch of duty in their own role.
    """
    paid, work = paid_spans(tables), work_spans(tables)
    own = role_of_person(tables)
    if all(np.array_equal(spans.role, own[spans.person]) for spans in (paid, work)):
        return np.empty(0)
    person = np.concatenate([paid.person, work.person])
    role = np.concatenate([paid.role, work.role])
    start_s = np.concatenate([paid.start_s, work.start_s])
    at_work = np.repeat([False, True], [len(paid.person), len(work.person)])
    order = np.lexsort((at_work, start_s, person))
    before, after = order[:-1], order[1:]
    moved = at_work[after] & (person[after] == person[before]) & (role[after] != role[before])
    times_s: Floats = start_s[after[moved]]
    return times_s
