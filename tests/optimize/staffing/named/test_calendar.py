"""The calendar reads back, by a parser of its own, as the duties it was written from."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.staffing.named.calendar import calendar
from optimize.staffing.named.problem import NamedProblem, Person, Result
from optimize.staffing.named.solve import solve
from optimize.staffing.problem import Template
from optimize.staffing.tours.problem import Contract, Duty, Group
from tests.optimize.staffing.named.drawn import problem as drawn

MONDAY = datetime.date(2026, 11, 23)
FULL = Group("full", "pickers", ("pickers",), Contract("full", 0, 40), 0, 9, 1500)
Properties = dict[str, str]


class Event(NamedTuple):
    """An event's times, every one of its repetitions."""

    uid: str
    summary: str
    spans: tuple[tuple[datetime.datetime, datetime.datetime], ...]


def unfolded(text: str) -> list[str]:
    """Return content lines as RFC 5545 section 3.1 reads them."""
    assert text.endswith("\r\n")
    lines: list[str] = []
    for line in text[:-2].split("\r\n"):
        assert "\n" not in line
        assert "\r" not in line
        assert len(line.encode()) <= 75
        if line.startswith((" ", "\t")):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def unescaped(value: str) -> str:
    """Return a text value as RFC 5545 section 3.3.11 reads it."""
    read, rest = "", iter(value)
    for character in rest:
        if character == "\\":
            following = next(rest)
            assert following in "\\;,nN"
            read += "\n" if following in "nN" else following
        else:
            assert character not in ";,"
            read += character
    return read


def components(text: str) -> list[Properties]:
    """Return the properties of each event of the one calendar."""
    lines = unfolded(text)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "VERSION:2.0" in lines[1:3]
    assert any(line.startswith("PRODID:") for line in lines[1:3])
    found: list[Properties] = []
    inside = False
    for line in lines[3:-1]:
        if line == "BEGIN:VEVENT":
            assert not inside
            inside = True
            found.append({})
        elif line == "END:VEVENT":
            inside = False
        else:
            assert inside
            name, _, value = line.partition(":")
            assert name not in found[-1]
            found[-1][name] = value
    assert not inside
    return found


def moment(value: str) -> datetime.datetime:
    """Return a floating time; one with a zone does not fit."""
    return datetime.datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007  # floating


def events(text: str) -> list[Event]:
    """Return the events of a calendar."""
    read = []
    for found in components(text):
        datetime.datetime.strptime(found["DTSTAMP"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007  # UTC
        start, end = moment(found["DTSTART"]), moment(found["DTEND"])
        count = 1
        if "RRULE" in found:
            rule = dict(part.split("=") for part in found["RRULE"].split(";"))
            assert rule.pop("FREQ") == "WEEKLY"
            count = int(rule.pop("COUNT"))
            assert not rule
        weeks = [datetime.timedelta(weeks=number) for number in range(count)]
        spans = tuple((start + week, end + week) for week in weeks)
        read.append(Event(found["UID"], unescaped(found["SUMMARY"]), spans))
    return read


def expected(found: Result, weeks: int) -> list[tuple[str, datetime.datetime, datetime.datetime]]:
    """Return who works from when to when, from the duties."""
    midnight = datetime.datetime.combine(MONDAY, datetime.time())
    return sorted(
        (f"{week.name} ({week.role})", start, start + template.length * quarter)
        for quarter in [datetime.timedelta(minutes=15)]
        for week in found.weeks
        for day, template in week.duties
        for number in range(weeks)
        for start in [
            midnight + datetime.timedelta(days=day + 7 * number) + template.start * quarter
        ]
    )


@pytest.mark.parametrize("repeated", ["rule", "dates"])
@pytest.mark.parametrize("weeks", [1, 5])
def test_the_calendar_holds_each_duty_of_each_week(repeated: str, weeks: int) -> None:
    """Weekly rules and written-out dates are the same times, and those of the duties."""
    found = solve(drawn(3), rounds=1)
    assert repeated in ("rule", "dates")
    text = calendar(found, MONDAY, weeks=weeks, repeated="rule" if repeated == "rule" else "dates")
    read = events(text)
    assert sorted((e.summary, *span) for e in read for span in e.spans) == expected(found, weeks)
    assert len({event.uid for event in read}) == len(read)


def one(name: str) -> Result:
    """Return somebody with an early shift on Monday and a night on Sunday."""
    duties = (Duty("full", 1, Template(24, 32, 15, 2), 1), Duty("full", 6, Template(88, 32), 1))
    return solve(NamedProblem((FULL,), duties, (Person(name, "full"),)))


NAMES = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=100)


@settings(max_examples=40, deadline=None)
@given(NAMES)
def test_any_name_comes_back_from_folded_and_escaped_lines(name: str) -> None:
    """Names with separators, backslashes or four octets a letter read back as they are."""
    assert {event.summary for event in events(calendar(one(name), MONDAY))} == {f"{name} (pickers)"}


def test_times_are_local_and_go_over_midnight() -> None:
    """A night on Sunday ends on Monday of the next week, in no zone."""
    early, night = components(calendar(one("Ada; B, C"), MONDAY))
    assert early["DTSTART"] == "20261124T060000"
    assert early["DESCRIPTION"] == "group full\\, break 09:45 to 10:15"
    assert (night["DTSTART"], night["DTEND"]) == ("20261129T220000", "20261130T060000")


def test_the_same_week_gives_the_same_bytes_and_identifiers() -> None:
    """Nothing in it comes from the clock, and another week has other identifiers."""
    found = one("Ada")
    assert calendar(found, MONDAY) == calendar(found, MONDAY)
    later = calendar(found, MONDAY + datetime.timedelta(weeks=1))
    ours, theirs = (
        {event.uid for event in events(text)} for text in (calendar(found, MONDAY), later)
    )
    assert not ours & theirs
    again = {e.uid for e in events(calendar(found, MONDAY, weeks=2, repeated="dates"))}
    assert again == ours | theirs


def test_one_persons_calendar_is_theirs_alone() -> None:
    """By name; a name that nobody has is refused, like a Tuesday or no week at all."""
    found = solve(drawn(3), rounds=1)
    name = next(week.name for week in found.weeks if week.duties)
    read = events(calendar(found, MONDAY, name=name))
    assert read
    assert all(event.summary.startswith(f"{name} (") for event in read)
    with pytest.raises(ValueError, match="nobody is named 'Zoe'"):
        calendar(found, MONDAY, name="Zoe")
    with pytest.raises(ValueError, match="a Tuesday"):
        calendar(found, MONDAY + datetime.timedelta(days=1))
    with pytest.raises(ValueError, match="1 to 520"):
        calendar(found, MONDAY, weeks=0)
