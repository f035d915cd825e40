"""Duties as a calendar that phones and office programs read: iCalendar (RFC 5545).

Times are local and bound to no zone ("floating"): 06:00 is 06:00 on the wall, also after the clocks
change. The same week gives the same bytes, so a calendar read in twice holds everything once.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from typing import Literal

from optimize.staffing.named.problem import PersonWeek, Result
from optimize.staffing.named.rows import check_monday
from optimize.staffing.problem import SLOTS_A_DAY, Template, clock

MAX_LINE_OCTETS = 75
MINUTES_A_SLOT = 15
MAX_WEEKS = 520
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar(
    result: Result,
    monday: datetime.date,
    *,
    weeks: int = 1,
    repeated: Literal["rule", "dates"] = "rule",
    name: str | None = None,
) -> str:
    """Return the duties as one VCALENDAR, lines ended by CRLF.

    Parameters
    ----------
    result
        Named weeks.
    monday
        First day of the first week.
    weeks
        How many weeks, 1 to 520.
    repeated
        "rule": an event a duty that repeats weekly. "dates": an event a duty and week.
    name
        Whose duties; None: everybody's.

    Raises
    ------
    ValueError
        If ``monday`` is another weekday, ``weeks`` out of range or nobody has the name.
    """
    check_monday(monday)
    if not 1 <= weeks <= MAX_WEEKS:
        raise ValueError(f"{weeks} weeks of a calendar; 1 to {MAX_WEEKS} are possible")
    wanted = [week for week in result.weeks if name is None or week.name == name]
    if name is not None and not wanted:
        raise ValueError(f"nobody is named {name!r}; there are {len(result.weeks)} people")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//warelab//staffing//EN"]
    events = weeks if repeated == "dates" else 1
    for week in wanted:
        for number in range(events):
            first = monday + datetime.timedelta(weeks=number)
            for day, template in week.duties:
                date = first + datetime.timedelta(days=day)
                rule = weeks if repeated == "rule" and weeks > 1 else None
                lines += _event(week, date, template, rule, monday)
    lines.append("END:VCALENDAR")
    return "".join(part + "\r\n" for line in lines for part in _folded(line))


def _event(
    week: PersonWeek,
    date: datetime.date,
    template: Template,
    weeks: int | None,
    monday: datetime.date,
) -> Iterator[str]:
    # A person starts one duty a day at most, so name and date tell the event.
    key = hashlib.sha256(f"{week.name}\n{date.isoformat()}".encode()).hexdigest()[:32]
    yield "BEGIN:VEVENT"
    yield f"UID:{key}@warelab"
    # When it was made: midnight of the first day, for the clock would make every copy another.
    yield f"DTSTAMP:{monday:%Y%m%d}T000000Z"
    yield f"DTSTART:{_moment(date, template.start)}"
    yield f"DTEND:{_moment(date, template.start + template.length)}"
    if weeks is not None:
        yield f"RRULE:FREQ=WEEKLY;COUNT={weeks}"
    yield f"SUMMARY:{f'{week.name} ({week.role})'.translate(_ESCAPED)}"
    words = [f"group {week.group}"]
    if template.break_length:
        pause = template.start + template.break_after
        back = (pause + template.break_length - 1) % SLOTS_A_DAY + 1
        words.append(f"break {clock(pause % SLOTS_A_DAY)} to {clock(back)}")
    yield f"DESCRIPTION:{', '.join(words).translate(_ESCAPED)}"
    yield "END:VEVENT"


def _moment(date: datetime.date, slot: int) -> str:
    midnight = datetime.datetime.combine(date, datetime.time())
    return f"{midnight + datetime.timedelta(minutes=slot * MINUTES_A_SLOT):%Y%m%dT%H%M%S}"


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets; each part after the first begins with a blank."""
    part, room = "", MAX_LINE_OCTETS
    for character in line:
        octets = len(character.encode())
        if octets > room:
            yield part
            part, room = " ", MAX_LINE_OCTETS - 1
        part += character
        room -= octets
    yield part
