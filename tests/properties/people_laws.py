"""What is true of people in every run, checked from the raw log against the week as it is written.

The planned hours are worked out anew from the scenario's text, minute by minute of the calendar.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

from sim.log.facts import Fact
from sim.scenario.schema import ROLES, WEEKDAYS, Scenario, clock_s
from tests.sim.engine.playing import Record

DAY_S = 86_400.0
SMALL_S = 1e-6
Span = tuple[float, float]


def check_people_laws(record: Record) -> None:
    """Check presence, absence, overtime and moves."""
    check_presence(record)
    check_moves(record)


def check_presence(record: Record) -> None:
    """Who is planned is there, or misses the shift; nobody else is; overtime keeps its bound.

    In narrow aisles a tour is only left where an aisle ends; other work at a station is finished.
    """
    people, last_s = record.setting.scenario.people, record.played.ended_s
    stops_at_once = record.setting.scenario.picking.aisles == "wide" and not any(
        each.side_work_s for each in record.setting.scenario.stations.values()
    )
    came: dict[int, float] = {}
    there: dict[int, list[Span]] = defaultdict(list)
    missed: dict[int, list[Span]] = defaultdict(list)
    for row in record.rows(Fact.ON_DUTY, Fact.OFF_DUTY, Fact.ABSENT):
        if row.fact == Fact.ABSENT:
            assert people.absence_rate > 0.0, "nobody ever misses a shift"
            missed[row.subject].append((row.time_s, row.time_s + row.value))
        elif row.fact == Fact.ON_DUTY:
            came[row.subject] = row.time_s
        else:
            there[row.subject].append((came.pop(row.subject), row.time_s - row.value))
            if people.at_shift_end == "preempt_resume" and stops_at_once:
                assert row.value <= people.overtime_max_min * 60.0 + SMALL_S, "beyond the overtime"
    for person, planned in planned_hours(record.setting.scenario, last_s).items():
        begun = [span for span in planned if span[0] <= last_s]
        assert set(missed[person]) <= set(planned), f"{person} misses what is not planned"
        expected = [span for span in begun if span not in missed[person]]
        assert joined(there[person]) == joined([(a, min(b, last_s)) for a, b in expected])


def planned_hours(scenario: Scenario, last_s: float) -> dict[int, list[Span]]:
    """Return the hours of each person's shifts, as the scenario says them."""
    start = datetime.date.fromisoformat(scenario.run.start_date)
    planned: dict[int, list[Span]] = {}
    first_person = 0
    for shift in scenario.staff.values():
        written = shift.model_dump()
        for role in ROLES:
            days = [written, *written["by_day"].values(), *written["by_date"].values()]
            most = max(day[role] or 0 for day in days)
            for place in range(most):
                planned[first_person + place] = []
            for day in range(-1, int(last_s // DAY_S) + 1):
                date = start + datetime.timedelta(days=day)
                that_day = _as_written(written, date)
                if that_day is None or date.isoformat() in scenario.people.closed_dates:
                    continue
                span = _hours(that_day, day)
                for place in range(that_day[role] if span[1] > 0.0 else 0):
                    planned[first_person + place].append(span)
            first_person += most
    return planned


def _as_written(written: dict[str, Any], date: datetime.date) -> dict[str, Any] | None:
    """Return what a shift says of a date: the date's words before the weekday's, then its own."""
    weekday, dated = WEEKDAYS[date.weekday()], written["by_date"].get(date.isoformat())
    if weekday in written["days"]:
        words = [dated, written["by_day"].get(weekday), written]
    elif dated is not None:
        words = [dated, {**written, **dict.fromkeys(ROLES, 0)}]
    else:
        return None
    known = [each for each in words if each is not None]
    return {
        key: next(each[key] for each in known if each.get(key) is not None)
        for key in ("start", "end", *ROLES)
    }


def _hours(that_day: dict[str, Any], day: int) -> Span:
    begin, end = clock_s(that_day["start"]), clock_s(that_day["end"])
    end += 0 if end > begin else int(DAY_S)
    return max(0.0, day * DAY_S + begin), day * DAY_S + end


def joined(spans: list[Span]) -> list[Span]:
    """Return spans with those that touch made one, and those of no length left out."""
    found: list[Span] = []
    for start_s, end_s in sorted(spans):
        if end_s - start_s <= SMALL_S:
            continue
        if found and start_s <= found[-1][1] + SMALL_S:
            found[-1] = (found[-1][0], max(found[-1][1], end_s))
        else:
            found.append((start_s, end_s))
    return [(round(a, 3), round(b, 3)) for a, b in found]


def check_moves(record: Record) -> None:
    """Where people are sent, a move is told each time they take up work of another role."""
    sent = record.setting.scenario.people.moving == "longest_line"
    works_as: dict[int, int] = {}
    came_s: dict[int, float] = {}
    for row in record.rows(Fact.ON_DUTY, Fact.MOVED, Fact.WORKED):
        if row.fact == Fact.MOVED:
            assert sent, "nobody is sent"
            assert row.other != works_as[row.subject], f"{row.subject} moves to where they are"
            works_as[row.subject] = row.other
        elif row.fact == Fact.WORKED:
            since_before = row.time_s - row.value < came_s[row.subject] - SMALL_S
            known = since_before or row.other == works_as[row.subject]
            assert known or not sent, f"{row.subject} moved untold"
        else:
            came_s[row.subject], works_as[row.subject] = row.time_s, row.other
